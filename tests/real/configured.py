"""Configuration of a real study, made from a few lines: the data stay where they are, and nothing of them is kept."""

import csv
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ROOT.parent / "shared" / "data" / "studies"
SOURCES = ("source", "kind", "instrument", "wave", "path", "format", "sha256", "bytes", "rows")
CODEBOOK = ("item", "label", "type", "use", "name", "labels", "low", "high")


def configure(study, name, waves, roles, areas, items, outcomes, models, scales=None, asked=None):
    """Write the configuration of a study of one file, copy the file beside it, and check it.

    Parameters
    ----------
    study : Path
        The folder.
    name : str
        The file, ``NAME.csv``, which holds all waves one below the other.
    waves : dict of str to (str, float)
        Label and months of each wave.
    roles : dict of str to str
    areas : sequence of str
    items : sequence of tuple
        Lines of the codebook: item, type, use, delivered column, labels, low, high (those at the end may be left out).
    outcomes : dict of str to str
        Outcome: its item, or its scale where it has that name.
    models : dict of str to (str, sequence of str)
        Formula, and the outcomes it is for.
    scales : dict of str to (sequence of str, int, float, float), optional
        Items, least number answered, least and greatest score; the study has at least one.
    asked : sequence of str, optional
        Waves at which the file was filled in; all.
    """
    raw, config = study / "data" / "raw", study / "config"
    (config / "codebook").mkdir(parents=True)
    raw.mkdir(parents=True)
    shutil.copy(STUDIES / f"{name}.csv", raw / f"{name}.csv")
    os.chmod(raw / f"{name}.csv", 0o644)
    content = (raw / f"{name}.csv").read_bytes()
    scales = scales or {"score": ([next(iter(outcomes.values()))], 1, 0, 1000)}
    form = {"id": "form", "label": "Form"} | ({"role": next(iter(roles))} if len(roles) == 1 else {})
    _yaml(config / "study.yaml", {
        "title": name, "short_title": name, "geography": "one country", "period": "its years",
        "organisation": "The tests of pilot_eval", "synthetic": False, "seed": 1,
        "waves": [{"id": wave, "label": label, "months": months} for wave, (label, months) in waves.items()],
        "roles": [{"id": role, "label": label} for role, label in roles.items()],
        "instruments": [form | ({"waves": list(asked)} if asked else {})],
        "areas": [{"code": area, "name": area} for area in areas],
        "secret": {"name": "REAL_KEY", "file": "config/secret.key"}, "linkage": {"keys": ["person"]},
        "disclosure": {"min_respondents": 10, "min_organisations": 1, "because": "No organisations."},
    })  # fmt: skip
    _yaml(config / "scales.yaml", {"scales": {
        scale: {"label": scale, "items": list(own), "minimum": least, "low": low, "high": high}
        for scale, (own, least, low, high) in scales.items()
    }})  # fmt: skip
    _yaml(config / "models.yaml", {
        "outcomes": {
            outcome: {"label": outcome, "scale" if of in scales else "item": of, "unit": "points", "because": "Asked."}
            for outcome, of in outcomes.items()
        },
        "models": {
            model: {"label": model, "formula": formula, "outcomes": list(own), "because": "As published."}
            for model, (formula, own) in models.items()
        },
        "challenges": {"leave_areas_out": []},
    })  # fmt: skip
    wave = asked[0] if asked and len(asked) == 1 else ""
    line = ("file", "survey", "form", wave, f"data/raw/{name}.csv", "csv", hashlib.sha256(content).hexdigest(),
            len(content), content.count(b"\n") - 1)  # fmt: skip
    _csv(config / "sources.csv", SOURCES, [line])
    lines = [(item, item, kind, use, *rest) for item, kind, use, *rest in items]
    _csv(config / "codebook" / "form.csv", CODEBOOK, [line + ("",) * (len(CODEBOOK) - len(line)) for line in lines])


def run(study, *targets):
    """Run the workflow as far as the targets, below ``data/processed``."""
    sys.path.insert(0, str(ROOT / "tests" / "workflow"))
    from flow import snakemake

    done = snakemake(study, *(f"data/processed/{target}" for target in targets), env={"REAL_KEY": "for tests only"})
    assert done.returncode == 0, done.stderr
    return study


def expected(name):
    """R's results."""
    return json.loads((STUDIES / f"{name}.json").read_text("utf-8"))


def _yaml(path, value):
    """JSON is YAML."""
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _csv(path, header, lines):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
