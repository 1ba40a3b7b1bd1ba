"""What must hold of a page in a browser: each function returns the faults it found, one line each.

The tests of the site use them on its pages, and test_seeded_faults.py on pages with a fault put in on purpose.
"""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from website.budget import PAGE_BYTES, PAGE_REQUESTS

# WCAG 2.2, levels A and AA, and what axe's authors advise beyond it
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
PHONE, LAPTOP = 360, 1280  # CSS pixels
NARROWEST = 320  # CSS pixels: WCAG 1.4.10, a laptop's window at 400 %
MOST_STOPS = 500  # of Tab; no page has half as many

AXE = Axe().axe_script
IN_PAGE = (Path(__file__).parent / "page_checks.js").read_text(encoding="utf-8")


def call(page: Page, function: str, argument: Any = None) -> Any:
    """Call a function of page_checks.js in a page."""
    if not page.evaluate("'pageChecks' in window"):
        page.evaluate(IN_PAGE)
    return page.evaluate("([name, argument]) => pageChecks[name](argument)", [function, argument])


def lasting(page: Page, function: str, argument: Any = None) -> list[str]:
    """Call a function of page_checks.js until it finds no fault; return the faults that stay for ten seconds."""
    # by the page's own clock, not by time.sleep, during which Playwright would hear nothing from the page
    for _ in range(200):
        if not (faults := call(page, function, argument)):
            return []
        page.wait_for_timeout(50)
    return faults


def violations(page: Page, within: str = "html", only: list[str] | None = None) -> list[str]:
    """Run axe over the part of a page that a selector names: RULES except COLOURS, or the rules in `only`.

    A lesson has thousands of coloured words in code and of signs in formulas, which take axe half a minute.
    The same colours have the same contrast everywhere. So of words that look the same only the first keeps its
    element, the others become plain text. Of formulas that look the same only the first keeps its visible half, which
    is hidden from screen readers; the other half, MathML, becomes plain text if earlier ones had all of its elements
    and attributes. Drawings with role=img, into which axe does not look, lose their content, other drawings their
    lines. Check pictures and widths before you call this.
    """
    call(page, "thinOut")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    by_tag = {
        "runOnly": RULES,
        # target-size is in 2.2 AA, and off unless asked for
        "rules": {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in COLOURS},
    }
    options = {
        "resultTypes": ["violations"],
        "preload": False,  # would fetch style sheets again, for a rule that is not among these
        **({"runOnly": {"type": "rule", "values": only}} if only else by_tag),
    }
    found = page.evaluate(
        "async ([within, options]) => (await axe.run({ include: [[within]] }, options)).violations",
        [within, options],
    )
    return [
        f"axe {rule['id']} ({rule['impact']}): {node['target'][0]}: {' '.join(node['failureSummary'].split())}"
        for rule in found
        for node in rule["nodes"]
    ]


def faint(page: Page) -> list[str]:
    """Run those of axe's rules that compare colours, over one text block of each look: they take most of axe's time.

    The other blocks are emptied, and so is the half of formulas that only screen readers get, so look at everything
    else before you call this.
    """
    call(page, "thinBlocks")
    return violations(page, only=COLOURS)


def sideways(page: Page) -> list[str]:
    """Check that a page does not scroll sideways in its window, and that nothing is cut off at the right edge."""
    return call(page, "sideways")


def unloaded(page: Page) -> list[str]:
    """Check that every image has loaded, those further down included, and that every custom element works."""
    return call(page, "unloaded")


def wrong_ground(page: Page, *, dark: bool) -> list[str]:
    """Switch to dark or light, as the reader's system does, and check that the page gets those colours."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    # a page learns of the change by an event, which a busy machine may deliver late
    return lasting(page, "wrongGround", dark)


def unreached(page: Page) -> list[str]:
    """Check that every box that scrolls sideways gets a tab stop.

    What is far from the window is measured when the browser is idle. So call this before what needs the tab stops,
    and after each change of the window's width.
    """
    return lasting(page, "unreached")


def bright_print(page: Page) -> list[str]:
    """Check that a printer would get dark ink on white, whatever colours the screen has."""
    page.emulate_media(media="print")
    return call(page, "brightPrint")


def blank(page: Page) -> list[str]:
    """Check that a page without scripts shows its text, formulas and outputs, and a fallback for every figure."""
    return call(page, "blank")


def unopened(page: Page) -> list[str]:
    """Open every `<details>` by keyboard and return those that stayed closed."""
    for summary in page.query_selector_all("details:not([open]) > summary"):
        if summary.is_visible():
            summary.focus()
            page.keyboard.press("Enter")
    return call(page, "closed")


def too_heavy(requests: list[Request]) -> list[str]:
    """Check what a page transfers: bytes of headers and packed bodies as they went over the network, and requests."""
    sizes: list[tuple[int, str]] = []
    for asked in requests:
        if asked.url.startswith("http"):
            part = asked.sizes()
            sizes.append(
                (part["responseHeadersSize"] + part["responseBodySize"], asked.url.rpartition("/")[2])
            )
    faults = []
    if (total := sum(size for size, _ in sizes)) > PAGE_BYTES:
        most = ", ".join(f"{name} {size:,}" for size, name in sorted(sizes, reverse=True)[:3])
        faults.append(f"transfers {total:,} bytes, allowed are {PAGE_BYTES:,}; most of it: {most}")
    if len(sizes) > PAGE_REQUESTS:
        faults.append(f"makes {len(sizes)} requests, allowed are {PAGE_REQUESTS}")
    return faults


def keyboard_faults(page: Page) -> list[str]:
    """Press Tab from the top until the focus leaves the page: no trap, everything reached, the focus always visible."""
    call(page, "begin")
    for pressed in range(1, MOST_STOPS + 1):
        page.keyboard.press("Tab")
        if pressed % 10 == 0 and call(page, "left"):
            return call(page, "end")
    return [*call(page, "end"), f"after {MOST_STOPS} presses of Tab the focus has not left the page"]


def look(visit: Any, url: str, width: int) -> list[str]:
    """Open an address in a window of this width, do all of the above that needs scripts, and return every fault."""
    page = visit.open(url)
    faults = unloaded(page) + too_heavy(visit.finished) + unreached(page)
    if width == LAPTOP:
        faults += keyboard_faults(page)
    else:
        page.set_viewport_size({"width": NARROWEST, "height": 800})
        faults += sideways(page)
        # on the phone every self-check is looked at unfolded, on the laptop every one folded
        faults += unopened(page)
        faults += sideways(page)
        page.set_viewport_size({"width": width, "height": 800})
        faults += unreached(page)
    # colours alone differ between light and dark, so axe's other rules are asked once
    for dark, find in ((False, violations), (False, faint), (True, faint)):
        found = wrong_ground(page, dark=dark) + find(page)
        faults += [f"{'dark' if dark else 'light'}: {fault}" for fault in found]
    if width == LAPTOP:
        faults += [f"printed from dark: {fault}" for fault in bright_print(page)]
    return list(dict.fromkeys(faults + visit.faults))


def look_without_scripts(visit: Any, url: str) -> list[str]:
    """Open an address where no script runs, folded and unfolded, and return every fault."""
    page = visit.open(url)
    faults = wrong_ground(page, dark=False) + blank(page) + unopened(page) + blank(page)
    return list(dict.fromkeys(faults + visit.faults))
