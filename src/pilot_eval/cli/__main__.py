"""``python -m pilot_eval.cli`` is ``pilot-eval``."""

import sys

from pilot_eval.cli import main

sys.exit(main())
