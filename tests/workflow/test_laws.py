"""The laws of the house (architecture), each a short test."""

import ast
import csv
import importlib
import inspect
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rulebook import ROOT, SECTIONS, SOURCE, modules, rules

from pilot_eval.step import STAGES
from pilot_eval.study import load_study

RULES = rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
DISK = {"step.py", "files.py", "key.py", "sources.py"}
DISK_FOLDERS = {"cli", "runs", "study", "synth", "readers", "mixed"}


def test_every_stage_has_rules_in_its_own_file():
    assert [stage for stage in STAGES if stage not in {rule.stage for rule in RULES}] == []
    assert len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_law_1_one_name(rule):
    module = importlib.import_module(f"pilot_eval.{rule.stage}.{rule.name}")
    function = getattr(module, rule.name)
    keywords = {*rule.names("input"), *rule.names("params")} - {"code"}
    assert set(inspect.signature(function).parameters) == keywords
    assert (ROOT / "tests" / rule.stage / f"test_{rule.name}.py").is_file()
    assert f'"logs/{rule.name}' in rule.sections["log"]
    for path in re.findall(r'"((?:data/processed|results)/[^"]+)"', rule.sections["output"]):
        assert path.startswith((f"data/processed/{rule.stage}/{rule.name}/", "results/"))


@each_rule
def test_law_1_names_are_verb_and_object(rule):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", rule.name)


def test_law_2_study_needs_no_pandas():
    for module in (SOURCE / "study").glob("*.py"):
        assert "pandas" not in {name.split(".")[0] for name in _imports(module)}, module.name


def test_law_2_stages_do_not_import_one_another():
    for module in modules():
        stage = module.relative_to(SOURCE).parts[0]
        if stage in STAGES:
            others = {name.split(".")[1] for name in _imports(module) if name.startswith("pilot_eval.")}
            assert not (others & set(STAGES)) - {stage}, module


def test_law_3_only_the_edges_touch_the_disk():
    for module in modules():
        place = module.relative_to(SOURCE)
        if place.name in DISK or place.parts[0] in DISK_FOLDERS:
            continue
        text = module.read_text("utf-8")
        for call in ("open(", "read_parquet(", "to_parquet(", ".write_text(", ".read_text(", ".write_bytes("):
            if place.parts[0] == "register" and place.name.startswith("read_"):
                continue
            found = [line for line in text.splitlines() if re.search(rf"(?<![\w]){re.escape(call)}", line)]
            found = [line for line in found if "BytesIO" not in line and "zipfile" not in line.lower()]
            assert not found, f"{place}: {found}"


@each_rule
def test_law_4_tables_between_stages_have_contracts(rule):
    contracts = importlib.import_module(f"pilot_eval.{rule.stage}.contracts").CONTRACTS
    outputs = rule.sections["output"]
    for name, path in re.findall(r'(\w+)=(?:expand\(\s*)?"([^"]+)"', outputs):
        if path.endswith(".parquet"):
            assert f"{rule.name}.{name}" in contracts, f"{rule.name}.{name} has no contract"


@each_rule
def test_law_8_code_is_an_input(rule):
    assert f'code=code("{rule.stage}.{rule.name}")' in rule.sections["input"]


@each_rule
def test_law_8_no_param_has_a_name_that_snakemake_uses(rule):
    assert not {"items", "keys", "count", "get", "copy", "index"} & {*rule.names("params"), *rule.names("input")}


def test_law_9_no_options_of_snakemake_that_hide_files():
    for file in [ROOT / "Snakefile", *(ROOT / "rules").glob("*.smk")]:
        text = file.read_text("utf-8")
        for word in ("run:", "checkpoint ", "temp(", "protected(", "directory(", "shell:"):
            assert not re.search(rf"^\s*{re.escape(word)}|[=\s]{re.escape(word)}", text, re.MULTILINE), (file, word)


def test_law_9_rule_files_import_no_pandas():
    for file in [ROOT / "Snakefile", *(ROOT / "rules").glob("*.smk")]:
        assert "pandas" not in file.read_text("utf-8")
    assert len((ROOT / "Snakefile").read_text("utf-8").splitlines()) <= 60


@each_rule
def test_law_12_every_rule_says_what_it_needs(rule):
    assert [section for section in SECTIONS if section not in rule.sections] == []
    assert f'"{rule.name}: ' in rule.sections["message"]
    assert "mem_mb" in rule.sections["resources"] and "runtime" in rule.sections["resources"]
    assert '"step.py"' in rule.sections["script"]


def test_law_13_modules_are_small():
    long = {str(module): len(module.read_text("utf-8").splitlines()) for module in modules()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_law_13_no_catch_all_modules():
    assert not {module.stem for module in modules()} & {"utils", "helpers", "misc", "common"}


def test_law_13_stages_say_what_comes_in_and_goes_out():
    for stage in STAGES:
        doc = importlib.import_module(f"pilot_eval.{stage}").__doc__ or ""
        assert "In:" in doc and "Out:" in doc, stage


def test_nothing_of_the_study_stands_in_the_source():
    study = load_study(ROOT)
    own = {area.name for area in study.config.areas} | {area.code for area in study.config.areas}
    own |= {item.item for items in study.codebooks.values() for item in items if item.use == "answer"}
    own |= set(study.outcomes) | set(study.scales) | set(study.waves)
    words = re.compile(r"\b(" + "|".join(map(re.escape, sorted(own))) + r")\b")
    for module in sorted([*modules(), *SOURCE.rglob("*.jinja")]):
        if "synth" in module.relative_to(SOURCE).parts[:1]:
            continue
        found = {hit for text in _literals(module) for hit in words.findall(text)}
        assert not found - ORDINARY, f"{module}: {sorted(found - ORDINARY)}"


#: Words of the study that are plain English or terms of the field as well.
ORDINARY = {"baseline", "followup"}


def test_planted_links_of_the_claims_file_are_complete():
    with (ROOT / "config" / "claims.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows and all(row["quantity"] and row["value"] for row in rows)


def _literals(module: Path) -> list[str]:
    """String constants of a module that are no docstrings; the whole text of a template."""
    text = module.read_text("utf-8")
    if module.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


def _imports(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names
