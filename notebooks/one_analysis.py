# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Modelling one outcome, step by step
#
# How the change of one outcome is modelled, tested and checked with `pilot_eval.mixed`. The data are simulated here, so
# that the truth is known and no answer of a person is shown: 22 areas, 120 schools, two waves, two roles. The true
# change is 0.30 points for leads and 0.40 for other staff; between areas it has a standard deviation of 0.25.

# %%
import warnings

import numpy as np
import pandas as pd

from pilot_eval.mixed import SingularFitWarning, clmm, compare, glmer, lmer

pd.set_option("display.max_rows", None, "display.max_columns", None, "display.width", 160)

rng = np.random.default_rng(20151)
school = np.repeat(np.arange(120), rng.integers(2, 8, 120))
person = np.arange(len(school))
area = (school * 22) // 120
role = np.where(rng.random(len(school)) < 0.4, "staff", "lead")
level, slope = rng.normal(size=22) * 0.35, rng.normal(size=22) * 0.25
habit = 0.3 * rng.normal(size=120)[school] + 0.5 * rng.normal(size=len(person))
waves = []
for wave in (0, 1):
    mean = 3.0 - 0.2 * (role == "staff") + wave * (0.30 + 0.10 * (role == "staff") + slope[area])
    score = mean + level[area] + habit + 0.6 * rng.normal(size=len(person))
    waves.append(
        pd.DataFrame({"wave": wave, "area": area, "school": school, "person": person, "role": role, "y": score})
    )
data = pd.concat(waves, ignore_index=True)
data["area"], data["school"] = [data[name].map(f"{name[0].upper()}{{:03d}}".format) for name in ("area", "school")]
answered = rng.random(len(data)) < np.where(data["wave"] == 1, 0.7, 0.9)
data.loc[~answered, "y"] = np.nan
data.groupby(["wave", "role"])["y"].agg(["count", "mean"]).round(2)

# %% [markdown]
# ## The model
#
# Areas have a level and a change of their own, schools and persons a level. A row without an answer is left out and
# counted. All respondents are used, also those who answered once.

# %%
fit = lmer("y ~ wave * role + (1 + wave | area) + (1 | school) + (1 | person)", data)
print(fit.summary())

# %% [markdown]
# ## What it says of change
#
# Marginal means by role and wave, and the change of each role. With 22 areas the degrees of freedom matter: they are
# Kenward-Roger's; beside them what a z-test would claim.

# %%
means = fit.emmeans(["role", "wave"], at={"wave": [0, 1]})
means.round(3)

# %%
change = means.contrasts("revpairwise", within="role", adjust="holm")
change.round(3)

# %%
rows = {df: fit.tests(df).loc["wave", ["se", "df", "p", "low", "high"]] for df in ("kenward-roger", "normal")}
pd.DataFrame(rows).T.astype(float).round(4)

# %% [markdown]
# ## Does change differ between areas?
#
# The null hypothesis, a variance of zero, lies at the boundary of what is possible: the reference is half chi-square
# with one and half with two degrees of freedom. The standard deviation of change has a profile interval.

# %%
alike = lmer("y ~ wave * role + (1 | area) + (1 | school) + (1 | person)", data)
print(compare(alike, fit))
fit.profile_ci(group="area", term="wave").round(3)

# %% [markdown]
# Each area's own change for leads, shrunken towards the mean, with an interval from the parametric bootstrap (it knows
# that the variances are estimated), beside what was simulated:

# %%
own = fit.area_effects("wave", bootstrap=200, seed=1)
own["true"] = 0.30 + slope[[int(label[1:]) for label in own.index]]
inside = ((own["low"] < own["true"]) & (own["true"] < own["high"])).sum()
print(f"{inside} of {len(own)} intervals hold the truth")
own.round(2)

# %%
print("Prediction for an area that was not seen:")
fit.area_effects("wave", new=True).round(2)

# %% [markdown]
# ## Can it be trusted?
#
# Gradient and Hessian at the optimum; how much one area alone moves the estimate; the same model by statsmodels.

# %%
judged = fit.diagnostics()
print(f"largest scaled gradient below 1e-5: {judged.scaled_gradient < 1e-5}; condition of X: {judged.condition:.1f}")
left = fit.influence("area")
moved = (left["wave"] - fit.fixef["wave"]).abs().sort_values(ascending=False)
print(f"without {moved.index[0]} the change of leads moves by {moved.iloc[0]:.3f}, the most of all areas")
second = fit.agreement()
print(f"statsmodels: {second.verdict}")
print(pd.concat([fit.icc().round(3)]).to_string())

# %% [markdown]
# ## Other kinds of answers
#
# A yes or no, as a binomial model; a single item with five ordered answers, as a cumulative-link model: the same
# formulas and the same questions, on the scale of log odds.

# %%
complete = data.dropna(subset=["y"])
complete = complete.assign(
    agrees=(complete["y"] > 3.2).astype(float), item=np.digitize(complete["y"], [2.2, 2.8, 3.4, 4])
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", SingularFitWarning)
    yes = glmer("agrees ~ wave * role + (1 + wave | area) + (1 | school)", complete, "binomial")
    item = clmm("item ~ wave * role + (1 + wave | area) + (1 | school)", complete)
table = {"agrees": yes.tests().loc["wave"], "item": item.tests().loc["wave"]}
pd.DataFrame(table).T[["estimate", "se", "p", "low", "high"]].astype(float).round(3)

# %% [markdown]
# Are the residuals those of the model? Simulated residuals of the schools' sums, as in R's DHARMa:

# %%
yes.simulated_residuals(n=250, seed=1).by_group(complete["school"]).tests().round(3)
