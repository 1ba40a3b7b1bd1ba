"""Each check of page_checks.py on a small page without and with its fault, and each kind of fault in the real site.

A check that finds nothing on purpose-made faults would let the site pass whatever happens to it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import page_checks
import pytest
from playwright.sync_api import Browser, Page

from website import serve

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SMALL = '<button style="display: block; height: {height}px; padding: 0; font-size: 5px">softmax</button>'
TEXT = "<p>Softmax turns logits into probabilities.</p>"


def whole(body: str, style: str = "") -> str:
    """Return a page without faults around a body: light or dark as the reader's system is."""
    look = (
        "body { margin: 0; color: #111; background: #fff } a { color: #0b5cad }"
        " @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } a { color: #6cb6ff } }"
        " @media print { body { color: #000; background: #fff } a { color: #000 } }"
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sample</title>'
        f'<meta name="viewport" content="width=device-width"><style>{look} {style}</style></head>'
        f"<body><main><article><h1>Sample</h1>{body}</article></main></body></html>"
    )


def sideways(page: Page) -> list[str]:
    page.set_viewport_size({"width": page_checks.NARROWEST, "height": 800})
    return page_checks.sideways(page)


def dark(page: Page) -> list[str]:
    return page_checks.wrong_ground(page, dark=True)


def light(page: Page) -> list[str]:
    return page_checks.wrong_ground(page, dark=False)


def faint_after_light(page: Page) -> list[str]:
    return page_checks.faint(page) + dark(page) + page_checks.faint(page)


# check, a body without the fault, one with it, what must be said about it
SAMPLES: dict[str, tuple[Callable[[Page], list[str]], str, str, str]] = {
    "a pixel too wide": (
        sideways,
        '<div style="width: 320px; height: 9px"></div>',
        '<div style="width: 321px; height: 9px"></div>',
        r"scrolls sideways, 321 px wide, in a window of 320 px: .*div reaches 321",
    ),
    "cut off at the right edge": (
        sideways,
        '<div style="overflow-x: auto"><div style="width: 400px; height: 9px"></div></div>',
        '<div style="overflow-x: clip"><div style="width: 400px; height: 9px"></div></div>',
        r"cut off at the right edge.*div reaches 400",
    ),
    "too wide, where it is not for the eye": (
        sideways,
        '<div style="position: absolute; width: 1px; height: 1px; overflow: hidden">'
        '<div style="width: 400px; height: 9px"></div></div>',
        '<div style="position: absolute; width: 99px; height: 9px; overflow: hidden">'
        '<div style="width: 400px; height: 9px"></div></div>',
        r"cut off",
    ),
    "an image that does not load": (
        page_checks.unloaded,
        f'<img src="{PIXEL}" alt="a dot">',
        '<img src="data:image/png;base64,AAAA" alt="a dot">',
        r"image did not load",
    ),
    "an element whose script is missing": (
        page_checks.unloaded,
        "<p>text</p>",
        "<loss-lab>text</loss-lab>",
        r"never came alive: .*loss-lab",
    ),
    "an image without alt": (
        page_checks.violations,
        f'<img src="{PIXEL}" alt="a dot">',
        f'<img src="{PIXEL}">',
        r"axe image-alt \(critical\): img",
    ),
    "a drawing without a name": (
        page_checks.violations,
        '<div role="img" aria-label="two circles"><svg></svg><svg></svg></div><i aria-hidden="true"><svg></svg></i>',
        '<svg role="img"></svg>',
        r"axe svg-img-alt \(serious\): svg",
    ),
    "a control without a name in the second of two formulas": (
        page_checks.violations,
        "<math><mi>p</mi></math> <math><mi>q</mi></math>",
        '<math><mi>p</mi></math> <math><mi role="button" tabindex="0"></mi></math>',
        r"axe aria-command-name \(serious\): mi",
    ),
    "a link without a name in a drawing": (
        page_checks.violations,
        '<svg><path d="M0 0h9"/></svg>',
        '<svg><g><a href="#a"><path d="M0 0h9"/></a></g></svg>',
        r"axe link-name \(serious\): a",
    ),
    "dark page that stays light": (
        dark,
        TEXT,
        '<div style="background: white; color: black"><p>always light</p></div>',
        r"does not have the colours asked for: ground 1\.00, text 0\.00",
    ),
    "the ink of dark mode on the paper of light mode": (
        light,
        TEXT,
        '<p style="color: #eee">pale</p>',
        r"does not have the colours asked for",
    ),
    "pale ink on paper": (
        page_checks.bright_print,
        TEXT,
        '<p style="color: #eee">pale</p>',
        r"pale ink: .*p: rgb\(238",
    ),
    "dark ground on paper": (
        page_checks.bright_print,
        TEXT,
        '<p style="background: #222">dark</p>',
        r"dark ground: .*p: rgb\(34",
    ),
    "a drawing in pale ink on paper": (
        page_checks.bright_print,
        '<svg role="img" style="color: #000" aria-label="a curve"><path d="M0 0h9"/></svg>',
        '<svg role="img" style="color: #eee" aria-label="a curve"><path d="M0 0h9"/></svg>',
        r"pale drawing: .*svg",
    ),
    "text that nobody sees": (
        page_checks.blank,
        f"<details><summary>A</summary>{TEXT}</details>",
        '<p style="visibility: hidden">lost</p>',
        r"cannot be seen: .*p$",
    ),
    "a figure without a fallback": (
        page_checks.blank,
        "<loss-lab>what it would show</loss-lab>",
        "<loss-lab></loss-lab>",
        r"shows nothing in its place: .*loss-lab",
    ),
    "an output that is blank": (
        page_checks.blank,
        '<div class="cell_output"><pre>0.5</pre></div>',
        '<div class="cell_output"></div>',
        r"is blank: .*cell_output",
    ),
    "a self-check that does not open": (
        page_checks.unopened,
        "<details><summary>A</summary>because</details>",
        "<details><summary onkeydown='event.preventDefault()'>A</summary>because</details>",
        r"Enter does not open .*details",
    ),
    "a trap for the focus": (
        page_checks.keyboard_faults,
        '<a href="#a">one</a> <a href="#b">two</a> <button>three</button>',
        '<a href="#a" id="first">one</a> <a href="#b" onblur="first.focus()">two</a> <button>three</button>',
        r"the focus is trapped: it comes back to #first",
    ),
    "a focus that nobody sees": (
        page_checks.keyboard_faults,
        '<a href="#a" id="first">one</a> <button>two</button>',
        '<a href="#a" id="first" style="outline: none">one</a> <button>two</button>',
        r"no visible focus: #first",
    ),
    "a focus outside the window": (
        page_checks.keyboard_faults,
        '<a href="#a" id="first">one</a> <button>two</button>',
        '<a href="#a" id="first" style="position: fixed; left: -99px">one</a> <button>two</button>',
        r"the focus is out of sight: #first",
    ),
    "what Tab does not reach": (
        page_checks.keyboard_faults,
        '<button>one</button> <button id="last">two</button>',
        '<button onkeydown="if (event.key == `Tab`) { event.preventDefault(); this.blur(); document.body.focus() }">one'
        '</button> <button id="last">two</button>',
        r"Tab does not reach #last",
    ),
    "an unnamed slider": (
        page_checks.violations,
        '<label>weight <input type="range"></label>',
        '<input type="range">',
        r"axe label \(critical\): input",
    ),
    "a target that is too small": (
        page_checks.violations,
        SMALL.format(height=24) * 2,
        SMALL.format(height=9) * 2,
        r"axe target-size",
    ),
    "a heading that is skipped": (
        page_checks.violations,
        "<h2>next</h2>",
        "<h4>next</h4>",
        r"axe heading-order",
    ),
    "text that is too faint": (
        page_checks.faint,
        TEXT,
        '<p style="color: #aaa; background: #fff">faint</p>',
        r"axe color-contrast \(serious\)",
    ),
    "a faint word among many": (
        page_checks.faint,
        TEXT * 30,
        f'{TEXT * 15}<p>Softmax <b style="color: #aaa; background: #fff">faint</b></p>{TEXT * 15}',
        r"axe color-contrast \(serious\): b",
    ),
    "faint words in code": (
        page_checks.faint,
        "<pre><span>from_logits</span> <span>True</span></pre>",
        '<pre><span>from_logits</span> <span style="color: #aaa; background: #fff">True</span></pre>',
        r"axe color-contrast \(serious\): span",
    ),
    "a word that is faint in dark alone, where it stands in another one": (
        faint_after_light,
        "<p>Softmax <b>turns</b></p><p>and <em>logits <b>into</b></em></p>",
        "<style>@media (prefers-color-scheme: dark) { em b { color: #444 } }</style>"
        "<p>Softmax <b>turns</b></p><p>and <em>logits</em></p><p>and <em>shares <b>into</b></em></p>",
        r"axe color-contrast \(serious\): (em > )?b",
    ),
    "a link that only its colour shows": (
        page_checks.faint,
        '<p>Softmax turns <a href="#a">logits</a> into probabilities.</p>',
        '<p>Softmax turns <a href="#a" style="text-decoration: none">logits</a> into probabilities.</p>',
        r"axe link-in-text-block",
    ),
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("what", SAMPLES)
def test_check_on_a_good_and_a_bad_sample(page: Page, what: str):
    check, good, bad, said = SAMPLES[what]
    for body in (good, bad):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(media="screen", color_scheme="light")
        page.goto("about:blank")
        page.set_content(whole(body))
        faults = check(page)
        if body == good:
            assert faults == []
    assert [fault for fault in faults if re.search(said, fault)], faults


# --- on a page of the site: what is replaced in a served file, and what all checks together must say about it

NAME = "book/index.html"  # small, and has a figure
END = "</article>"


def in_text(fault: str) -> tuple[str, str, str]:
    return NAME, END, fault + END


FAULTS: dict[str, tuple[int, tuple[str, str, str], str]] = {
    "a script from a CDN": (
        page_checks.PHONE,
        in_text('<script src="https://cdn.example.org/plot.js"></script>'),
        r"asks another server: https://cdn\.example\.org/plot\.js",
    ),
    "an unnamed slider": (
        page_checks.PHONE,
        in_text('<input type="range">'),
        r"light: axe label \(critical\)",
    ),
    "an unnamed slider in the figure": (
        page_checks.PHONE,
        ("_static/loss-lab.js", '"aria-label":words[name],', ""),
        r"light: axe label \(critical\)",
    ),
    "a pixel too wide": (
        page_checks.PHONE,
        (
            NAME,
            "</body>",
            '<div style="position: absolute; left: 0; width: 321px; height: 1px"></div></body>',
        ),
        r"scrolls sideways, 321 px wide, in a window of 320 px",
    ),
    "a missing alt": (
        page_checks.LAPTOP,
        in_text(f'<img src="{PIXEL}">'),
        r"light: axe image-alt",
    ),
    "a picture that is not there": (
        page_checks.PHONE,
        in_text('<img src="../_images/gone.png" alt="a curve that rises">'),
        r"answered 404 .*gone\.png",
    ),
    "an error of a script": (
        page_checks.LAPTOP,
        in_text("<script>console.error('broken'); throw new Error('worse')</script>"),
        r"console error: broken.*uncaught: .*worse",
    ),
    "faint text in dark": (
        page_checks.LAPTOP,
        in_text('<p><span style="color: #555">faint on the dark ground alone</span></p>'),
        r"dark: axe color-contrast",
    ),
    "a page that is too heavy": (
        page_checks.PHONE,
        in_text("".join(f"<!--{i * 7919 % 999983:x}-->" for i in range(60_000))),
        r"transfers \d{3},\d{3} bytes, allowed are 250,000; most of it: index\.html",
    ),
    "too many requests": (
        page_checks.PHONE,
        in_text(
            "".join(f'<img src="../_static/favicon.svg?{i}" alt="the mark of the course">' for i in range(36))
        ),
        r"makes \d\d requests, allowed are 35",
    ),
    "dark on paper": (
        page_checks.LAPTOP,
        (NAME, "</head>", "<style>@media print { p { color: #eee !important } }</style></head>"),
        r"printed from dark: pale ink",
    ),
    "a focus that nobody sees": (
        page_checks.LAPTOP,
        (NAME, "</head>", "<style>nav a:focus-visible { outline: none !important }</style></head>"),
        r"no visible focus",
    ),
}


@pytest.fixture
def look_at(new_page: Callable[..., Any], site: serve.Site, tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that serves a copy of the site with something in one file replaced, and looks at NAME."""

    def looked(name: str, old: str, new: str, width: int, *, scripts: bool = True) -> list[str]:
        copy = tmp_path / "html"
        shutil.copytree(site.folder, copy, copy_function=os.link)  # takes neither time nor space
        content = (copy / name).read_text(encoding="utf-8")
        assert old in content, f"{name} has no {old} any more: seed the fault elsewhere"
        (copy / name).unlink()  # a hard link: the original must stay as it is
        (copy / name).write_text(content.replace(old, new), encoding="utf-8")
        with serve.serving(copy) as served:
            visit = new_page(width, javascript=scripts, reduced_motion=True)
            visit.host = urlsplit(served.url).netloc
            if scripts:
                return page_checks.look(visit, served.url + NAME, width)
            return page_checks.look_without_scripts(visit, served.url + NAME)

    return looked


@pytest.mark.parametrize("what", FAULTS)
def test_seeded_fault_turns_a_page_of_the_site_red(look_at, what: str):
    width, seeded, said = FAULTS[what]
    faults = look_at(*seeded, width)
    assert re.search(said, "\n".join(faults), re.DOTALL), faults


def test_seeded_fault_turns_a_page_without_scripts_red(look_at):
    hidden = "<style>article { visibility: hidden }</style></head>"
    faults = look_at(NAME, "</head>", hidden, page_checks.PHONE, scripts=False)
    assert any("cannot be seen" in fault for fault in faults)
