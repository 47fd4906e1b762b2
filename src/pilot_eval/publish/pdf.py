"""The goal ``pdf``: report and summary as tagged PDF (PDF/UA-1), for archives and for printers.

WeasyPrint makes it, which needs the library Pango of the operating system: an extra, for which no other goal asks.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pilot_eval.faults import Fault, StudyFaults

#: The typeface of our figures for all: which others a machine has would change the pages.
FACE = """
@font-face {{ font-family: Ours; font-weight: normal; src: url({folder}/DejaVuSans.ttf); }}
@font-face {{ font-family: Ours; font-weight: bold; src: url({folder}/DejaVuSans-Bold.ttf); }}
@font-face {{ font-family: OursFixed; src: url({folder}/DejaVuSansMono.ttf); }}
body, text, tspan {{ font-family: Ours !important; }}
code, pre {{ font-family: OursFixed !important; }}
"""
#: What this printer lacks: a page that is a row of boxes. Folded parts stand open in it.
PAPER = """
summary { list-style: none; }
.summary figure { display: block !important; }
.summary figure svg { max-height: 125mm !important; }
"""


def pdf(report: str, summary: str, checked: Mapping[str, Any]) -> dict[str, bytes]:
    """Print both pages.

    Parameters
    ----------
    report, summary : str
        Finished pages.
    checked : mapping
        Checksum of what the leak scan says: the pages are printed when it has found nothing in them.

    Returns
    -------
    dict
        ``report`` and ``summary``: documents whose bytes hang on the page and on the version of WeasyPrint alone.

    Raises
    ------
    StudyFaults
        PUB-09 when WeasyPrint or what it needs is not there.
    """
    try:
        import weasyprint
    except (ImportError, OSError):
        saw = "WeasyPrint cannot be loaded: the package or the system's library Pango is missing"
        action = "Install the extra (pip install 'pilot_eval[pdf]') and Pango; the pages print from any browser, too"
        raise StudyFaults([Fault("PUB-09", "STOP", "results/report", saw, "both of them", action)]) from None
    home = Path(str((found := importlib.util.find_spec("matplotlib")) and found.origin)).parent
    face = FACE.format(folder=(home / "mpl-data" / "fonts" / "ttf").as_uri())
    return {"report": _printed(weasyprint, report, face), "summary": _printed(weasyprint, summary, face)}


def _printed(weasyprint: Any, page: str, face: str) -> bytes:
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    styles = [weasyprint.CSS(string=face + PAPER, font_config=fonts)]
    # Links to files beside the page would be paths of this machine.
    document = weasyprint.HTML(string=page, base_url=None)
    return bytes(
        document.write_pdf(
            pdf_variant="pdf/ua-1", stylesheets=styles, font_config=fonts,
            pdf_identifier=hashlib.sha256(page.encode()).hexdigest()[:32].encode(),
        )
    )  # fmt: skip
