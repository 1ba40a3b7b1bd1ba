"""A real browser for the tests of the built site: `site` serves it, `browser` opens it, `new_page` watches it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from course.paths import SITE
from website import browser as chromium
from website import serve

PATIENCE = 30_000  # milliseconds: a step takes tens of them, and more on a busy machine
expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """A page in a window of its own, and everything that went wrong since it was opened."""

    page: Page
    host: str
    scripts: bool = True
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)  # exceptions that nothing caught
    failed_requests: list[str] = field(default_factory=list)  # no answer came
    bad_responses: list[str] = field(default_factory=list)  # 400 and above
    foreign_requests: list[str] = field(default_factory=list)  # to any other host
    finished: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("console", lambda said: said.type == "error" and self.console_errors.append(said.text))
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        page.on("requestfinished", lambda asked: self.finished.append(asked))
        page.on("requestfailed", self.note_failure)
        page.on(
            "response", lambda got: got.status >= 400 and self.bad_responses.append(f"{got.status} {got.url}")
        )
        page.on("request", lambda asked: self.foreign(asked.url) and self.foreign_requests.append(asked.url))

    def open(self, url: str) -> Page:
        """Go to an address, wait until everything has loaded and been drawn, and return the page."""
        self.page.goto(url)
        if self.scripts:  # otherwise nothing would ever call back
            self.page.evaluate(
                "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
            )
        return self.page

    def note_failure(self, asked: Request) -> None:
        """Keep a request that got no answer, unless the page was left before the answer came."""
        if asked.failure != "net::ERR_ABORTED":
            self.failed_requests.append(f"{asked.url}: {asked.failure}")

    @property
    def faults(self) -> list[str]:
        """Everything that went wrong so far, one line each."""
        return [
            *(f"asks another server: {url}" for url in self.foreign_requests),
            *(f"answered {response}" for response in self.bad_responses),
            *(f"request failed: {request}" for request in self.failed_requests),
            *(f"console error: {text}" for text in self.console_errors),
            *(f"uncaught: {text}" for text in self.page_errors),
        ]

    def foreign(self, url: str) -> bool:
        """Tell whether an address is on another host than the site."""
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host


@pytest.fixture(scope="session")
def site() -> Iterator[serve.Site]:
    """The built site, served below a sub-path: `site.url` ends with a slash, `site.pages()` lists its pages."""
    if not (SITE / "index.html").is_file():
        pytest.fail("there is no site to look at: run make book", pytrace=False)
    with serve.serving(SITE) as served:
        yield served


@pytest.fixture(scope="session")
def program() -> Path:
    """The browser of this machine; `make browser` finds or installs it."""
    try:
        found = chromium.find()
    except chromium.NoBrowser as error:
        pytest.fail(str(error), pytrace=False)
    if found is None:
        pytest.fail("there is no browser: run make browser", pytrace=False)
    return found


@pytest.fixture(scope="module")
def browser(program: Path) -> Iterator[Browser]:
    """Chromium, without a window.

    One for each module, not for the session: while Playwright runs, its thread has a running event loop, and tests
    elsewhere that start one of their own would fail.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=chromium.flags())
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, site: serve.Site) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens an empty window, with no cookies and no cache, and watches its page.

    `new_page(width=360, dark=True)` returns a Visit; continue with `visit.open(site.url + "search.html")`.
    """
    contexts = []

    def open_page(
        width: int = 1280,
        height: int = 800,
        *,
        dark: bool = False,
        javascript: bool = True,
        reduced_motion: bool = False,
        offline: bool = False,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce" if reduced_motion else "no-preference",
            offline=offline,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Visit(context.new_page(), urlsplit(site.url).netloc, javascript)

    yield open_page
    for context in contexts:
        context.close()
