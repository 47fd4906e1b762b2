"""Needed by all: the study, the code behind each output, and the study's own values for wildcards."""

import os
import re
import shlex
import sys
from pathlib import Path

from pilot_eval import warm
from pilot_eval.faults import StudyFaults, report
from pilot_eval.sources import files_of
from pilot_eval.study import load_study
from pilot_eval.study.rights import writable

# One BLAS thread per job: the sums of several threads come in no fixed order.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

HOME = Path(workflow.basedir)
# Snakemake starts the interpreter of `script:` unquoted: an environment in a path with a space would break every job.
PYTHON = sys.executable
sys.executable = shlex.quote(PYTHON)
# It imports the libraries while this process works out what is to be done.
FORKED = warm.start(PYTHON) if workflow.is_main_process and not workflow.output_settings.dryrun else sys.executable

try:
    study = load_study(Path(config.get("study", "config/study.yaml")).resolve())
    writable(study.root)
except StudyFaults as error:
    sys.exit("\n".join(report(error.faults)))


workdir: study.root


wildcard_constraints:
    source="|".join(source.source for source in study.sources),
    instrument="|".join(instrument.id for instrument in study.config.instruments),
    wave="|".join(study.waves),
    outcome="|".join(study.outcomes),
    model="|".join(study.plan.models),
    area="|".join(study.areas),
    question="|".join(study.plan.questions) or "none",


# Our source files that the module of a rule needs, by that module's path.
NEEDED = {}


def code(name):
    """The module of a rule, relative to the working directory; when it or what it imports changes, the rule runs again.

    What it imports counts by its checksum, a param (`code_sha256`): as inputs, two hundred files a rule would cost
    every run seconds.
    """
    modules = (f"pilot_eval.{name}", "pilot_eval.step", f"pilot_eval.{name.split('.')[0]}.contracts")
    own = os.path.relpath(HOME / "src" / f"{modules[0].replace('.', '/')}.py", study.root)
    NEEDED[own] = sorted({os.path.relpath(file, study.root) for module in modules for file in files_of(module)})
    return own


# Goals that need what a machine may lack: nobody gets them who has not asked.
ON_REQUEST = {"pdf"}


def everything():
    """All outputs: a missing intermediate under a finished page would count as nothing to be done."""
    wanted = []
    for step in workflow.rules:
        if step.name not in ON_REQUEST:
            for path in step.output:
                wanted += expand_over_study(step, path)
    return sorted(set(wanted))


def asked_before():
    """Outputs made on request that are there: they are kept as new as the pages beside them."""
    found = [str(path) for step in workflow.rules if step.name in ON_REQUEST for path in step.output]
    return [path for path in found if (study.root / path).exists()]


def expand_over_study(step, path):
    """All files that an output pattern stands for in this study."""
    # Snakemake writes the constraint into the pattern: "{source,a|b}".
    path = re.sub(r"\{(\w+),[^{}]*\}", r"{\1}", str(path))
    names = set(re.findall(r"\{(\w+)\}", path))
    if names == {"model", "outcome"}:
        return [path.format(model=model, outcome=outcome) for model, outcome in study.fits]
    values = {
        "source": [source.source for source in study.surveys],
        "outcome": CHALLENGED.get(step.name, []),
        "question": ANSWERED.get(step.name, []),
    }
    if not names:
        return [path]
    (name,) = names
    return [path.format(**{name: value}) for value in values[name]]
