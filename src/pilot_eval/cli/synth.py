"""``pilot-eval synth``: the synthetic study, from its truth file and seed."""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument(
        "--truth", action="store_true", help="also compute config/truth_observed.csv anew (ten seconds)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write ``data/raw/`` and ``config/sources.csv``, and the truth as analysed when it is asked for or missing."""
    from pilot_eval import files
    from pilot_eval.synth.make import write_study
    from pilot_eval.synth.observed import FILE, observe_truth
    from pilot_eval.synth.truth import read_truth

    plan = read_truth(arguments.study)
    written = write_study(plan, plan.study.root)
    if arguments.truth or not (plan.study.root / FILE).is_file():
        files.write(plan.study.root / FILE, observe_truth(plan))
        written.append(FILE)
    print(f"{len(written)} files of synthetic data written below {plan.study.root}")
    return 0
