"""The report of ``mixed_simulation.py``: type-I error by df method and coverage of intervals, cell by cell.

``python benchmarks/mixed_simulation_report.py`` writes ``mixed_simulation.csv`` from the parts at hand and, from it
alone, ``mixed_simulation.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from mixed_simulation import (
    ANCHOR,
    AREAS,
    ASKED,
    CELLS,
    FORMULA,
    REFITS,
    ROOT,
    SCHOOLS_PER_AREA,
    SEED,
    TRUTH,
    Cell,
    design,
    parts,
)
from scipy.special import ndtri

SUMMARY, TABLE = (ROOT / "benchmarks" / f"mixed_simulation.{end}" for end in ("csv", "md"))
#: Number of data sets, value, Monte-Carlo error (NaN: none).
Value = tuple[int, float, float]
Found = dict[str, Value]
NOTHING: Value = (0, 0.0, np.nan)


def found(kind: str, cell: Cell) -> pd.DataFrame:
    """What is known of a cell's data sets."""
    own = [part.path for part in parts() if (part.kind, part.cell) == (kind, cell) and part.path.is_file()]
    return pd.concat([pd.read_csv(path) for path in own], ignore_index=True) if own else pd.DataFrame()


def share(values: pd.Series) -> Value:
    """Number, mean, and the mean's Monte-Carlo error."""
    values = values.astype(float)
    return len(values), values.mean(), values.std(ddof=1) / np.sqrt(len(values))


def of_cell(cell: Cell) -> Found:
    """Quantities of a cell: number of data sets, value, Monte-Carlo error."""
    out: Found = {}
    tests, profile, bootstrap, areas = (found(kind, cell) for kind in ASKED)
    if len(tests):
        out["not converged"] = (len(tests), float((~tests["converged"]).sum()), np.nan)
        tests = tests[tests["converged"]]
        out["singular"] = share(tests["singular"])
        out["slope SD zero"] = share(tests["slope_sd"] < 1e-6)
        for name in ("kr", "satterthwaite", "z"):
            rejected = tests[f"{name}_p"] < 0.05
            out[f"rejected {name}"] = share(rejected)
            out[f"rejected {name}, singular fits"] = share(rejected[tests["singular"].astype(bool)])
        for name in ("kr", "satterthwaite"):
            out[f"median df {name}"] = (len(tests), tests[f"{name}_df"].median(), np.nan)
        estimate = tests["z_se"] * ndtri(tests["z_p"] / 2.0)
        out["squared SE / variance"] = (len(tests), (tests["z_se"] ** 2).mean() / (estimate**2).mean(), np.nan)
        single = tests.dropna(subset=["single_criterion"])
        gap = (single["criterion"] - single["single_criterion"]).abs()
        flags = single["singular"].astype(bool) != single["single_singular"].astype(bool)
        out["single fits that differ"] = (len(single), float(((gap > 1e-6) | flags).sum()), np.nan)
        out["single fits: largest gap"] = (len(single), gap.max(), np.nan)
    if len(profile):
        out |= intervals("profile", profile["low"], profile["high"], cell[1])
        out["areas plug-in covered"] = share(profile["areas_inside"])
        out["areas plug-in width"] = share(profile["areas_width"])
    for kind in ("percentile", "basic", "bca") if len(bootstrap) else ():
        out |= intervals(kind, bootstrap[f"{kind}_low"], bootstrap[f"{kind}_high"], cell[1])
    if len(areas):
        out["areas bootstrap covered"] = share(areas["areas_inside"])
        out["areas bootstrap width"] = share(areas["areas_width"])
    return out | (of_anchor(tests) if cell == ANCHOR else {})


def intervals(kind: str, low: pd.Series, high: pd.Series, truth: float) -> Found:
    """Coverage, the share that begins at zero, and width of intervals of the slope SD."""
    return {
        f"{kind} covered": share((low <= truth) & (truth <= high)),
        f"{kind} from zero": share(low <= 0.0),
        f"{kind} width": share(high - low.clip(lower=0.0)),
    }


def of_anchor(tests: pd.DataFrame) -> Found:
    """R's answers beside ours, data set by data set."""
    theirs = found("anchor", ANCHOR)
    if not len(theirs) or not len(tests):
        return {}
    both = tests.merge(theirs, on="k", suffixes=("", "_r"))
    n, gap = len(both), both["criterion_r"] - both["criterion"]
    same = both[gap.abs() <= 1e-4]
    out = {
        f"R: {name}": (n, float(value), np.nan)
        for name, value in {
            "criterion higher than ours": (gap > 1e-4).sum(),
            "criterion lower than ours": (gap < -1e-4).sum(),
            "largest gap of the criterion": gap.abs().max(),
            "largest gap of the criterion, same optimum": gap[gap.abs() <= 1e-4].abs().max(),
            "singular flag differs": (both["singular"].astype(bool) != both["singular_r"].astype(bool)).sum(),
        }.items()
    }
    for name in ("kr", "satterthwaite"):
        out[f"R: rejected {name}"] = share(both[f"{name}_p_r"] < 0.05)
        out[f"R: same sets, ours {name}"] = share(both[f"{name}_p"] < 0.05)
        for what, rows in (("same optimum", same), ("all", both)):
            gap = (rows[f"{name}_p"] - rows[f"{name}_p_r"]).abs()
            out[f"R: largest gap of p, {what} {name}"] = (len(rows), gap.max(), np.nan)
    return out


def summarise() -> None:
    """Write the summary of the parts at hand."""
    rows = [
        {
            "areas": areas,
            "slope_sd": sd,
            "quantity": name,
            "sets": n,
            "value": f"{value:.6g}",
            "mc_error": f"{error:.3g}",
        }
        for areas, sd in CELLS
        for name, (n, value, error) in of_cell((areas, sd)).items()
    ]
    pd.DataFrame(rows).replace("nan", "").to_csv(SUMMARY, index=False)


def shown(cell: Found, *names: str, scale: float = 100.0) -> list[str]:
    """Values with their Monte-Carlo errors: per cent, or `scale` times the value to two digits."""
    out = []
    for name in names:
        n, value, error = cell.get(name, NOTHING)
        digits = 1 if scale == 100.0 else 2
        known = f"{scale * value:.{digits}f}" + ("" if np.isnan(error) else f" ± {scale * error:.{digits}f}")
        out.append(known if n else "")
    return out


def bound(cell: Found) -> str:
    """Whether Kenward-Roger keeps what is required of it: at most 6 %, with few singular fits at least 4 % too."""
    (n, singular, _), (_, rate, _) = cell.get("singular", NOTHING), cell.get("rejected kr", NOTHING)
    if not n:
        return ""
    least, wanted = (0.04, "4 to 6") if singular < 0.05 else (0.0, "at most 6")
    return f"{wanted}: {'kept' if least <= rate <= 0.06 else '**broken**'}"


def grid(head: list[str], cells: dict[Cell, list[str]]) -> list[str]:
    lines = [f"| areas | SD of change | {' | '.join(head)} |", "|---" * (len(head) + 2) + "|"]
    return [*lines, *(f"| {areas} | {sd:g} | {' | '.join(row)} |" for (areas, sd), row in cells.items()), ""]


def report() -> str:
    """The summary as Markdown."""
    rows = pd.read_csv(SUMMARY)
    cells: dict[Cell, Found] = {}
    for row in rows.itertuples():
        cells.setdefault((row.areas, row.slope_sd), {})[row.quantity] = (row.sets, row.value, row.mc_error)

    def sets(name: str) -> str:
        counts = [cell[name][0] for cell in cells.values() if name in cell]
        return f"{min(counts):,}" if len(set(counts)) == 1 else f"{min(counts):,} to {max(counts):,}"

    def total(name: str) -> tuple[int, float]:
        known = [cell.get(name, NOTHING) for cell in cells.values()]
        return sum(n for n, _, _ in known), sum(value for _, value, _ in known)

    fitted, lost = total("not converged")
    singles, differ = total("single fits that differ")
    gap = max(cell.get("single fits: largest gap", NOTHING)[1] for cell in cells.values())
    sizes = ", ".join(
        f"{len(design(n)):,} answers of {round(SCHOOLS_PER_AREA * n)} schools in {n} areas" for n in AREAS
    )
    text = [
        "# Small-sample behaviour of the mixed-model kernel",
        "",
        f"Model: `{FORMULA}`, REML. Simulated pilots: {sizes}. Areas have unlike numbers of schools (6 at least), "
        "schools unlike numbers of staff; three of four answer at the first wave, 74 % of these and 30 % of the others "
        "at the second. Answers are not linked to persons (linked ones need `(1 | respondent)` too, at three times the "
        "cost of a fit; the degrees of freedom of change are areas' either way). Who answers stays the same in all "
        "data sets of a number of areas.",
        "",
        f"Truth: **no overall change**; SDs of areas at the start {TRUTH['area']:g}, of schools {TRUTH['school']:g}, "
        f"of residuals {TRUTH['residual']:g}, correlation of areas' start and change {TRUTH['correlation']:g}: the "
        "order of `config/truth.yaml` for a scale of 1 to 5 (the residual holds person, occasion and items). Data set "
        f"k of a cell depends on the seed, {SEED}, the cell and k alone. What follows ± is a Monte-Carlo standard "
        "error.",
        "",
        "Made by `python benchmarks/mixed_simulation.py`, then `python benchmarks/mixed_simulation_report.py`; every "
        f"value stands in `mixed_simulation.csv`. Fits that did not converge: {lost:.0f} of {fitted:,}.",
        "",
        "## Type-I error of the test of overall change at the 5 % level",
        f"Per cent of {sets('rejected kr')} data sets a cell in which p < 0.05. Singular: per cent of fits at the "
        "boundary, any variance or the correlation; SD 0: those whose SD of change is estimated as exactly zero. "
        "SE²/Var: mean squared standard error, unadjusted, over the variance of the estimates. Since no variance is "
        "estimated below zero, small ones are estimated too large on average: that makes all three tests conservative.",
        "",
    ]
    names = ("singular", "slope SD zero", "rejected kr", "rejected satterthwaite", "rejected z")
    plain = ("squared SE / variance", "median df kr", "median df satterthwaite")
    head = ["singular", "SD 0", "Kenward–Roger", "Satterthwaite", "z", "SE²/Var", "df, KR", "Satt.", "required of KR"]
    text += grid(head, {at: [*shown(c, *names), *shown(c, *plain, scale=1.0), bound(c)] for at, c in cells.items()})
    text += [
        "The data sets are fitted in batch, from one start, with two restarts from a boundary. "
        f"{singles:,} were also fitted singly, as `lmer` does, with more restarts: {differ:.0f} of these ended "
        f"elsewhere (criterion by more than 1e-6, or another singular flag); largest gap of the criterion {gap:.1g}. "
        "df are medians.",
        "",
        "## 95 % intervals of the SD of change between areas",
        f"Per cent that hold the truth; data sets a cell: profile {sets('profile covered')}, bootstrap "
        f"{sets('bca covered')} of {REFITS} refits each. From 0: per cent of intervals that begin at exactly zero. "
        "**At a true SD of 0** an interval holds the truth only if it begins at exactly 0, so coverage there is the "
        "share of data sets in which the interval does not claim that change differs between areas.",
        "",
    ]
    head = ["profile", "from 0", "width", "percentile", "from 0", "width", "basic", "BCa", "from 0"]
    text += grid(
        head,
        {
            at: [
                *(
                    v
                    for kind in ("profile", "percentile")
                    for v in (*shown(c, f"{kind} covered", f"{kind} from zero"), *shown(c, f"{kind} width", scale=1.0))
                ),
                *shown(c, "basic covered", "bca covered", "bca from zero"),
            ]
            for at, c in cells.items()
        },
    )
    text += [
        "## 95 % intervals of areas' own changes",
        "Per cent of areas whose interval holds their own change, and mean widths. Plug-in: normal quantiles, the "
        f"variances taken as known ({sets('areas plug-in covered')} data sets a cell); bootstrap: "
        f"`area_effects(…, bootstrap={REFITS})` ({sets('areas bootstrap covered')}). The errors are between data sets. "
        "At an SD of 0 every area's own change is the overall one, 0.",
        "",
    ]
    scales = {"covered": 100.0, "width": 1.0}
    text += grid(
        ["plug-in", "width", "bootstrap", "width"],
        {
            at: [
                value
                for kind in ("plug-in", "bootstrap")
                for what, scale in scales.items()
                for value in shown(c, f"areas {kind} {what}", scale=scale)
            ]
            for at, c in cells.items()
        },
    )
    return "\n".join(text + beside_r(cells[ANCHOR]))


def beside_r(cell: Found) -> list[str]:
    """R's answers in the anchor cell."""
    title = ["## R in one cell", ""]
    if "R: rejected kr" not in cell:
        return [*title, "R was missing on this machine.", ""]

    def value(name: str) -> float:
        return cell[f"R: {name}"][1]

    n = cell["R: rejected kr"][0]
    same = cell["R: largest gap of p, same optimum kr"][0]
    lines = [
        f"{ANCHOR[0]} areas, SD of change {ANCHOR[1]:g}, the first {n:,} data sets, by lme4, lmerTest and pbkrtest "
        "(`mixed_simulation.R`) and by the kernel.",
        "",
        "| | R rejects, % | the kernel rejects, % | largest difference of p, same optimum | all fits |",
        "|---|---|---|---|---|",
    ]
    for name, label in (("kr", "Kenward–Roger"), ("satterthwaite", "Satterthwaite")):
        rates = shown(cell, f"R: rejected {name}", f"R: same sets, ours {name}")
        gaps = [f"{value(f'largest gap of p, {what} {name}'):.1g}" for what in ("same optimum", "all")]
        lines.append(f"| {label} | {' | '.join([*rates, *gaps])} |")
    return [
        *title,
        *lines,
        "",
        f"Same optimum: the criteria agree within 1e-4, singular fits included ({same:,} of {n:,} data sets; R's "
        f"criterion is up to {value('largest gap of the criterion, same optimum'):.0e} higher). R's criterion is "
        f"higher by more than that in {value('criterion higher than ours'):.0f} data sets, by up to "
        f"{value('largest gap of the criterion'):.1f}, and lower in {value('criterion lower than ours'):.0f}: lme4's "
        "default ended at a worse optimum, and its tests are of that. The singular flag differs in "
        f"{value('singular flag differs'):.0f}.",
        "",
    ]


if __name__ == "__main__":
    summarise()
    TABLE.write_text(report(), encoding="utf-8")
