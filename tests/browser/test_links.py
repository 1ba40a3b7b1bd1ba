"""A link into a page shows its place: every section of every page, on phones and a laptop."""

import pytest
from playwright.sync_api import Page

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
# Where a place is after the fonts have come and the browser has been idle twice, in which heights are measured. A
# heading that cannot be at the top, because the page ends, has to be in the window.
PLACE = """async (id) => {
    await document.fonts.ready;
    for (let time = 0; time < 2; time++) {
        await new Promise((idle) => requestIdleCallback(idle));
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }
    const top = document.getElementById(id).getBoundingClientRect().top;
    const ends = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    return { top: Math.round(top), right: top >= 0 && top <= (ends ? innerHeight - 20 : 140) };
}"""
ALL = "[...document.querySelectorAll('.bd-article section[id] section[id]')].map((section) => section.id)"


def wrong(page: Page, ids: list[str]) -> list[str]:
    """Change the address to each section, and return those that are not shown then."""
    found = page.evaluate(
        f"""async (ids) => {{
            const place = {PLACE};
            const found = [];
            for (const id of ids) {{
                location.hash = id;
                found.push([id, await place(id)]);
            }}
            return found;
        }}""",
        ids,
    )
    return [f"#{anchor} is at {place['top']}" for anchor, place in found if not place["right"]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_sections_of_a_page(new_page, site, name, width):
    """The first change of the address comes before the heights are known."""
    visit = new_page(width)
    visit.page.goto(site.url + name)
    ids = visit.page.evaluate(ALL)
    assert wrong(visit.page, ids[::-1]) == []
    assert wrong(visit.page, ids) == []


@pytest.mark.parametrize(("width", "name", "anchor"), WORST)
def test_link_that_is_opened_again_and_again(new_page, site, width, name, anchor):
    places = []
    for _ in range(TRIES):
        page = new_page(width, 915 if width == 412 else 740).page
        page.goto(f"{site.url}{name}#{anchor}")
        places.append(page.evaluate(PLACE, anchor))
    assert [place["top"] for place in places if not place["right"]] == []
