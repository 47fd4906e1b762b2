"""What a browser finds wrong with a page: by axe-core, on its console, in what it asks for, and at its edges."""

import json

#: WCAG 2.2 at levels A and AA, and what the makers of axe-core hold for good besides.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AUDIT = """axe.run({runOnly: %s, resultTypes: ["violations"]}).then(({violations}) => violations.map(
    ({id, nodes}) => `${id}: ${nodes.length}, such as ${nodes[0].target}`))"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
#: Elements that reach over the right edge of the page, but for what scrolls within a region of its own.
BEYOND = """[...document.body.querySelectorAll("*")].filter((one) => one.getClientRects().length
    && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, pre, .skip"))
    .map((one) => one.tagName)"""


def faults(page, axe=""):
    """Everything that is wrong with an open page, everything folded laid open; an empty list when nothing is.

    Parameters
    ----------
    page : devtools.Page
    axe : str
        The text of axe-core; without it the page is not audited.
    """
    page.run(UNFOLD)
    # A picture that stands in the page itself is told as a request too.
    found = [f"asks for {address}" for address in page.requests()[1:] if not address.startswith("data:")]
    found += [f"says {text}" for text in page.complaints()]
    found += [f"opens {text}" for text in page.opened()]
    width, room = page.run("[document.documentElement.scrollWidth, innerWidth]")
    if width > room:
        found.append(f"is {width} pixels wide on a screen of {room}: {sorted(set(page.run(BEYOND)))}")
    if axe:
        page.run(f"{axe};0")
        found += page.run(AUDIT % json.dumps(TAGS))
    return found
