"""Every page of the built site, in light and dark, on a phone and a laptop, and without scripts."""

from pathlib import Path

import page_checks
import pytest

from tools import site_server

BUILT = Path(__file__).parents[2] / "_build" / "html"
# index.html only leads on. Without a site a page is named all the same, so that the fixture fails and says what to
# do: pytest skips a test whose list of parameters is empty.
PAGES = [name for name in site_server.pages(BUILT) if name != "index.html"] or ["index.html"]
PHONE, LAPTOP = 360, 1280


def report(faults: list[str], *where: str) -> None:
    """Fail with the faults, each on a line of its own after the page and the mode."""
    if faults:
        place = ", ".join(where)
        pytest.fail("\n".join(f"{place}: {fault}" for fault in dict.fromkeys(faults)), pytrace=False)


@pytest.mark.parametrize("width", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("name", PAGES)
def test_page(new_page, site, name, width):
    visit = new_page(width, reduced_motion=True)
    page = visit.open(site.url + name)
    faults = page_checks.too_heavy(visit.finished)
    faults += page_checks.unloaded(page)
    faults += page_checks.unnamed(page)
    if width == LAPTOP:
        faults += page_checks.keyboard_faults(page)
    else:
        page.set_viewport_size({"width": page_checks.NARROWEST, "height": 800})
        faults += page_checks.sideways(page)
        # on the phone every self-check is looked at unfolded, on the laptop every one folded
        faults += page_checks.unopened(page)
        faults += page_checks.sideways(page)
        page.set_viewport_size({"width": PHONE, "height": 800})
    for dark in (False, True):
        mode = "dark" if dark else "light"
        found = page_checks.wrong_ground(page, dark=dark) + page_checks.violations(page)
        faults += [f"{mode}: {fault}" for fault in found]
    if width == LAPTOP:
        faults += [f"printed from dark: {fault}" for fault in page_checks.bright_print(page)]
    report(faults + visit.faults, name, f"{width} px")


@pytest.mark.parametrize("name", PAGES)
def test_page_without_scripts(new_page, site, name):
    visit = new_page(PHONE, javascript=False)
    page = visit.open(site.url + name)
    faults = page_checks.wrong_ground(page, dark=False)
    faults += page_checks.blank(page)
    faults += page_checks.unopened(page)
    faults += page_checks.blank(page)
    report(faults + visit.faults, name, "without scripts")
