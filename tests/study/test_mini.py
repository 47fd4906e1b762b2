import importlib.util
from pathlib import Path

MINI = Path(__file__).resolve().parents[1] / "mini"


def test_the_mini_study_is_what_its_script_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make_mini", MINI / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    make.make(tmp_path)
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*.csv")}
    assert len(made) == 7
    assert made == {name: (MINI / name).read_bytes() for name in made}
