"""Every page of the built site, in light and dark, on a phone and a laptop, and without scripts."""

import page_checks
import pytest

from course.paths import SITE
from website import serve

# index.html only redirects. Without a site one page is named all the same, so that the fixture fails and says what to
# do: pytest skips a test whose list of parameters is empty.
PAGES = [name for name in serve.pages(SITE) if name != "index.html"] or ["index.html"]


def report(faults: list[str], *where: str) -> None:
    """Fail with the faults, each on a line of its own after the page and the mode."""
    if faults:
        place = ", ".join(where)
        pytest.fail("\n".join(f"{place}: {fault}" for fault in faults), pytrace=False)


@pytest.mark.parametrize("width", [page_checks.PHONE, page_checks.LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("name", PAGES)
def test_page(new_page, site, name, width):
    visit = new_page(width, reduced_motion=True)
    report(page_checks.look(visit, site.url + name, width), name, f"{width} px")


@pytest.mark.parametrize("name", PAGES)
def test_page_without_scripts(new_page, site, name):
    visit = new_page(page_checks.PHONE, javascript=False)
    report(page_checks.look_without_scripts(visit, site.url + name), name, "without scripts")
