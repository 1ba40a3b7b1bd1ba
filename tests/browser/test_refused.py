"""What still works where a browser refuses something, or a script does not arrive: everything that does not need it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from website.ext.words import words

WORDS = words("en")["page"]
LESSON = "notebooks/05-cross-entropy.html"  # it has code, formulas, figures and sections
PHONE = 360
FEATURES = ("copy buttons", "colours", "figures", "menus", "search")

# what runs before any script of the page, and makes the browser one that has less
REFUSALS = {
    "cookies blocked": """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } })""",
    "no storage": """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { value: null })""",
    "storage full": """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }""",
    "no clipboard": """Object.defineProperty(navigator, "clipboard", { value: undefined })""",
    "no IntersectionObserver": "delete window.IntersectionObserver",
    "no ResizeObserver": "delete window.ResizeObserver",
    "no requestIdleCallback": "delete window.requestIdleCallback",
    "no fetch": "delete window.fetch",
}
# the scripts of the lesson, and what may be lost with each
SCRIPTS = {
    "clipboard.min.js": {"copy buttons"},
    "copybutton.js": {"copy buttons"},
    "copy-formulas.js": set(),
    "menus.js": set(),
    "progress.js": set(),
    "shortcut.js": set(),
    "measure.js": set(),
    "loss-lab.js": {"figures"},
    "loss-lab-cross-entropy.js": {"figures"},
    "loss-lab-gradient.js": set(),
    "loss-lab-overflow.js": set(),
    "pydata-sphinx-theme.js": {"colours", "menus"},
}


def works(page: Page | Frame, feature: str) -> None:
    """Use a feature of the lesson as a reader on a phone does; the search leaves the page."""
    if feature == "copy buttons":
        button = page.locator("main .copybtn").locator("visible=true").first
        button.press("Enter")
        expect(button).to_have_attribute("data-tooltip", "Copied!")
    elif feature == "colours":
        button = page.get_by_role("button", name=WORDS["colour_mode"])
        modes = set()
        for _ in range(3):
            button.press("Enter")
            modes.add(page.evaluate("document.documentElement.dataset.mode"))
        assert modes == {"light", "dark", "auto"}
    elif feature == "figures":
        figure = page.locator("loss-lab").first
        figure.scroll_into_view_if_needed()
        expect(figure.locator("input").first).to_be_visible()
        expect(figure.locator("[role=img]")).to_be_visible()
    elif feature == "menus":
        opener = page.locator("main").get_by_role("button", name=WORDS["menu"])
        opener.press("Enter")
        expect(
            page.locator("dialog[open]").get_by_role("link", name="Softmax regression in Keras")
        ).to_be_visible()
        page.locator("dialog[open]").press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    else:
        page.get_by_role("button", name=WORDS["search"]).press("Enter")
        field = page.get_by_role("searchbox").locator("visible=true").first
        field.fill("from_logits")
        field.press("Enter")
        expect(page.locator("#search-results a[href]").first).to_be_visible()


@pytest.mark.parametrize("refused", REFUSALS)
def test_what_a_browser_refuses(new_page, site, refused):
    visit = new_page(PHONE)
    visit.page.add_init_script(REFUSALS[refused])
    page = visit.open(site.url + LESSON)
    for feature in FEATURES:
        works(page, feature)
    assert visit.faults == []


def test_sandboxed_frame(new_page, site):
    """A learning system shows a lesson in a frame that may run scripts and store nothing."""
    visit = new_page()
    source = f'src="{site.url}{LESSON}" width="360" height="700"'
    visit.page.set_content(f'<iframe sandbox="allow-scripts" {source}></iframe>')
    frame = visit.page.locator("iframe").element_handle().content_frame()
    frame.wait_for_load_state()
    assert frame.evaluate("document.documentElement.dataset.theme") == "light", "as the system has it"
    for feature in FEATURES:
        works(frame, feature)
    assert visit.faults == []


@pytest.mark.parametrize("missing", SCRIPTS)
def test_script_that_does_not_arrive(new_page, site, missing):
    visit = new_page(PHONE)
    visit.page.route(lambda url: urlsplit(url).path.endswith(f"/{missing}"), lambda route: route.abort())
    page = visit.open(site.url + LESSON)
    for feature in FEATURES:
        if feature not in SCRIPTS[missing]:
            works(page, feature)
    assert visit.page_errors == [], "the script is missed by those who use it, and by nothing else"
    assert any(missing in request for request in visit.failed_requests)


def test_scripts_are_all_of_the_lesson(new_page, site):
    page = new_page().open(site.url + LESSON)
    found = page.eval_on_selector_all("script[src]", "all => all.map((one) => new URL(one.src).pathname)")
    assert {path.rpartition("/")[2] for path in found} == set(SCRIPTS)


@pytest.mark.parametrize("missing", ["search.js", "search-data.js", "search-data-lessons.js"])
def test_search_page_says_that_its_script_did_not_arrive(new_page, site, missing):
    visit = new_page(PHONE)
    visit.page.route(lambda url: urlsplit(url).path.endswith(f"/{missing}"), lambda route: route.abort())
    page = visit.open(site.url + "search.html?q=softmax")
    expect(page.get_by_role("status")).to_have_text(WORDS["search_broken"])
    assert visit.page_errors == []
