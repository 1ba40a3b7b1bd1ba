"""With a contrast theme of the reader's system, which replaces all colours, what carries meaning is still seen."""

import pytest

LESSON = "notebooks/05-cross-entropy.html"
WIDTHS = [320, 360, 1280]  # a laptop at 400 %, a phone, a laptop
ICONS = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const icons = [...document.querySelectorAll(".bd-header-article [class*='fa-']")];
    const seen = (icon) => getComputedStyle(icon, "::before").backgroundColor !== ground;
    return icons.filter((icon) => icon.checkVisibility()).map((icon) => [icon.className, seen(icon)]);
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["white", "black"])
@pytest.mark.parametrize("width", WIDTHS)
def test_icons_above_the_title(new_page, site, width, dark):
    page = new_page(width, dark=dark).page
    page.emulate_media(forced_colors="active")
    page.goto(site.url + LESSON)
    icons = page.evaluate(ICONS)
    assert len(icons) >= 6, "the bar is not empty"
    assert [name for name, seen in icons if not seen] == []


@pytest.mark.parametrize("dark", [False, True], ids=["white", "black"])
def test_figure(new_page, site, dark):
    """Whatever colours the reader chose on the page, a figure has those of the system."""
    page = new_page(dark=dark).page
    page.add_init_script(f"localStorage.setItem('mode', '{'light' if dark else 'dark'}')")
    page.emulate_media(forced_colors="active")
    page.goto(site.url + LESSON)
    figure = page.locator("loss-lab").first
    figure.scroll_into_view_if_needed()
    ink = figure.locator("svg text").first.evaluate("(text) => getComputedStyle(text).fill")
    assert ink == page.evaluate("getComputedStyle(document.querySelector('main p')).color")


def test_page_that_is_open_in_the_list(new_page, site):
    page = new_page().page
    page.emulate_media(forced_colors="active")
    page.goto(site.url + LESSON)
    line = "(link) => getComputedStyle(link).borderLeftWidth"
    links = page.locator("nav.bd-links li > a")
    assert [links.nth(at).evaluate(line) for at in range(links.count())].count("4px") == 1


def test_words_that_the_search_found(new_page, site):
    page = new_page().page
    page.emulate_media(forced_colors="active")
    page.goto(site.url + "search.html?q=softmax")
    mark = page.locator("#search-results mark").first
    ground = "getComputedStyle(document.body).backgroundColor"
    assert mark.evaluate("(mark) => getComputedStyle(mark).backgroundColor") != page.evaluate(ground)
