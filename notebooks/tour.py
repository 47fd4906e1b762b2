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
# # A tour of the analysis table and of one model
#
# This notebook reads what is published in `results/` and, of the analysis table, the names of its columns only: no
# answer of a person. It runs on any study. Open it in Jupyter from the study's folder, change it, run it again.

# %%
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import yaml
from IPython.display import Image

ROOT = next(place for place in [Path.cwd(), *Path.cwd().parents] if (place / "config" / "study.yaml").is_file())
pd.set_option("display.max_rows", None, "display.max_colwidth", None)


def table(name):
    """A published table: one row a number, all text."""
    return pd.read_csv(ROOT / "results" / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)


def shown(cells):
    """The number as published, or the sign of why there is none."""
    return cells["value"].where(cells["value"] != "", "[" + cells["status"] + "]")


def wide(cells, by):
    """A row for each label, a column for each measure."""
    cells = cells.assign(shown=shown(cells))
    order = {label: list(dict.fromkeys(cells[label])) for label in (*by, "measure_label")}
    found = cells.pivot(index=by, columns="measure_label", values="shown").fillna("[x]")
    found = found.reindex(columns=order["measure_label"]).rename_axis(columns=None)
    found = found.sort_index(key=lambda index: index.map(order[index.name].index), kind="stable")
    return found.rename_axis(index=lambda name: name.removesuffix("_label"))


# %% [markdown]
# ## The analysis table
#
# It has one row for each respondent and wave. Respondents who answered once are in it too. How many there are:

# %%
flow = table("flow")
people = flow[flow["group"].str.match(r"respondents\.\w+\.(responded|followed)$")]
people.assign(number=shown(people)).set_index(["wave_label", "group_label"])[["number"]].rename_axis(["wave", "who"])

# %% [markdown]
# Its columns: those that every study has, then what was asked and the scores made of it.

# %%
schema = pq.read_schema(ROOT / "data" / "processed" / "score" / "score_scales" / "analysis.parquet")
books = [
    pd.read_csv(book, dtype=str, keep_default_na=False) for book in sorted((ROOT / "config" / "codebook").glob("*.csv"))
]
asked = {item: label for book in reversed(books) for item, label in zip(book["item"], book["label"], strict=True)}
scales = yaml.safe_load((ROOT / "config" / "scales.yaml").read_text("utf-8"))["scales"]
scores = {name: f"score: {scale['label']}" for name, scale in scales.items()}
words = {"int64": "whole number", "double": "number", "bool": "yes or no"}
pd.DataFrame(
    {
        "what it is": [scores.get(field.name) or asked.get(field.name, "key or characteristic") for field in schema],
        "type": [words.get(str(field.type), "text") for field in schema],
    },
    index=pd.Index(schema.names, name="column"),
)

# %% [markdown]
# How well the questions of each scale hang together (Cronbach's alpha, all roles):

# %%
alpha = table("reliability")
alpha = alpha[alpha["measure"].isin(["alpha", "n"]) & alpha["group"].isin(["", "all"])]
wide(alpha, ["outcome_label", "wave_label"])

# %% [markdown]
# ## One model
#
# The first outcome whose change is estimated by area, by the model that the plan gives it:

# %%
models = pd.read_csv(ROOT / "results" / "qa" / "models.csv", dtype=str, keep_default_na=False)
change = table("change_overall")
areas = table("change_by_area")
by_area = set(areas.loc[(areas["measure"] == "estimate") & (areas["value"] != ""), "outcome"])
estimates = change.loc[change["measure"] == "estimate", ["outcome", "outcome_label", "unit"]]
estimates = estimates.assign(first=~estimates["outcome"].isin(by_area)).sort_values("first", kind="stable")
outcome, label, unit, _ = estimates.iloc[0]
print(label)
print(models.loc[models["outcome"] == outcome, "formula"].iloc[0])

# %%
terms = table("model_terms")
wide(terms[terms["outcome"] == outcome], ["group"])

# %% [markdown]
# The change that this model estimates, overall; roles are weighted by their shares:

# %%
wide(change[(change["outcome"] == outcome) & (change["wave"] == "")], ["outcome_label"])

# %% [markdown]
# ## A figure of one's own
#
# Areas beside the whole. What is confidential has no number and is left out.

# %%
import io  # noqa: E402

from matplotlib.figure import Figure  # noqa: E402

areas = areas[(areas["outcome"] == outcome) & (areas["value"] != "")]
areas = areas.assign(number=areas["value"].astype(float)).pivot(index="area", columns="measure", values="number")
areas = areas.reindex(columns=["estimate", "low", "high"]).dropna().sort_values("estimate", kind="stable")

figure = Figure(figsize=(6.5, 1 + 0.25 * len(areas)), layout="constrained")
axes = figure.subplots()
axes.hlines(areas.index, areas["low"], areas["high"], color="#12436D", lw=1.8)
axes.plot(areas["estimate"], areas.index, "o", color="#12436D")
axes.axvline(0, color="#0B0C0C", lw=1)
axes.annotate(
    "No change", (0, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points", ha="center"
)
axes.set_xlabel(f"Change in {unit}")
axes.spines[["top", "right", "left"]].set_visible(False)
picture = io.BytesIO()
figure.savefig(picture, format="png", dpi=144, metadata={"Software": None})
Image(picture.getvalue(), width=640, alt=f"{label}: change in each area with its interval, smallest below.")
