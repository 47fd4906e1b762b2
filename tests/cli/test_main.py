import os
import subprocess
import sys
from pathlib import Path

import pytest

from pilot_eval import cli
from pilot_eval.faults import Fault, StudyFaults

MINI = Path(__file__).resolve().parents[1] / "mini"
RUN = [sys.executable, "-m", "pilot_eval.cli"]


@pytest.fixture
def command(monkeypatch):
    """Let ``pilot-eval check`` do something else."""
    from pilot_eval.cli import check

    return lambda function: monkeypatch.setattr(check, "run", function)


def test_help_lists_every_command_in_no_time():
    before = os.times()
    done = subprocess.run([*RUN, "--help"], capture_output=True, text=True)
    after = os.times()
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in cli.COMMANDS)
    # Time of the processor, not of the clock: the machine may be busy with other tests.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.2


def test_help_imports_no_command_and_nothing_heavy():
    code = (
        "import sys\nfrom pilot_eval.cli import main\nmain(['--help'])\n"
        "heavy = {'pandas', 'numpy', 'pydantic', 'yaml', 'snakemake'} & set(sys.modules)\n"
        "print(heavy, [name for name in sys.modules if name.startswith('pilot_eval.cli.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set() []"


def test_every_command_has_help_of_its_own_and_the_study(capsys):
    package = Path(cli.__file__).parent
    for name in cli.COMMANDS:
        if (package / f"{name.replace('-', '_')}.py").is_file():
            assert cli.main([name, "--help"]) == 0
            assert ("--study PATH" in capsys.readouterr().out) == (name != "new")


def test_no_command_is_a_wrong_command_line(capsys):
    assert cli.main([]) == 2
    assert capsys.readouterr().err.startswith("usage:")


def test_a_misspelt_command_names_the_nearest(capsys):
    assert cli.main(["chekc"]) == 2
    assert capsys.readouterr().err == 'pilot-eval: there is no command "chekc": did you mean "check"?\n'


def test_a_wrong_option_is_a_wrong_command_line(capsys):
    assert cli.main(["check", "--stduy", "x"]) == 2


def test_faults_are_lines_on_standard_error(command, capsys):
    def run(arguments):
        raise StudyFaults([Fault("CFG-12", "STOP", "config/study.yaml", "saw 1"), Fault("X-1", "WARN", "f", "é")])

    command(run)
    assert cli.main(["check"]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert err.startswith("[CFG-12] STOP config/study.yaml: saw 1.")


def test_an_unforeseen_error_is_one_line_or_with_debugging_a_traceback(command, capsys, monkeypatch):
    def run(arguments):
        raise ValueError("one\ntwo")

    command(run)
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err.startswith("[RUN-20] STOP pilot-eval check: ValueError: one (PILOT_EVAL_DEBUG=1")
    monkeypatch.setenv("PILOT_EVAL_DEBUG", "1")
    with pytest.raises(ValueError, match="one"):
        cli.main(["check"])


def test_ctrl_c_is_no_traceback(command, capsys):
    def run(arguments):
        raise KeyboardInterrupt

    command(run)
    assert cli.main(["check"]) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_a_reader_who_has_enough_is_no_traceback():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*RUN, "check", "--study", str(MINI)], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_without_accents_gets_them_escaped():
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*RUN, "check", "--study", "/nowhere/é"], capture_output=True, text=True, env=env)
    assert done.returncode == 1
    assert r"/nowhere/\xe9" in done.stderr


INTERRUPT = """\
import sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
"""


@pytest.mark.fault("RUN-01b")
@pytest.mark.parametrize(
    "name", ["pilot_eval.faults", "importlib", "pilot_eval.cli.inspect", "pilot_eval.readers.read"]
)
def test_an_interrupt_while_it_starts_is_one_line(name, tmp_path):
    code = INTERRUPT.format(name=name) + (
        f"sys.modules.pop({name!r}, None)\nfrom pilot_eval.cli import main\nsys.exit(main(['inspect', 'x.csv']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (cli.INTERRUPTED, "", "stopped\n")


@pytest.mark.fault("RUN-01b")
def test_an_interrupt_while_snakemake_starts_is_one_line(tmp_path):
    for name in ("pilot_eval.step", "snakemake_interface_logger_plugins.base"):
        code = INTERRUPT.format(name=name) + "import snakemake_logger_plugin_pilot"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
        assert done.stderr == "stopped\n"
    done = subprocess.run([sys.executable, "-c", "import snakemake_logger_plugin_pilot; 1 / 0"], capture_output=True,
                          text=True, cwd=tmp_path)  # fmt: skip
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
