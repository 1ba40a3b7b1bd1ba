"""What is copied from a page can be pasted: each formula once, each paragraph as one."""

import pytest
from playwright.sync_api import Page

LESSON = "notebooks/04-softmax.html"
SENTENCE = "For a vector $z$ of $K$ logits, shape $(K,)$, softmax is a vector $p$ of the same shape:"
PARAGRAPH = (
    "[...document.querySelectorAll('article p')].find((one) => one.textContent.startsWith('For a vector'))"
)


def copied(page: Page, select: str) -> dict[str, str]:
    """Run a script that selects something, press Ctrl+C, and return the text and the HTML of the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(select)
    page.keyboard.press("Control+c")
    return page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async (kind) => (item.types.includes(kind) ? (await item.getType(kind)).text() : "");
            return { text: await read("text/plain"), html: await read("text/html") };
        }"""
    )


def test_sentence(new_page, site):
    visit = new_page()
    page = visit.open(site.url + LESSON)
    found = copied(page, f"getSelection().selectAllChildren({PARAGRAPH})")
    assert found["text"] == SENTENCE
    assert "$z$" in found["html"] and "katex" not in found["html"]
    assert visit.faults == []


def test_paragraphs_and_a_formula_on_its_own_line(new_page, site):
    page = new_page().open(site.url + LESSON)
    text = copied(page, f"getSelection().selectAllChildren({PARAGRAPH}.closest('section'))")["text"]
    blocks = text.split("\n\n")
    assert blocks[:2] == ["The formula", SENTENCE]
    assert blocks[2].startswith(r"$$p_k = \operatorname{softmax}(z)_k") and blocks[2].endswith("$$")
    assert "\u200b" not in text
    assert "    positive = np.exp(z)\n    return positive" in text, "code keeps its lines and blanks"


def test_half_a_formula_comes_whole(new_page, site):
    page = new_page().open(site.url + LESSON)
    select = f"""() => {{
        const formula = {PARAGRAPH}.querySelectorAll(".katex")[2];
        const end = {PARAGRAPH}.lastChild;
        const sign = formula.querySelector(".katex-html .mord");
        getSelection().setBaseAndExtent(sign.firstChild, 0, end, end.length);
    }}"""
    assert copied(page, select)["text"].startswith("$(K,)$, softmax is a vector $p$")


@pytest.mark.parametrize("what", ["code", "words"])
def test_what_has_no_formula_is_left_to_the_browser(new_page, site, what):
    page = new_page().open(site.url + LESSON)
    within = ":not(details *) > pre" if what == "code" else "h1"  # not the folded setup
    found = copied(page, f"getSelection().selectAllChildren(document.querySelector('article {within}'))")
    assert found["text"].strip() == page.locator(f"article {within}").first.inner_text().strip().rstrip("#")


def test_without_scripts_a_formula_comes_once(new_page, site):
    page = new_page(javascript=False).page
    page.goto(site.url + LESSON)
    text = page.evaluate(f"(getSelection().selectAllChildren({PARAGRAPH}), getSelection().toString())")
    assert "".join(text.split()) == "".join(SENTENCE.replace("$", "").split())
