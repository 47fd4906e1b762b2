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
# # A tour of the data and their quality
#
# This notebook reads what is published in `results/` and, of the analysis table, the names of its columns only: no
# answer of a person. It runs on any study. Open it in Jupyter from the study's folder, change it, run it again.

# %%
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import yaml

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
# ## What was delivered, and what was not used
#
# Each delivered file of answers, with its rows; no row is lost: it is used, or rejected for a reason.


# %%
def quality(name):
    """A table of the quality pages; what is confidential is [c]."""
    found = pd.read_csv(ROOT / "results" / "qa" / f"{name}.csv", dtype=str, keep_default_na=False)
    if "status" in found:
        empty = found["status"] != ""
        for column in [name for name in found if name != "status" and (found.loc[empty, name] == "").all()]:
            found[column] = found[column].where(~empty, "[" + found["status"] + "]")
        found = found.drop(columns="status")
    return found


log = quality("data_log")
log = log[log["kind"] == "survey"].assign(file=log["file"].map(lambda path: Path(path).name))
log.set_index("file")[["rows", "rows_read"]].rename(columns={"rows": "rows delivered", "rows_read": "rows read"})

# %%
rejects = quality("rejects")
rejects["file"] = rejects["file"].map(lambda path: Path(path).name)
rejects["reason"] = rejects["reason"].str.replace("_", " ")
rejects.set_index("file")[["reason", "count"]].rename(columns={"count": "rows rejected"})

# %% [markdown]
# ## Who was found again
#
# How many of the respondents of a wave were found at the other waves, by role. Those who were not stay in the analysis.

# %%
names = {"n": "respondents", "n_matched": "found at another wave", "share_matched": "share"}
quality("match_rates").set_index(["wave", "role"]).rename(columns=names)

# %% [markdown]
# ## What the run checked of itself
#
# All of it stands on the quality pages (`results/qa/index.html`), with what is behind each line.

# %%
pd.read_json(ROOT / "results" / "qa" / "checks.json", dtype=str).set_index("check")
