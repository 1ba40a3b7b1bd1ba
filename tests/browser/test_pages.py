"""Every page of the built site, in light and dark, on a phone and a laptop."""

from pathlib import Path

import page_checks
import pytest

from tools import site_server

BUILT = Path(__file__).parents[2] / "_build" / "html"
# index.html only leads on; without a site the one page makes the fixture say what to do, where an empty list is a skip
PAGES = [name for name in site_server.pages(BUILT) if name != "index.html"] or ["index.html"]
MODES = [(width, dark) for width in (360, 1280) for dark in (False, True)]


def report(faults: list[str], *where: object) -> None:
    """Fail with the faults, one a line, after the page and the mode."""
    if faults:
        place = ", ".join(map(str, where))
        pytest.fail("\n".join(f"{place}: {fault}" for fault in faults), pytrace=False)


@pytest.mark.parametrize(
    ("width", "dark"), MODES, ids=lambda value: {True: "dark", False: "light"}.get(value)
)
@pytest.mark.parametrize("name", PAGES)
def test_page(new_page, site, name, width, dark):
    visit = new_page(width, dark=dark, reduced_motion=True)
    page = visit.open(site.url + name)
    faults = page_checks.too_heavy(visit.finished)
    faults += page_checks.wrong_ground(page, dark=dark)
    faults += page_checks.unloaded(page)
    faults += page_checks.unnamed(page)
    if width == 360:
        page.set_viewport_size({"width": page_checks.NARROWEST, "height": 800})
        faults += page_checks.sideways(page)
        page.set_viewport_size({"width": width, "height": 800})
    faults += page_checks.violations(page)
    report(faults + visit.faults, name, f"{width} px", "dark" if dark else "light")
