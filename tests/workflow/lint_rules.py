"""Snakemake's own lint, less its demand for a conda environment per rule (the environment is locked as a whole).

``python tests/workflow/lint_rules.py`` ends with 1 when anything else is found.
"""

import subprocess
import sys

ALLOWED = "Specify a conda environment or container for each rule."


def main() -> int:
    """Run the lint, print what is left of it, and give the exit status."""
    run = subprocess.run([sys.executable, "-m", "snakemake", "--lint"], capture_output=True, text=True)
    text = run.stdout + run.stderr
    found = [line for line in text.splitlines() if line.startswith("    * ") and ALLOWED not in line]
    if found or "Lints for rule" not in text:
        sys.stdout.write(text)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
