"""What readers do: search, move by keyboard, switch the colours, open the site from a folder."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import page_checks
import pytest
from playwright.sync_api import Page, expect
from waiting import until

from course.paths import ROOT, SITE
from website.budget import PAGE_BYTES
from website.ext.search_data import ANSWERS, LESSONS
from website.ext.words import words

WORDS, SAY = words("en")["page"], words("en")["search"]
LESSON = "notebooks/01-sigmoid.html"


def search(page: Page, what: str) -> list[str]:
    """Type into the search field of the page that is open, and return where the results lead."""
    page.get_by_role("searchbox").locator("visible=true").first.fill(what)
    page.keyboard.press("Enter")
    page.locator("#search-results[aria-busy=false]").wait_for(
        state="attached"
    )  # all words of the course are there
    results = page.locator("#search-results a[href]")
    results.first.wait_for()
    page.wait_for_load_state("networkidle")
    return results.evaluate_all("links => links.map((link) => link.href)")


def follow_results(visit, links: list[str], root: str, folder: Path) -> None:
    assert len(links) >= 3
    for link in links:
        assert link.startswith(root), link
        assert (folder / link.removeprefix(root).split("#")[0].split("?")[0]).is_file(), link
    visit.page.locator("#search-results a[href]").first.click()
    expect(visit.page.locator("main")).to_contain_text("from_logits")
    assert visit.faults == []


def test_search_from_a_lesson(new_page, site):
    visit = new_page()
    visit.open(site.url + LESSON).get_by_role("button", name=WORDS["search"]).press("Enter")
    follow_results(visit, search(visit.page, "from_logits"), site.url, site.folder)


def test_search_on_its_page_on_a_phone(new_page, site):
    visit = new_page(360)
    links = search(visit.open(site.url + "search.html"), "softmax")
    assert any("04-softmax" in link for link in links)
    assert visit.faults == []


def test_search_finds_what_was_typed_before_its_words_arrived(new_page, site):
    visit = new_page(360)
    page = visit.page
    held = []
    page.route("**/search-data.js*", lambda route: held.append(route))
    page.goto(site.url + "search.html", wait_until="commit")
    page.get_by_role("searchbox").fill("softmax")
    # asking the page anything lets Playwright hand over the request
    until(lambda: page.evaluate("true") and held, "the page asks for the words of the course")
    held[0].continue_()
    expect(page.locator("#search-results a[href]").first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("softmax")
    assert visit.faults == []


def test_search_page_is_light_until_somebody_types(new_page, site):
    """The words of the course come with the first letter, so that more lessons do not make the page heavier."""
    visit = new_page(360)
    page = visit.open(site.url + "search.html")
    page.wait_for_load_state("networkidle")
    before = {urlsplit(request.url).path.rpartition("/")[2] for request in visit.finished}
    assert before & {ANSWERS, LESSONS} == set() and "search.js" in before
    weight = sum(request.sizes()["responseBodySize"] for request in visit.finished)
    assert weight < PAGE_BYTES / 2, f"{weight:,} bytes before the first letter"
    page.get_by_role("searchbox").press("s")
    expect(page.locator("#search-results a[href]").first).to_be_visible()
    after = [urlsplit(request.url).path.rpartition("/")[2] for request in visit.finished]
    assert after.count(ANSWERS) == after.count(LESSONS) == 1
    assert visit.faults == []


# what is typed, and where the first result leads: a question, a trap, a term, a row of the error table, a formula
LEADS = {
    "which loss for my problem": "questions.html#which-of-the-cross-entropies-is-mine",
    "loss stuck at 0.69": "questions.html#my-loss-stays-at-0-693",
    "sum or mean trap": "03-binary-cross-entropy.html#trap-sum-instead-of-mean",
    "log-odds": "glossary.html#term-log-odds",
    "y_prob contains values greater than 1": "calls-side-by-side.html#row-y-prob-contains-values-greater-than-1",
}


@pytest.mark.parametrize("query", LEADS)
def test_results_lead_to_the_smallest_place_and_it_is_in_view(new_page, site, query):
    visit = new_page()
    links = search(visit.open(site.url + "search.html"), query)
    place = next((link for link in links[:3] if link.endswith(LEADS[query])), None)
    assert place, links[:3]
    page = visit.open(place)
    expect(page.locator(f"[id='{urlsplit(place).fragment}']")).to_be_in_viewport()
    assert visit.faults == []


def test_results_say_what_was_left_out_and_other_ways_are_offered(new_page, site):
    visit = new_page(360)
    page = visit.open(site.url + "search.html")
    for name in WORDS["search_places"].values():
        expect(page.locator("#search-page").get_by_role("link", name=name)).to_be_visible()
    search(page, "softmax kaggle")
    expect(page.get_by_role("status")).to_contain_text(SAY["without"].format(words="kaggle"))
    page.get_by_role("searchbox").fill("zzzz qqqq")
    expect(page.get_by_role("status")).to_have_text(SAY["none"].format(query="zzzz qqqq"))
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("status")).to_have_text("")
    assert visit.faults == []


def test_marks_are_whole_words_and_none_of_them_says_nothing(new_page, site):
    page = new_page().open(site.url + "search.html")
    search(page, "why is the loss of my model 0.693")
    marked = page.locator("#search-results mark").all_inner_texts()
    assert {"loss", "0.693"} <= {mark.lower() for mark in marked}
    assert {mark.lower() for mark in marked} & {"of", "the", "is", "why", "my"} == set()


TRACEBACK = "Traceback (most recent call last):\n" + "".join(
    f'  File "/usr/lib/python3/dist-packages/keras/engine/training.py", line {n}, in train_function\n    step()\n'
    for n in range(100)
)
# odd things to type or paste; each gets results, or one sentence
ODD = {
    "traceback": TRACEBACK + "AttributeError: module 'tensorflow' has no attribute 'placeholder'",
    "markup": "<img src=x onerror=alert(1)> <script>alert(2)</script> <b>softmax</b>",
    "full width": "ｓｏｆｔｍａｘ　０．６９３",
    "mixed": "为什么 softmax 的 loss 是 2.303 почему",
    "Chinese": "交叉熵",
    "signs": "((([[[***\\\\ ?? !! '\"` {{}} \\u0000",
    "very long": "softmax and sigmoid and loss " * 3000,
    "only words that say nothing": "what is the ",
}


def test_odd_queries_get_results_or_a_sentence_and_nothing_runs(new_page, site):
    visit = new_page(360)
    page = visit.page
    page.on("dialog", lambda dialog: visit.page_errors.append(f"a dialog: {dialog.message}"))
    visit.open(site.url + "search.html")
    field, status = page.get_by_role("searchbox"), page.get_by_role("status")
    field.fill("softmax")
    page.locator("#search-results[aria-busy=false]").wait_for(state="attached")
    for kind, query in ODD.items():
        field.fill("")
        expect(status).to_have_text("")
        field.fill(query.replace("\n", " "))
        expect(status).not_to_have_text("")
        found = page.locator("#search-results a[href]").count()
        nothing = status.inner_text().startswith(SAY["none"].partition("{")[0])
        assert nothing == (kind in ("signs", "only words that say nothing")) == (not found), (
            kind,
            status.inner_text(),
        )
        assert len(status.inner_text()) < 300, kind
        assert page.locator("article img, article script").count() == 0, kind
        assert page_checks.sideways(page) == [], kind
    assert visit.faults == []


def test_search_from_a_folder(new_page):
    visit = new_page()
    visit.open((SITE / "search.html").as_uri())
    follow_results(visit, search(visit.page, "from_logits"), f"{SITE.as_uri()}/", SITE)


def test_site_from_a_folder(new_page):
    """The built folder works from a disk: every step by a link, as a reader goes."""
    visit = new_page()
    page = visit.page
    page.goto((SITE / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    # a script or a font that is on its way when the reader leaves would count as failed
    page.wait_for_load_state("networkidle")
    page.locator("main").get_by_role("link", name="Sigmoid").first.click()
    page.wait_for_url(f"**/{LESSON}")
    assert page.locator("main .katex").first.is_visible()
    assert page.locator("main svg[role=img]").first.is_visible()
    page.wait_for_load_state("networkidle")
    page.locator(".prev-next-area .right-next").click()
    page.wait_for_url("**/notebooks/02-*.html")
    page.wait_for_load_state("networkidle")
    page.locator("header.site-name a").first.click()
    page.wait_for_url("**/book/index.html")
    assert visit.faults == []


def test_entrance_leads_to_the_start(new_page, site):
    visit = new_page()
    visit.page.goto(site.url)
    visit.page.wait_for_url("**/book/index.html")
    assert visit.faults == []


def test_page_that_is_not_there(new_page, site):
    """The page for dead addresses works at any depth, with its style and a way to the start."""
    visit = new_page()
    page = visit.open(site.url + "no/such/page.html")
    assert [line.split()[0] for line in visit.bad_responses] == ["404"], (
        "the page itself, and nothing that it loads"
    )
    assert page_checks.violations(page) + page_checks.faint(page) == []
    page.locator("main").get_by_role("link").first.click()
    page.wait_for_url("**/book/index.html")


def test_skip_link(new_page, site):
    page = new_page().open(site.url + LESSON)
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.get_attribute("href") == "#main-content"
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.closest('main') !== null")


def test_colours_by_keyboard(new_page, site):
    visit = new_page()
    page = visit.open(site.url + LESSON)
    button = page.get_by_role("button", name=WORDS["colour_mode"])
    grounds = {}
    page.add_style_tag(content="* { transition: none !important }")  # show the final colour at once
    for _ in range(3):
        button.press("Enter")
        mode = page.evaluate("document.documentElement.dataset.mode")
        grounds[mode] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert set(grounds) == {"light", "dark", "auto"}
    assert grounds["auto"] == grounds["light"] != grounds["dark"]
    while page.evaluate("document.documentElement.dataset.mode") != "dark":
        button.press("Enter")
    page.goto(site.url + "book/glossary.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark", "the choice is kept"
    assert visit.faults == []


@pytest.mark.parametrize("closing", ["Escape", "the button"])
def test_menu_on_the_phone_by_keyboard(new_page, site, closing):
    visit = new_page(360)
    page = visit.open(site.url + LESSON)
    opener = page.locator("main").get_by_role("button", name=WORDS["menu"])
    entry = page.get_by_role("link", name="Softmax regression in Keras").locator("visible=true")
    assert entry.count() == 0
    opener.focus()
    page.keyboard.press("Enter")
    entry.first.wait_for()
    page.wait_for_function("document.activeElement.closest('dialog') !== null")
    if closing == "Escape":
        page.keyboard.press("Escape")
    else:
        page.locator("dialog[open]").get_by_role("button", name=WORDS["close"]).press("Enter")
    entry.first.wait_for(state="hidden")
    expect(opener).to_be_focused()
    opener.press("Enter")
    entry.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/08-keras-softmax-regression.html")
    assert visit.faults == []


def test_contents_of_the_page_close_where_they_lead_into_it(new_page, site):
    visit = new_page(360)
    page = visit.open(site.url + LESSON)
    page.get_by_role("button", name=WORDS["contents"]).press("Enter")
    page.locator("dialog[open]").get_by_role("link", name="The formula").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("heading", name="The formula")).to_be_in_viewport()
    assert visit.faults == []


MARKED = "#page-contents a[aria-current=true]"


@pytest.mark.parametrize("name", ["notebooks/05-cross-entropy.html", "book/questions.html"])
def test_contents_mark_the_section_that_is_read(new_page, site, name):
    """After each jump to a section, and wherever the reader scrolls without one."""
    visit = new_page(1280)
    page = visit.open(site.url + name)
    links = page.locator("#page-contents a")
    hashes = links.evaluate_all("links => links.map((link) => link.hash)")
    assert len(hashes) > 10
    for place in hashes:
        page.evaluate("place => { location.hash = place; }", place)
        until(
            lambda place=place: (
                links.evaluate_all(
                    "links => links.filter((link) => link.ariaCurrent === 'true').map((link) => link.hash)"
                )
                == [place]
            ),
            f"after a jump to {place} it is marked",
        )
    page.evaluate("history.replaceState(null, '', location.pathname); location.hash = ''")
    for share in (0.9, 0.3, 0.6):
        page.evaluate(
            "share => scrollTo({ top: document.documentElement.scrollHeight * share, behavior: 'instant' })",
            share,
        )
        read = page.evaluate(
            "[...document.querySelectorAll('#page-contents a')].findLast((link) =>"
            " document.querySelector(link.hash).getBoundingClientRect().top <= innerHeight / 3).hash"
        )
        expect(page.locator(MARKED)).to_have_attribute("href", read)
    assert visit.faults == []


def test_report_of_a_mistake_says_where_it_is(new_page, site):
    """It opens the form of the repository, which exists, and fills the field that it has."""
    visit = new_page(1280)
    page = visit.open(site.url + "notebooks/05-cross-entropy.html#from-logits")
    expect(page.locator(MARKED)).to_have_attribute("href", "#from-logits")
    with page.expect_request(lambda request: "/issues/new?" in request.url) as opened:
        page.locator(".bd-sidebar-secondary").get_by_role("link", name=WORDS["report"]).press("Enter")
    asked = parse_qs(urlsplit(opened.value.url).query)
    assert asked["place"] == ["notebooks/05-cross-entropy, From logits"]
    form = ROOT / ".github/ISSUE_TEMPLATE" / asked["template"][0]
    assert "id: place\n" in form.read_text(encoding="utf-8")


def test_contents_are_marked_when_a_phone_opens_them(new_page, site):
    visit = new_page(page_checks.PHONE)
    page = visit.open(site.url + "notebooks/05-cross-entropy.html#from-logits")
    page.evaluate("document.querySelector('.secondary-toggle').focus({ preventScroll: true })")
    page.keyboard.press("Enter")
    expect(page.locator(MARKED)).to_have_attribute("href", "#from-logits")


def test_section_chosen_in_the_contents_on_a_phone_stays_in_place(new_page, site):
    """The focus goes back to the button above the text, and the page must not follow it."""
    visit = new_page(page_checks.PHONE)
    page = visit.open(site.url + "notebooks/05-cross-entropy.html")
    toggle = page.get_by_role("button", name=WORDS["contents"])
    for name in ("Exercises", "From logits"):
        toggle.press("Enter")
        page.locator("dialog[open]").get_by_role("link", name=name).press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(toggle).to_be_focused()
        heading = page.get_by_role("heading", name=name)
        until(lambda heading=heading: 0 <= heading.bounding_box()["y"] < 120, f"{name} below the bar")
    assert visit.faults == []


def test_list_of_pages_is_put_away_on_a_laptop(new_page, site):
    page = new_page().open(site.url + LESSON)
    entry = page.get_by_role("link", name="Softmax regression in Keras").locator("visible=true")
    opener = page.locator("main").get_by_role("button", name=WORDS["menu"])
    expect(entry.first).to_be_visible()
    for shown in (False, True):
        opener.press("Enter")
        entry.first.wait_for(state="visible" if shown else "detached")
        expect(opener).to_be_focused()


PART = ".bd-article > section > section"
HEIGHTS = f"[...document.querySelectorAll('{PART}')].map((part) => part.style.containIntrinsicHeight)"
QUIET = 300  # ms in which nothing was measured again


def settle(page: Page) -> None:
    """Wait until the fonts are there, and every part of the page was measured and keeps its height."""

    def quiet() -> bool:
        before = page.evaluate(HEIGHTS)
        page.wait_for_timeout(QUIET)
        return all(before) and before == page.evaluate(HEIGHTS)

    page.wait_for_function("document.fonts.status === 'loaded'")
    until(quiet, "the height of every part")


@pytest.mark.parametrize("width", [page_checks.PHONE, page_checks.LAPTOP])
def test_parts_far_from_the_window_wait_and_have_their_height_all_the_same(new_page, site, width):
    page = new_page(width).open(site.url + "notebooks/05-cross-entropy.html")
    settle(page)
    drawn = "(part) => part.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"
    assert not page.locator(PART).last.evaluate(drawn), "the whole page is laid out at once"
    for part in page.locator(PART).all():
        said = float(part.evaluate("(part) => part.style.containIntrinsicHeight").removesuffix("px"))
        part.scroll_into_view_if_needed()
        page.wait_for_function(drawn, arg=part.element_handle())
        assert part.evaluate("(part) => part.offsetHeight") == pytest.approx(said, abs=2)


@pytest.mark.parametrize("width", [page_checks.PHONE, page_checks.LAPTOP])
def test_link_to_a_part_far_down_leads_there_and_it_stays_in_place(new_page, site, width):
    page = new_page(width).open(site.url + "notebooks/05-cross-entropy.html#exercises")
    settle(page)
    top = page.get_by_role("heading", name="Exercises", exact=True).bounding_box()["y"]
    assert 0 <= top < 200


@pytest.mark.parametrize("width", [page_checks.PHONE, page_checks.LAPTOP])
def test_page_that_is_loaded_again_shows_what_it_showed(new_page, site, width):
    page = new_page(width).open(site.url + "notebooks/05-cross-entropy.html")
    settle(page)
    figure = page.locator("loss-lab").last

    def comes_back() -> bool:
        figure.evaluate("(element) => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
        # a browser stores the place some time after the last movement, and does not say when
        page.wait_for_timeout(QUIET)
        before = figure.bounding_box()["y"]
        page.reload()
        settle(page)
        return figure.bounding_box()["y"] == pytest.approx(before, abs=100)

    until(comes_back, "the place from before")


def test_lessons_that_were_read_are_ticked_and_the_next_is_offered(new_page, site):
    """To its end is what counts; another tab learns of it; it can be forgotten."""
    visit = new_page()
    page = visit.open(site.url + "book/index.html")
    expect(page.locator(".go-on")).to_have_count(0)
    page.goto(site.url + "notebooks/04-softmax.html")
    page.goto(site.url + "book/index.html")
    expect(page.locator(".go-on")).to_have_count(0)  # opened is not read
    page.goto(site.url + "notebooks/04-softmax.html#remember")
    ticked = page.locator(".bd-docs-nav .read").locator("visible=true")
    expect(ticked).to_have_count(1)
    page.goto(site.url + "book/index.html#i-want-to-understand")
    expect(page.locator(".go-on")).to_contain_text(WORDS["lessons_read"].format(read=1, all=10))
    expect(page.locator(".lessons .read")).to_have_count(1)
    link = page.get_by_role("link", name=WORDS["next_lesson"].format(title="5 · Cross-entropy"))
    expect(link).to_have_attribute("href", re.compile("05-cross-entropy"))
    page.get_by_role("button", name=WORDS["forget"]).press("Enter")
    expect(page.locator(".read")).to_have_count(0)
    expect(page.locator(".go-on")).to_have_count(0)
    assert visit.faults == []


@pytest.mark.parametrize("kept", ["", "{", "5", '{"a": 1}', '["04-softmax", 7, null, "../x"]'])
def test_whatever_is_kept_of_reading_the_page_works(new_page, site, kept):
    visit = new_page()
    page = visit.open(site.url + "book/index.html")
    page.evaluate("kept => localStorage.setItem('lessons read', kept)", kept)
    page.goto(site.url + "book/index.html")
    expect(page.locator(".lessons .read")).to_have_count(int("04" in kept))
    assert visit.faults == []


def test_sheet_fits_on_one_side_of_a4(new_page, site):
    visit = new_page()
    page = visit.open(site.url + "book/one-page.html")
    edge = dict.fromkeys(("top", "right", "bottom", "left"), "12mm")
    sides = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=edge))
    assert len(sides) == 1
    assert visit.faults == []
