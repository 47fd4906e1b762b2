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
# # A figure of one's own
#
# How to draw from the published tables what the report does not show, in the look of its figures: here the average of
# one outcome in each area, from wave to wave, beside all areas together. It runs on any study. Open it in Jupyter from
# the study's folder, change it, run it again.
#
# ## 1. Read what is published
#
# Each table in `results/tables/` has one row a number. `value` is the number as published; it is empty where disclosure
# control hid it, and `status` then says so (`c`). What is hidden is not drawn, and cannot be found out from here.

# %%
from pathlib import Path

import pandas as pd

ROOT = next(place for place in [Path.cwd(), *Path.cwd().parents] if (place / "config" / "study.yaml").is_file())
pd.set_option("display.max_rows", None, "display.max_colwidth", None)


def table(name):
    """A published table: one row a number, all text."""
    return pd.read_csv(ROOT / "results" / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)


means = table("means_by_area")
whole = table("means")
whole = whole[(whole["group"] == "all") & (whole["measure"] == "mean") & (whole["value"] != "")]
hidden = (means["status"] == "c").sum()
print(f"{len(means)} averages of areas, of which {hidden} are confidential")

# %% [markdown]
# ## 2. Choose
#
# The outcome of which most areas are shown at most waves. To choose for yourself, write its name:
# `outcome = "..."`.

# %%
shown = means[means["value"] != ""]
count = shown.groupby(["outcome", "outcome_label"], sort=False).size().rename("averages shown")
outcome = count.idxmax()[0] if len(count) else ""
count.reset_index().set_index("outcome").rename(columns={"outcome_label": "outcome's label"})

# %% [markdown]
# ## 3. Bring the numbers into the shape of the figure
#
# A row for each area, a column for each wave, in their order. An area needs two waves to be a line.

# %%
own = shown[shown["outcome"] == outcome].assign(number=lambda cells: cells["value"].astype(float))
waves = dict(zip(own["wave"], own["wave_label"], strict=True))
areas = own.pivot(index="area", columns="wave", values="number").reindex(columns=list(waves))
areas = areas[areas.notna().sum(axis=1) > 1]
every = whole[whole["outcome"] == outcome].set_index("wave").reindex(list(waves)).dropna()
areas.rename(columns=waves).rename_axis(columns=None)

# %% [markdown]
# ## 4. Draw
#
# `style` has the house's palette, type and sizes. Keep its habits: grey for what stands behind, one strong colour for
# what the figure is about; labels beside the lines instead of a legend; difference never by colour alone; no text below
# 12 points or turned; and an `alt` text that says in words what there is to see, made from the numbers that are drawn.

# %%
from IPython.display import Image  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from pilot_eval.publish.figures import style  # noqa: E402

label, unit = own[["outcome_label", "unit"]].iloc[0] if len(own) else ("No outcome", "")
order = list(waves)
with style.styled("own_figure"):
    figure = Figure(figsize=(style.WIDTH, 4), layout="constrained")
    axes = figure.subplots()
    for _, line in areas.iterrows():
        axes.plot(range(len(order)), line, "-o", color=style.MUTED, lw=1.2, ms=4)
    places = [order.index(wave) for wave in every.index]
    axes.plot(places, every["value"].astype(float), "-D", color=style.HIGHLIGHT, lw=3, ms=8)
    for place, number, text in zip(places[-1:], every["value"][-1:], every["shown"][-1:], strict=True):
        look = {"color": style.HIGHLIGHT, "weight": "bold", "va": "center"}
        look |= {"xytext": (10, 0), "textcoords": "offset points"}
        axes.annotate(f"All: {text}", (place, float(number)), **look)
    axes.set_xticks(range(len(order)), [waves[wave] for wave in order])
    axes.margins(x=0.2)
    axes.set_title("\n".join(style.wrap(f"Average of {label}, {unit}", style.WIDTH)), loc="left")
    picture = style.png(figure, label, synthetic=bool((own["data"] == "synthetic").any()))

alt = f"Line chart: average of {label} at each wave."
alt += f" A grey line for each of {len(areas)} areas; all together in blue."
if len(every) > 1:
    rose = int((areas.iloc[:, -1] > areas.iloc[:, 0]).sum())
    alt += f" All together went from {every['shown'].iloc[0]} to {every['shown'].iloc[-1]};"
    alt += f" the averages of {rose} areas were higher at the end."
Image(picture, width=640, alt=alt)

# %% [markdown]
# ## 5. Say what it does not show
#
# These are averages of those who answered at each wave, not of the same persons, and without intervals: whether an
# area's line differs from the others cannot be told from it. The report's figure of change by area has the intervals.
# Nothing here says why an average changed.
#
# To keep the figure, write `picture` to a file of yours; to publish it, make it one of the report's own
# (`docs/publish.md`, *Figures*), so that it is checked and drawn anew in each run.
