"""One list of checks in Chromium, Firefox and WebKit: what browsers may do differently on the pages of the site."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engines
import pytest
import test_figures
from test_links import PAGES
from waiting import until

from course.paths import SITE
from website import serve
from website.ext.words import words

WORDS = words("en")["page"]
LESSON = "notebooks/05-cross-entropy.html"
FORMULAS = "notebooks/04-softmax.html"
PHONE, LAPTOP = 390, 1280
SENTENCE = "For a vector $z$ of $K$ logits, shape $(K,)$, softmax is a vector $p$ of the same shape:"

LINKS = [
    ("notebooks/08-keras-softmax-regression.html", "traps"),  # below long sections
    ("notebooks/calls-side-by-side.html", "sources"),
]
TRIES = 3
BUTTON = "[...document.querySelectorAll('{where}')].find((one) => one.checkVisibility())"
MENU, SEARCH, CONTENTS, COLOURS = (
    BUTTON.format(where=where)
    for where in (
        "main .primary-toggle",
        ".search-button__button",
        ".secondary-toggle",
        ".theme-switch-button",
    )
)
FIELD = BUTTON.format(where="input[type=search]")
ENTRY = "document.querySelector('dialog[open] a[href$=\"08-keras-softmax-regression.html\"]')"
OPENED = "() => document.querySelector('dialog[open]')?.contains(document.activeElement)"
CLOSED = "() => !document.querySelector('dialog[open]')"
RESULTS = "() => [...document.querySelectorAll('#search-results a[href]')].map((link) => link.href)"
INSIDE = "(rectangle) => rectangle.top >= 0 && rectangle.bottom <= innerHeight"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serve.Site]:
    """The built site, each page with a script that notes every error."""
    if not (SITE / "index.html").is_file():
        pytest.fail("there is no site to look at: run make book", pytrace=False)
    copy = tmp_path_factory.mktemp("recorded") / "html"
    shutil.copytree(SITE, copy)
    for name in serve.pages(copy):
        page = (copy / name).read_text(encoding="utf-8")
        head, found, rest = page.partition("<head>")
        assert found, f"{name} has no <head>"
        (copy / name).write_text(head + found + engines.RECORDER + rest, encoding="utf-8")
    with serve.serving(copy) as served:
        yield served


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(
    request: pytest.FixtureRequest,
    program: Path,
    recorded: serve.Site,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[engines.Engine]:
    folder = tmp_path_factory.mktemp(request.param)
    try:
        with engines.started(request.param, program, folder, recorded.url + "_static/course.css") as started:
            yield started
    except engines.EngineError as error:
        pytest.skip(f"NOT TESTED IN {request.param.upper()}: {error}")


Show = Callable[..., engines.Window]


@pytest.fixture
def show(engine: engines.Engine, recorded: serve.Site) -> Show:
    """Return a function that opens a page in an empty window: `show("search.html", LAPTOP, "dark")`."""

    def opened(page: str, width: int = PHONE, mode: str = "light") -> engines.Window:
        window = engine.window(width, mode)
        window.go(recorded.url + page)
        return window

    return opened


def focus(window: engines.Window, found: str) -> None:
    window.run(f"() => {found}.focus()")


# test_pages.py and test_links.py look at the pages in Chromium
@pytest.mark.parametrize("engine", ["firefox", "webkit"], indirect=True)
@pytest.mark.parametrize("name", PAGES)
def test_page(show: Show, name: str):
    window = show(name)
    faults = window.check("unloaded") + window.check("sideways") + window.check("wrongGround", False)
    faults += window.check("misplaced", True)
    faults += [f"printed: {fault}" for fault in window.check("asPrinted")]
    assert faults + window.faults() == []


@pytest.mark.parametrize(("name", "anchor"), LINKS)
def test_link_that_is_opened_again_and_again(show: Show, name: str, anchor: str):
    places = []
    for _ in range(TRIES):
        window = show(f"{name}#{anchor}")
        places += window.check("place", anchor)
    assert places == []


class Shown:
    """The figures of a page, read as test_figures.py reads them."""

    def __init__(self, window: engines.Window):
        self.window = window
        self.errors: list[str] = []

    @staticmethod
    def find(number: int, what: str) -> str:
        return f"document.querySelectorAll('loss-lab')[{number}].shadowRoot?.querySelector('{what}')"

    def sentence(self, number: int = 0) -> str:
        return self.window.wait(f"() => {self.find(number, '.say')}?.textContent")

    def rows(self, number: int = 0) -> list[list[str]]:
        cells = "(row) => [...row.children].map((cell) => cell.textContent)"
        return self.window.run(f"() => [...{self.find(number, 'tbody')}.children].map({cells})")

    def state(self, number: int) -> dict[str, Any]:
        return self.window.run(f"() => document.querySelectorAll('loss-lab')[{number}].state")


def in_words(window: engines.Window, shown: Shown, kind: str, number: int) -> None:
    """Use a figure that answers in words; what it answers is compared in test_finder.py and test_number.py."""
    lab = f"document.querySelectorAll('loss-lab')[{number}]"

    def answers(words: str, what: str) -> None:
        window.wait(f"() => ({lab}.shadowRoot?.textContent ?? '').includes({words!r})")
        assert window.faults() == [], what

    window.wait(f"() => {lab}.state !== undefined")
    if kind == "number":
        focus(window, shown.find(number, "input"))
        window.type("2.303")
        answers("ln 10", "the formula of what was typed")
        return
    picked = f"[...{lab}.shadowRoot.querySelectorAll('input')].find((one) => one.checked)"
    first = shown.state(number)
    focus(window, picked)
    window.press("ArrowRight")
    until(lambda: shown.state(number) != first, "an arrow key moves it")
    answers("BinaryCrossentropy", "several can be true")
    window.click_on(shown.find(number, "fieldset label"))
    until(lambda: shown.state(number) == first, "the pointer leads back")
    answers("SparseCategoricalCrossentropy", "exactly one is true")


@pytest.mark.parametrize("name", test_figures.SHOWING)
def test_figures_by_keyboard_and_pointer(show: Show, name: str):
    window = show(name)
    shown = Shown(window)
    read = "(lab) => [lab.getAttribute('kind'), JSON.parse(lab.getAttribute('data'))]"
    found = window.run(f"() => [...document.querySelectorAll('loss-lab')].map({read})")
    for number, (kind, data) in enumerate(found):
        window.run(
            f"() => document.querySelectorAll('loss-lab')[{number}].scrollIntoView()"
        )  # some come later
        if kind in test_figures.ELSEWHERE:
            in_words(window, shown, kind, number)
            continue
        inputs = f"[...document.querySelectorAll('loss-lab')[{number}].shadowRoot.querySelectorAll('input')]"
        shown_ones = f"{inputs}.filter((one) => one.checkVisibility())"
        slider = f"{shown_ones}.find((one) => one.type === 'range')"
        choice = f"{shown_ones}.find((one) => one.checked)"

        def now(
            is_so: Callable[[dict], bool], what: str, kind: str = kind, data: Any = data, number: int = number
        ) -> dict:
            """Wait until the state of the figure is so, compare what it says with NumPy, and return the state."""
            state = until(lambda: is_so(found := shown.state(number)) and found, f"{name}, {kind}: {what}")
            test_figures.check(shown, kind, state | ({"data": data} if data else {}), number)
            return state

        shown.sentence(number)  # it may not have been built yet
        first = now(bool, "its first state")
        slides = window.run(f"() => {slider} !== undefined")
        focus(window, slider if slides else choice)
        window.press("ArrowRight")
        if slides and shown.state(number) == first:  # it stood at its right end
            window.press("ArrowLeft")
        moved = now(lambda state, first=first: state != first, "an arrow key moves it")
        if slides:
            half = window.run(f"() => {slider}.value > ({slider}.max - -{slider}.min) / 2")
            window.click_on(slider, across=0.25 if half else 0.75)
        else:
            window.click_on(f"{shown_ones}.find((one) => one.type === 'radio' && !one.checked)")
        now(lambda state, moved=moved: state != moved, "the pointer moves it")
        window.click_on(shown.find(number, ".buttons:not(.presets) button:last-child"))
        now(lambda state, first=first: state == first, "reset leads back")
    assert window.faults() == []


@pytest.mark.parametrize("pointer", [False, True], ids=["keyboard", "pointer"])
def test_search(show: Show, pointer: bool):
    window = show(LESSON, LAPTOP)
    if pointer:
        window.click_on(SEARCH)
    else:
        window.press("Control+k")
    window.wait(f"() => document.activeElement === {FIELD}")
    window.type("from_logits")
    window.press("Enter")
    window.arrive("search.html")
    links = window.wait(f"() => {{ const found = ({RESULTS})(); return found.length >= 3 && found; }}")
    assert window.faults() == []
    first = "document.querySelector('#search-results a')"
    if pointer:
        window.click_on(first)
    else:
        focus(window, first)
        window.press("Enter")
    window.arrive(links[0])
    assert window.faults() == []


@pytest.mark.parametrize("pointer", [False, True], ids=["keyboard", "pointer"])
def test_menus_of_a_phone(show: Show, pointer: bool):
    window = show(LESSON)

    def use(found: str) -> None:
        if pointer:
            window.click_on(found)
        else:
            focus(window, found)
            window.press("Enter")

    use(MENU)
    window.wait(OPENED)
    window.press("Escape")
    window.wait(CLOSED)
    window.wait(f"() => document.activeElement === {MENU}")
    use(CONTENTS)
    window.wait(OPENED)
    use("document.querySelector('dialog[open] a[href=\"#exercises\"]')")
    window.wait(CLOSED)
    assert window.check("place", "exercises") == []
    use(MENU)
    window.wait(OPENED)
    use(ENTRY)
    window.arrive("08-keras-softmax-regression.html")
    assert window.faults() == []


@pytest.mark.parametrize("system", ["light", "dark"])
def test_colours(show: Show, recorded: serve.Site, system: str):
    window = show(LESSON, LAPTOP, system)
    mode = "() => document.documentElement.dataset.mode"
    assert window.run(mode) == "auto"
    assert window.check("wrongGround", system == "dark") == []
    chosen = {"light": "dark", "dark": "light"}[system]
    for _ in range(3):
        if window.run(mode) != chosen:
            window.click_on(COLOURS)
    assert window.run(mode) == chosen
    until(lambda: window.check("wrongGround", chosen == "dark") == [], f"the colours of {chosen}")
    window.go(recorded.url + "book/glossary.html")
    assert window.run(mode) == chosen, "the choice is kept"
    assert window.check("wrongGround", chosen == "dark") == []
    assert window.faults() == []


def test_copied_formula(show: Show):
    window = show(FORMULAS, LAPTOP)
    window.run(
        "() => addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); })"
    )
    paragraph = "[...document.querySelectorAll('article p')].find((one) => one.textContent.startsWith('For a vector'))"
    window.run(f"() => getSelection().selectAllChildren({paragraph})")
    window.press("Control+c")
    assert window.wait("() => window.copied") == SENTENCE


def test_find_in_page(show: Show):
    """The words of the last section are found by the browser, though it has not been laid out."""
    window = show(LESSON)
    parts = "[...document.querySelectorAll('.bd-article > section > section')]"
    window.wait(
        f"() => {parts}.every((part) => part.style.containIntrinsicHeight)"
    )  # which takes less than typing
    last = f"{parts}.at(-1)"
    text = window.run(f"() => {last}.querySelector('li').textContent.trim().split('\\n')[0].slice(0, 30)")
    assert window.run("(text) => window.find(text)", text)
    place = "() => getSelection().getRangeAt(0).getBoundingClientRect()"
    window.wait(f"() => ({INSIDE})(({place})())")
    assert window.run(f"() => {last}.contains(getSelection().anchorNode)")
