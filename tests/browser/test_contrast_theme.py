"""With a contrast theme of the reader's system, which replaces all colours, what carries meaning is still seen."""

import pytest

from course.paths import SITE
from website import serve

LESSON = "notebooks/05-cross-entropy.html"
PAGES = [name for name in serve.pages(SITE) if name != "index.html"] or ["index.html"]
WIDTHS = [320, 360, 1280]  # a laptop at 400 %, a phone, a laptop
ICONS = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const icons = [...document.querySelectorAll(".bd-header-article [class*='fa-']")];
    const seen = (icon) => getComputedStyle(icon, "::before").backgroundColor !== ground;
    return icons.filter((icon) => icon.checkVisibility()).map((icon) => [icon.className, seen(icon)]);
}"""

# the contrast of each line in the figures with the page, and the line's own colour; those of the grid may be faint
LINES = """() => {
    const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (colour) => {
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        const parts = [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
        const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const [red, green, blue] = parts.map(linear);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = luminance(getComputedStyle(document.body).backgroundColor);
    const lines = [...document.querySelectorAll("svg.figure [style*='var(--fig-']")]
        .filter((line) => /stroke: var[(]--fig-[1-6]/.test(line.getAttribute("style")))
        .map((line) => getComputedStyle(line).stroke);
    return [...new Set(lines)].map((colour) => {
        const both = [luminance(colour), ground];
        return [colour, (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)];
    });
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["white", "black"])
@pytest.mark.parametrize("width", WIDTHS)
def test_icons_above_the_title(new_page, site, width, dark):
    page = new_page(width, dark=dark).page
    page.emulate_media(forced_colors="active")
    page.goto(site.url + LESSON)
    icons = page.evaluate(ICONS)
    assert len(icons) >= (6 if width > 350 else 5), (
        "the bar is not empty"
    )  # the narrowest has no room for Edit
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


@pytest.mark.parametrize("dark", [False, True], ids=["white", "black"])
@pytest.mark.parametrize("name", ["book/benchmark.html", "notebooks/05-cross-entropy.html"])
def test_lines_of_a_figure(new_page, site, name, dark):
    """The opposite was chosen on the page."""
    page = new_page(dark=dark).page
    page.add_init_script(f"localStorage.setItem('mode', '{'light' if dark else 'dark'}')")
    page.emulate_media(forced_colors="active")
    page.goto(site.url + name)
    lines = page.evaluate(LINES)
    assert len(lines) >= 2
    assert [line for line in lines if line[1] < 4.5] == []


@pytest.mark.parametrize("name", PAGES)
def test_bar_above_the_title_is_never_empty(new_page, site, name):
    page = new_page(WIDTHS[0]).page
    page.goto(site.url + name)
    shown = (
        "all => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 20).length"
    )
    assert page.locator(".bd-header-article .btn").evaluate_all(shown) >= 2


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
