"""The number field: each formula against numbers that executed lessons printed, bad input, and the keyboard."""

import gzip
import math
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import in_node
import nbformat
import pytest
from playwright.sync_api import Page

from course.paths import BOOK, NOTEBOOKS, SITE
from website.ext.words import words

PAGE = "book/questions.html"
WORDS = words("en")["lab"]["number"]


def ask(*states: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the script of the built site finds for numbers, each with classes and batch size or without."""
    full = [dict(zip("nKm", (*state, "", ""), strict=False)) for state in states]
    return in_node.answer(Path(__file__).parent / "measure.js", SITE / "_static", "number", asked=full)


def causes(*state: str) -> list[str]:
    (answer,) = ask(state)
    return [cause["name"] for cause in answer["found"]["causes"]]


# a cause, what is typed, what its formula gives, and the number as the page that it links to printed it
LN = math.log
WALL = -LN(1e-7)
HELD = [
    ("even_two", ("0.6931",), LN(2), "0.6931"),
    ("even", ("2.3026",), LN(10), "2.303"),
    ("even", ("1.0986",), LN(3), "1.099"),
    ("even", ("6.908",), LN(1000), "6.908"),
    ("wall", ("16.118",), WALL, "16.118"),
    ("twice", ("0.5514",), LN(1 + 2 / math.e), "0.5514"),
    ("twice", ("1.4612",), LN(1 + 9 / math.e), "1.4612"),
    ("twice_yes", ("0.3133",), LN(1 + 1 / math.e), "0.313"),
    ("addend", ("23.03",), -LN(1e-10), "23.03"),
    ("one_class", ("14.506",), 0.9 * WALL, "14.506"),
    ("at_wall", ("15.614",), 31 / 32 * WALL, "15.614"),
    ("at_wall", ("15.111",), 30 / 32 * WALL, "15.111"),
    ("wall_no", ("15.942",), 23 * LN(2), "15.9424"),
    ("least", ("1.1921e-07",), 2.0**-23, "1.1921e-07"),
    ("step", ("2.4414e-4",), 2.0**-12, "2.4414e-04"),
    ("exp_32", ("88.7",), LN(3.4028235e38), "88.7228"),
    ("exp_64", ("709.8",), LN(1.7976931348623157e308), "709.7827"),
    ("log_loss", ("36.04",), 52 * LN(2), "36.044"),
    ("smoothed", ("0.5003",), -0.91 * LN(0.91) - 0.09 * LN(0.01), "0.5003"),
    ("summed", ("2.0794", "3"), 3 * LN(2), "2.0794"),
    ("entries", ("0.3662",), LN(3) / 3, "0.3662"),
    ("entries", ("0.2303",), LN(10) / 10, "0.2303"),
    ("sum", ("22.18",), 32 * LN(2), "22.18"),
    ("sum", ("35.16",), 32 * LN(3), "35.16"),
    ("axis", ("3.4657", "", "32"), LN(32), "3.4657"),
    ("bits", ("1.585",), math.log2(3), "1.5850"),
    ("band", ("0.731",), 1 / (1 + math.exp(-1)), "0.7311"),
    ("bar", ("0.6225",), 1 / (1 + math.exp(-0.5)), "0.622"),
    ("two_faults", ("0.147125",), 0.147125, "0.147125"),
    ("ones", ("1.0",), 1, "1.000"),
    ("nothing", ("0.0000",), 0, "0.0"),
    ("chance", ("0.1000",), 0.1, "0.1000"),
    ("all_no", ("0.90",), 0.9, "0.9"),
    ("in_bits", ("1.4427 1",), 1 / LN(2), "1.4427"),
]
# what has no formula, or stands for any size
OTHERS = {
    ("nan",): ["nan", "nan_label"],
    ("inf",): ["inf", "inf_exp"],
    ("negative",): ["negative", "brackets"],
    ("-0.35",): ["negative", "brackets"],
    ("it does not move",): ["stuck", "stuck_K", "no_gradient"],
    ("35000",): ["huge"],
    ("23.026 2.3026",): ["times_K", "times_m"],
    ("22.18 / 0.6931", "", "32"): ["times_K", "times_m"],
    ("2.5", "10"): ["above"],
    ("1.7", "10"): ["below"],
}


@cache
def printed(page: str) -> str:
    """Return what a page shows: the outputs of a notebook, or a text."""
    if page.startswith("book/"):
        return (BOOK / f"{page.removeprefix('book/')}.md").read_text(encoding="utf-8")
    stored = nbformat.read(NOTEBOOKS / f"{page.removeprefix('notebooks/')}.ipynb", as_version=4)
    outputs = [output for cell in stored.cells for output in cell.get("outputs", [])]
    shown = [output.get("text", "") for output in outputs]
    return "\n".join([*shown, *(str(output.get("data", {}).get("text/markdown", "")) for output in outputs)])


@pytest.mark.parametrize(("name", "typed", "exact", "shown"), HELD)
def test_each_formula_gives_what_the_page_it_links_to_printed(name, typed, exact, shown):
    (answer,) = ask(typed)
    found = {cause["name"]: cause for cause in answer["found"]["causes"]}
    assert name in found, found
    value = float(found[name]["formula"].rpartition("= ")[2])
    assert value == pytest.approx(exact, rel=1e-4, abs=5.1e-5)
    digits = 0 if "e" in shown else len(shown.partition(".")[2])
    assert float(shown) == pytest.approx(exact, rel=1e-4, abs=0.5001 * 10**-digits if digits else 0)
    page = found[name]["place"].partition("#")[0]
    assert re.search(rf"(?<![\d.]){re.escape(shown)}", printed(page)), f"{page} does not print {shown}"


@pytest.mark.parametrize("typed", OTHERS, ids=" ".join)
def test_what_has_no_number(typed):
    assert causes(*typed) == OTHERS[typed]


def test_every_cause_is_tested_and_leads_to_a_place():
    answers = ask(*(typed for _, typed, _, _ in HELD), *OTHERS)
    found = {cause["name"]: cause["place"] for answer in answers for cause in answer["found"]["causes"]}
    assert set(found) == set(WORDS["causes"])
    for name, place in found.items():
        page, _, anchor = place.partition("#")
        html = (SITE / f"{page}.html").read_text(encoding="utf-8")
        assert anchor and f' id="{anchor}"' in html, f"{name}: {place} is not there"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        *(
            (text, "even_two")
            for text in ("0.69", "0.693", "0.6931", "0.69315", "69.3 %", "6.93e-1", "loss=0.693")
        ),
        *(
            (text, "even_two")
            for text in ("０．６９３", "0,693", " 0.6931471824645996 ", "val_loss: 0.6931 - acc: 0.5")
        ),
        *((text, "even") for text in ("2.30", "2.302", "2,302", "2.303", "2.302585", "2.3025851249694824")),
        ("1/30 - 0s 9ms/step - loss: 2.3026 - accuracy: 0.1000", "even"),
        ("loss: nan - accuracy: 0.0000e+00", "nan"),
        ("NaN", "nan"),
        ("-inf", "inf"),
        ("1e999", "inf"),
        ("1,234,567", "huge"),
        ("12.345,6", "huge"),
        ("−39342531075525840.0", "negative"),
        ("stuck at 2.303", "even"),
        ("2.3032", "even"),  # near it
        ("15.6144", "at_wall"),
    ],
)
def test_what_people_type_is_understood(typed, first):
    assert causes(typed)[:1] == [first]


def test_the_digits_that_were_typed_decide():
    said = [
        answer["found"]["said"] for answer in ask(("2.3026",), ("2.30",), ("2.3060",), ("2.4",), ("2.6011",))
    ]
    assert said == ["fits", "fits", "near", "fits", "unknown"]
    assert "even" in causes("2.0794", "8")
    assert "even" not in causes("2.0794", "3")
    assert "at_wall" in causes("0.5037", "", "32") and "at_wall" not in causes("0.5037")


@pytest.mark.parametrize("K", ["0", "1", "2.5", "ten", "-3", "1e9", "<b>"])
def test_sizes_that_are_none_are_said_and_left_out(K):
    (answer,) = ask(("0.6931", K, K.replace("1", "0")))
    assert answer["found"]["odd"] == ["odd_K", "odd_m"] if K != "2.5" else True
    assert [cause["name"] for cause in answer["found"]["causes"]] == ["even_two"]
    assert WORDS["odd_m"] in answer["said"] or K == "2.5"


BAD = [
    *(
        "",
        "   ",
        ".",
        ",",
        "-",
        "e",
        "%",
        "hello",
        "ln 10?",
        "--1",
        "1e",
        "1.2.3.4",
        "1e-999",
        "9" * 400,
        "0x10",
    ),
    *(
        "<img src=x onerror=alert(1)>",
        "損失 2.302",
        "損失",
        "\u0000",
        "🦊",
        "{n}",
        "constructor",
        "__proto__",
    ),
    "Traceback (most recent call last):\n"
    + '  File "a.py", line 3, in <module>\n' * 200
    + "ValueError: 0.6931",
]


def test_bad_input_gets_an_answer_or_one_sentence():
    for typed, answer in zip(BAD, ask(*((each,) for each in BAD)), strict=True):
        assert answer["said"] and answer["found"]["said"] in WORDS, typed
    assert ask(("損失 2.302",))[0]["found"]["causes"][0]["name"] == "even"


QUERIES = Path(__file__).parents[1] / "search" / "queries.toml"


def test_no_query_that_people_typed_breaks_it():
    texts = [query["text"] for query in tomllib.loads(QUERIES.read_text(encoding="utf-8"))["query"]]
    answers = ask(*((text,) for text in texts))
    assert len(answers) > 150 and all(answer["said"] for answer in answers)


# --- in the browser


def tab_to(page: Page, css: str) -> None:
    for _ in range(100):
        if page.locator(f"loss-lab[kind=number] {css}").evaluate("field => field.matches(':focus')"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {css}")


def hear(page: Page, words_heard: str) -> None:
    page.wait_for_function(
        "heard => document.querySelector('loss-lab[kind=number]').shadowRoot.querySelector('[role=status]')"
        ".textContent.includes(heard)",
        arg=words_heard,
    )


def test_by_keyboard_from_the_number_to_the_place(new_page, site):
    visit = new_page()
    page = visit.open(site.url + PAGE)
    hear(page, WORDS["empty"])
    tab_to(page, "input[name=n]")
    page.keyboard.type("15.614")
    hear(page, "31/32 · 16.118 = 15.6144 31 of 32 examples")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("64")
    hear(page, "62/64")
    page.wait_for_function("location.hash === '#lab-number?n=15.614&K=10&m=64'")
    fragment = "#" + urlsplit(page.url).fragment
    again = new_page().open(site.url + PAGE + fragment)
    assert (
        again.locator("loss-lab[kind=number] li").all_inner_texts()
        == page.locator("loss-lab[kind=number] li").all_inner_texts()
    )
    assert again.locator("loss-lab input").evaluate_all("all => all.map((one) => one.value)") == [
        "15.614",
        "10",
        "64",
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/which-head.html#numbers-that-rounding-makes")
    assert visit.faults == []


def test_nothing_that_is_typed_becomes_markup(new_page, site):
    visit = new_page(width=320)
    page = visit.open(site.url + PAGE)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    markup = "<img src=x onerror=alert()>2.302<script>alert()</script>"
    for name in ("n", "K", "m"):
        page.locator(f"loss-lab[kind=number] input[name={name}]").fill(markup)
    hear(page, "ln 10")
    assert page.locator("loss-lab[kind=number] :is(img, script, b)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert (asked, visit.faults) == ([], [])


def test_without_scripts_the_words_lead_to_the_table(new_page, site):
    page = new_page(javascript=False).open(site.url + PAGE)
    assert page.locator("loss-lab[kind=number]").is_visible()
    assert page.get_by_text("16.118").first.is_visible()


def test_script_is_small_and_loaded_where_it_stands_alone():
    script = SITE / "_static" / "loss-lab-number.js"
    assert len(gzip.compress(script.read_bytes())) < 8_000
    for path in SITE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert ("loss-lab-number.js" in text) == ('<loss-lab kind="number"' in text), path
