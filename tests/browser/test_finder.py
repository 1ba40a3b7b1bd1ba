"""The finder of heads, worked by keyboard in a real browser; what it shows is compared with the notebook's output."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from course.paths import NOTEBOOKS, SITE
from website.ext.lab_data import lab_data
from website.ext.words import words

PAGE = "notebooks/which-head.html"
DATA = lab_data(nbformat.read(NOTEBOOKS / "which-head.ipynb", as_version=4), "finder")
WORDS = words("en")["lab"]["finder"]
# what is answered to the first two questions, and the name of the control that asks for the labels then
ANSWERS = {
    "one of K": ({"both": "no", "classes": "more"}, "one"),
    "one of two": ({"both": "no", "classes": "two"}, "two"),
    "any of K": ({"both": "yes"}, "any"),
}
LOOK = """() => {
  const { shadowRoot: root } = document.querySelector("loss-lab[kind=finder]");
  const all = (css) => [...root.querySelectorAll(css)];
  const texts = (css) => all(css).map((each) => each.textContent);
  return {
    lines: texts(".lines code"),
    roles: texts("dt"),
    facts: texts(".facts code"),
    asked: all("fieldset").filter((each) => each.checkVisibility()).map((each) => each.querySelector("input").name),
    mistakes: all("li").map((each) => [each.firstChild.textContent, each.lastChild.textContent]),
    links: all("li a").map((each) => each.href),
  };
}"""


def shown(page: Page) -> dict[str, Any]:
    return page.evaluate(LOOK)


def focus(page: Page, name: str) -> None:
    """Press Tab, or Shift and Tab, until the focus is in the group of radio buttons with this name."""
    at = "() => document.activeElement.shadowRoot?.activeElement?.name ?? ''"
    for key, times in (("Shift+Tab", 10), ("Tab", 200)):
        for _ in range(times):
            if page.evaluate(at) == name:
                return
            page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {name}")


def choose(page: Page, name: str, value: str) -> None:
    focus(page, name)
    for _ in range(5):
        if page.locator(f'loss-lab input[name="{name}"][value="{value}"]').is_checked():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"the arrow keys do not lead to {name} = {value}")


def check(page: Page, labels: str, writing: str) -> None:
    """Compare all that is shown with what the notebook executed for these labels and this way of writing."""
    of = DATA["labels"][labels]
    head = DATA["heads"][of["head"]][writing]
    found = shown(page)
    assert found["lines"] == [*DATA["imports"][writing], of["line"], *(line for _, line in head["lines"])]
    roles = ["import", "labels", *(role for role, _ in head["lines"])]
    assert found["roles"] == [WORDS[role] for role in dict.fromkeys(roles)]
    losses = dict.fromkeys(loss for _, loss in of["start"])
    assert found["facts"][0] == f"{of['shape']} {of['type']}"
    assert found["facts"][1].startswith(f"{of['formula']} = ")
    assert all(f"{loss}" in found["facts"][1] for loss in losses)
    if of["formula"] == "ln K":
        assert all(f"(K\u00a0=\u00a0{K})" in found["facts"][1] for K, _ in of["start"])
    assert found["mistakes"] == [[what, seen] for what, seen, _ in head["mistakes"]]
    places = [f"/notebooks/{place.replace('#', '.html#')}" for _, _, place in head["mistakes"]]
    assert [link.endswith(place) for link, place in zip(found["links"], places, strict=True)] == [True] * len(
        places
    )


def test_every_path_by_keyboard_shows_what_the_notebook_executed(new_page, site):
    visit = new_page()
    page = visit.open(site.url + PAGE)
    walked = set()
    for question, (answers, asks) in ANSWERS.items():
        for name, value in answers.items():
            choose(page, name, value)
        assert shown(page)["asked"] == [*answers, asks, "write"]
        for labels in (name for name in DATA["labels"] if name.startswith(question)):
            choose(page, asks, labels.removeprefix(f"{question}, "))
            for writing in DATA["imports"]:
                choose(page, "write", writing)
                check(page, labels, writing)
                walked.add((labels, writing))
    assert walked == set(product(DATA["labels"], DATA["imports"])) and len(walked) == 32
    assert visit.faults == []


def test_the_answer_is_announced(new_page, site):
    page = new_page().open(site.url + PAGE)
    choose(page, "both", "yes")
    lines = dict(DATA["heads"]["any of K"]["Keras"]["lines"])
    for part in (lines["layer"], lines["loss"], DATA["labels"]["any of K, rows"]["type"]):
        page.wait_for_function(
            "part => document.querySelector('loss-lab').shadowRoot.querySelector('[role=status]').textContent"
            ".includes(part)",
            arg=part,
        )


def test_code_is_copied_whole_and_by_keyboard(new_page, site):
    page = new_page(width=360).open(site.url + PAGE)  # where lines are broken
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, "write", "TensorFlow 1")
    button = page.locator("loss-lab .given button")
    for _ in range(10):
        page.keyboard.press("Tab")
        if button.evaluate("button => button.matches(':focus')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function(
        "done => document.querySelector('loss-lab').shadowRoot.querySelector('.given button').textContent === done",
        arg=WORDS["copied"],
    )
    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(shown(page)["lines"])


def test_where_nothing_may_be_copied_the_code_is_selected(new_page, site):
    page = new_page().open(site.url + PAGE)
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); 0")
    page.locator("loss-lab .given button").click()
    page.wait_for_function(
        "code => document.querySelector('loss-lab').shadowRoot.getSelection().toString().includes(code)",
        arg=shown(page)["lines"][-1],
    )
    assert page.locator("loss-lab .given button").text_content() == WORDS["copy"]


def test_address_leads_back_and_a_bad_one_changes_nothing(new_page, site):
    page = new_page().open(site.url + PAGE)
    first = shown(page)
    for name, value in [("classes", "two"), ("two", "names"), ("write", "NumPy")]:
        choose(page, name, value)
    page.wait_for_function("location.hash.includes('two=names') && location.hash.includes('write=NumPy')")
    told, fragment = shown(page), "#" + urlsplit(page.url).fragment
    assert told != first
    page = new_page().open(site.url + PAGE + fragment)
    assert shown(page) == told
    check(page, "one of two, names", "NumPy")
    for bad in ("#lab-finder?both=maybe&write=constructor&one=", "#lab-finder?", "#elsewhere?both=yes"):
        assert shown(new_page().open(site.url + PAGE + bad)) == first


@pytest.mark.parametrize("data", ["", "{", "{}", "[]", '{"labels": {}, "heads": {}}'])
def test_without_its_data_the_fallback_stays(new_page, site, data: str):
    visit = new_page()
    visit.page.route(
        site.url + PAGE,
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<!DOCTYPE html><script src='../_static/loss-lab.js' defer></script>"
            f"<script src='../_static/loss-lab-finder.js' defer></script>"
            f"<loss-lab kind='finder' data='{data}'>the fallback</loss-lab>",
        ),
    )
    page = visit.open(site.url + PAGE)
    assert page.locator("loss-lab").inner_text() == "the fallback"
    assert visit.page_errors == []


SHOWING = [
    path
    for path in sorted(SITE.rglob("*.html"))
    if '<loss-lab kind="finder"' in path.read_text(encoding="utf-8")
]


def element(path: Path) -> Any:
    (written,) = re.findall(
        r'<loss-lab kind="finder".*?</loss-lab>', path.read_text(encoding="utf-8"), re.DOTALL
    )
    return BeautifulSoup(written, "html.parser").find("loss-lab")


def is_there(name: str, anchor: str) -> bool:
    return bool(anchor) and f' id="{anchor}"' in (SITE / name).read_text(encoding="utf-8")


def test_pages_that_show_it_have_the_notebook_s_data():
    names = {path.stem for path in SHOWING}
    assert names >= {"which-head", "09-which-one", "calls-side-by-side"}
    for path in SHOWING:
        assert json.loads(element(path)["data"]) == DATA, path


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: path.stem)
def test_links_lead_to_the_places_where_it_was_run_and_the_fallback_to_the_table(new_page, site, path: Path):
    name = path.relative_to(SITE).as_posix()
    page = new_page().open(site.url + name)
    page.locator("loss-lab[kind=finder]").scroll_into_view_if_needed()
    expect(
        page.locator("loss-lab[kind=finder] .lines")
    ).to_be_visible()  # the start page fetches it when it is near
    for link in [*shown(page)["links"], urljoin(site.url + name, element(path).find("a")["href"])]:
        target, _, anchor = link.removeprefix(site.url).partition("#")
        assert is_there(target, anchor), f"{name}: {link} leads nowhere"


def test_every_place_that_the_data_name_is_there():
    places = {
        place
        for head in DATA["heads"].values()
        for written in head.values()
        for _, _, place in written["mistakes"]
    }
    assert len(places) > 15
    for place in places:
        name, _, anchor = place.partition("#")
        assert is_there(f"notebooks/{name}.html", anchor), f"{place} is not there"


def test_without_scripts_the_table_has_every_head(new_page, site):
    page = new_page(width=320, javascript=False).open(site.url + PAGE)
    page.locator("loss-lab a").first.click()
    table = page.locator("#all-heads-in-one-table table").first
    assert table.locator("tbody tr").count() == len(DATA["heads"])
    text = table.text_content()
    for head in DATA["heads"].values():
        for writing in ("Keras", "tf.nn"):
            loss = dict(head[writing]["lines"])["loss"]
            call = loss.split("losses.")[-1] if writing == "Keras" else loss.partition("(")[2][:-1]
            assert call in text, f"{call} is not in the table"
    assert page.locator("#all-heads-in-one-table").is_visible()


def test_a_search_that_found_nothing_leads_here_first(new_page, site):
    page = new_page().open(site.url + "search.html")
    first, *_ = words("en")["page"]["search_places"].values()
    page.locator("#search-page").get_by_role("link", name=first).click()
    expect(page.locator("loss-lab[kind=finder] .lines")).to_be_visible()
