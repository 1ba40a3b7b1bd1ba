"""A link into a page shows its place: every section of every page, on phones and a laptop."""

import page_checks
import pytest

from course.paths import SITE
from website import serve

PAGES = [name for name in serve.pages(SITE) if name != "index.html"] or ["index.html"]
WIDTHS = [360, 412, 1280]
# where a section above the target is long: these landed up to 6,690 pixels off, not at every try
WORST = [
    (412, "notebooks/08-keras-softmax-regression.html", "traps"),
    (360, "notebooks/08-keras-softmax-regression.html", "traps"),
    (412, "notebooks/04-softmax.html", "softmax-is-not-a-maximum"),
    (412, "notebooks/06-compute-cost-tf1.html", "tf1-to-tf2-each-row-executed"),
    (360, "notebooks/06-compute-cost-tf1.html", "tf1-to-tf2-each-row-executed"),
    (360, "notebooks/01-sigmoid.html", "what-floating-point-makes-of-it"),
]
TRIES = 5


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_sections_of_a_page(new_page, site, name, width):
    """The first change of the address comes before the heights are known."""
    visit = new_page(width)
    visit.page.goto(site.url + name)
    for backwards in (True, False):
        assert page_checks.call(visit.page, "misplaced", backwards) == []


@pytest.mark.parametrize(("width", "name", "anchor"), WORST)
def test_link_that_is_opened_again_and_again(new_page, site, width, name, anchor):
    places = []
    for _ in range(TRIES):
        page = new_page(width, 915 if width == 412 else 740).page
        page.goto(f"{site.url}{name}#{anchor}")
        places += page_checks.call(page, "place", anchor)
    assert places == []
