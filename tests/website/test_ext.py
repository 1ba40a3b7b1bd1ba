"""What website/ext does to pages, each part fed with samples; tests/website/test_check.py looks at the whole site."""

import html
import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pygments
import pytest
import waiting
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from fontTools.ttLib import TTFont
from myst_parser.docutils_ import Parser
from pygments.lexers import PythonLexer
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token
from sphinx.errors import ConfigError, ExtensionError

from course.addresses import pages_address
from course.paths import ASSETS, ROOT
from website.ext import (
    code_colours,
    figures,
    folded_cells,
    inline_code,
    inline_svg,
    katex_fonts,
    last_updated,
    math_katex,
    one_style_sheet,
    page_links,
    search_bundle,
    search_data,
    site_address,
    tables,
    theme_trim,
)
from website.ext import (
    places as anchors,
)


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/Someone/course", "https://someone.github.io/course/"),
        ("https://github.com/someone/course.git", "https://someone.github.io/course/"),
        ("https://github.com/Someone/someone.github.io/", "https://someone.github.io/"),
    ],
)
def test_address_of_the_site_follows_from_the_repository(repository: str, address: str):
    assert pages_address(repository) == address


@pytest.mark.parametrize(
    "repository", ["", "https://gitlab.com/a/b", "https://github.com/a", "git@github.com:a/b"]
)
def test_address_that_cannot_be_derived_says_what_to_set(repository: str):
    config = SimpleNamespace(html_baseurl="", html_theme_options={"repository_url": repository})
    with pytest.raises(ConfigError, match=r"set html\.baseurl"):
        site_address.set_addresses(None, config)


def test_address_that_is_set_wins_over_the_repository():
    config = SimpleNamespace(html_baseurl="https://example.org/course", html_theme_options={})
    site_address.set_addresses(SimpleNamespace(), config)
    assert config.html_baseurl == config.ogp_site_url == "https://example.org/course/"
    assert config.notfound_urls_prefix == "/course/"


def test_description_is_the_question_and_the_lesson_in_short():
    page = "# Title\n\n**Why?**\n\n> **In short.** A *logit* is $z = w \\cdot x$, and $\\sigma(z)$ is `a`.\n>\n> M.\n"
    settings = {"doctitle_xform": False, "myst_enable_extensions": ["dollarmath"]}
    document = publish_doctree(page, parser=Parser(), settings_overrides=settings)
    assert page_links.description(document) == "Why? A logit is z = w · x, and σ(z) is a. M."


def test_description_is_cut_at_a_word():
    said = page_links.description(publish_doctree("Title\n=====\n\n" + "word " * 60))
    assert len(said) <= 160
    assert said.endswith("word …")


def known(page: str, script: str = "") -> set[str]:
    return one_style_sheet.words_of_pages([page], [script])


@pytest.mark.parametrize(
    "selector",
    [
        "p",
        ".there",
        "p.there > #place",
        ".from-script",
        "html[data-theme=dark] p",
        "p:not(.gone)",
        ":is(.gone, .there)",
        "::before",
        "*",
        r".w-50\:wide",
    ],
)
def test_selectors_that_may_match_stay(selector: str):
    page = '<html><p id="place" class="there w-50:wide">text</p>'
    assert one_style_sheet.selector_can_match(selector, known(page, 'x.classList.add("from-script")'))


@pytest.mark.parametrize("selector", [".gone", "p .gone", "#gone", "table", "p.there.gone", "p>ul"])
def test_selectors_that_cannot_match_go(selector: str):
    assert not one_style_sheet.selector_can_match(selector, known('<p id="place" class="there">text</p>'))


def test_rules_are_trimmed_at_every_depth():
    css = (
        '@charset "utf-8"; /* note */ .there, .gone { color: red } .gone { color: blue }\n'
        "@media print { .gone { color: red } } @media (min-width: 1px) { .there { content: '}' } }\n"
        "@font-face { font-family: A; src: url(a.woff2) } @keyframes turn { to { rotate: 1turn } }"
    )
    assert one_style_sheet.trim(css, known('<p class="there">')) == (
        '.there{color: red}\n@media (min-width: 1px) {\n.there{content: "}"}\n}\n'
        "@font-face {font-family: A; src: url(a.woff2)}\n@keyframes turn {to { rotate: 1turn }}\n"
    )


def test_broken_style_sheet_is_an_error():
    with pytest.raises(ValueError, match="line 1"):
        one_style_sheet.trim(".open", set())


def test_variables_that_nothing_reads_go():
    css = ":root{--used:1;--chain:var(--end);--end:2;--by-script:3;color:var(--used)}\n"
    assert one_style_sheet.drop_unused_variables(css, 'style.getPropertyValue("--by-script")') == (
        ":root{--used:1;--by-script:3;color:var(--used)}\n"
    )


def test_addresses_follow_the_sheet_that_moves():
    css = "a{b:url(fonts/a.woff2) url('../b.png') url(data:image/png;base64,AA==) url(#c)}"
    moved = one_style_sheet.move_addresses(css, "katex/css")
    assert (
        moved
        == 'a{b:url("katex/css/fonts/a.woff2") url("katex/b.png") url(data:image/png;base64,AA==) url(#c)}'
    )


def test_font_keeps_what_is_used_and_the_same_bytes_come_out_twice():
    font = (ASSETS / "katex/fonts/KaTeX_Main-Regular.woff2").read_bytes()
    cut = katex_fonts.subset(font, {"x", "+"})
    assert {chr(code) for code in TTFont(io.BytesIO(cut)).getBestCmap()} == {"x", "+"}
    assert len(cut) < len(font) / 5
    assert cut == katex_fonts.subset(font, {"+", "x"})


def places(page: str, name: str = "01-sigmoid") -> list[tuple[str, str, str, str]]:
    """Return kind, anchor, title and text of the places of a page in Markdown."""
    return [place[:4] for place in search_data.places(marked(page, name), name, "en")]


def marked(page: str, name: str) -> nodes.document:
    """Return the tree of a page in Markdown, as MyST reads it, with the anchors that it gets."""
    settings = {"doctitle_xform": False, "myst_enable_extensions": ["deflist", "dollarmath"]}
    tree = publish_doctree(page, parser=Parser(), settings_overrides=settings)
    anchors.mark(tree, name, "en")
    return tree


def test_search_knows_words_code_formulas_and_summaries_of_a_section_and_nothing_of_the_next():
    page = (
        "Title\n=====\n\nWords and :math:`\\sigma(z)` here.\n\nMore.\n\n::\n\n    loss(from_logits=True)\n"
        "    ax.set(xlabel='z')\n\n"
        ".. math:: s (1 - s)\n\n.. raw:: html\n\n    <summary>A &lt; B</summary>\n\nPart\n----\n\nSecond 交叉熵.\n"
    )
    tree = publish_doctree(page, settings_overrides={"doctitle_xform": False})
    (first, second) = search_data.places(tree, "page", "en")
    assert first[:4] == ("section", "", "Title", "Words and sigma(z) here.\nMore.\nA < B")
    assert first.code.split() == ["loss", "from_logits", "True", "s", "(1", "-", "s)"]
    assert second == ("section", "part", "Part", "Second 交叉熵.", "", "")


def test_search_leaves_out_imports_and_plotting_and_keeps_asserts_and_what_is_printed():
    code = "import numpy as np\nz = 1\nif z:\n    assert z == 0.693\n    ax.plot(z)\nprint(z)"
    assert search_data.searched_for(code).split() == [
        "z", "=", "1", "if", "z:", "assert", "z", "==", "0.693", "print(z)",
    ]  # fmt: skip
    assert search_data.searched_for("cost 0.693 after import") == "cost 0.693 after import"


def test_code_gives_each_name_number_and_shape_once():
    code = "loss = f(z, y)\nloss == 0.693, tf.nn.softmax(loss)\np * (1 - p) + log( 10 ) and (None, 1)"
    assert search_data.distinct(code) == "loss f (z, y) 0.693 tf.nn.softmax p * (1 - p) log( 10 and (None, 1)"


TRAPS = """# Lesson

## Traps

Before them.

> **Trap: the lost `brackets`.** Many write it.

After the first.

> **Trap that is none: all weights zero.** They may.

> **Note.** Belongs to the second.

## One

Explained.

> **Trap.** Two sigmoids look well. Do not.

Next.

Last.
"""


def test_each_trap_is_a_place_with_its_anchor_and_its_own_words():
    assert places(TRAPS) == [
        ("section", "", "Lesson", ""),
        ("section", "traps", "Traps", "Before them."),
        (
            "trap",
            "trap-the-lost-brackets",
            "The lost brackets",
            "Many write it.\nAfter the first.",
        ),
        (
            "trap",
            "trap-all-weights-zero",
            "All weights zero",
            "They may.\nNote. Belongs to the second.",
        ),
        ("section", "one", "One", "Explained.\nTrap. Two sigmoids look well. Do not.\nNext.\nLast."),
        (
            "trap",
            "trap-two-sigmoids-look-well",
            "Two sigmoids look well",
            "Two sigmoids look well. Do not.\nNext.",
        ),
    ]


def test_two_traps_of_one_name_have_two_anchors():
    page = "# Lesson\n\n> **Trap: twice.** One.\n\n> **Trap: twice.** Two.\n"
    assert [anchor for kind, anchor, *_ in places(page) if kind == "trap"] == ["trap-twice", "trap-twice-2"]


def test_each_term_of_the_glossary_is_a_place_and_its_translation_is_asked_for():
    page = "# Glossary\n\nWords.\n\n**logit** · <span lang='zh'>对数几率</span>\n: A number. It may be negative.\n"
    assert places(page, "glossary") == [
        ("section", "", "Glossary", "Words."),
        ("term", "term-logit", "logit", "A number. It may be negative."),
    ]
    (_, term) = search_data.places(marked(page, "glossary"), "glossary", "en")
    assert term.asked == "对数几率"


def test_each_row_of_the_error_table_is_a_place():
    page = "# Calls\n\n## What each error means\n\n| words | meaning |\n| --- | --- |\n"
    page += "| `rank` (ndim) | one-hot |\n| a | b |\n"
    assert places(page, "calls") == [
        ("section", "", "Calls", ""),
        (
            "section",
            "what-each-error-means",
            "What each error means",
            "words\nmeaning\nrank (ndim)\none-hot\na\nb",
        ),
        ("error", "row-rank-ndim", "rank (ndim)", "one-hot."),
        ("error", "row-a", "a", "b."),
    ]
    other = page.replace("What each error means", "Something else")
    assert [kind for kind, *_ in places(other, "calls")] == ["section", "section"]


def test_a_question_has_what_people_paste_beside_its_answer():
    page = (
        "# Questions\n\n## Topic\n\n### Why?\n\nBecause of $\\frac{1}{2} 10^{-7}$.\n\n"
        "[Lesson 1](https://x.org); asked in [a/b #1](https://github.com/a/b/issues/1).\n\n"
        '<p class="printed"><code>E: a &lt; b</code> <code>W: c</code></p>\n\n<!-- asked: how come | what for -->\n'
    )
    *_, question = search_data.places(marked(page, "questions"), "questions", "en")
    assert question[:4] == ("question", "why", "Why?", "Because of 1/(2) 10⁻⁷.")
    assert question.asked.split("\n") == ["E: a < b", "W: c", "how come", "what for"]


def test_data_of_the_search_can_be_read_back():
    what = {"pages": [["a.html", "A “title”", [["term", "t", "T", "</script>"]]]]}
    assert search_data.from_script(search_data.as_script(what)) == what


def test_script_of_the_search_is_one_scope_in_which_each_name_is_declared_once(tmp_path: Path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "theirs.js").write_text(
        "const last$1 = 1;\nclass Theirs {}\nexport { Theirs as default };\n"
    )
    (tmp_path / "own.js").write_text('import Theirs from "./vendor/theirs.js";\nexport const own = Theirs;\n')
    start = tmp_path / "page.js"
    start.write_text('import { own } from "./own.js";\nexport const last = own;\n')
    script = search_bundle.script(tmp_path)
    assert script.index("Theirs") < script.index("own=Theirs") < script.index("last=own")
    assert "import" not in script and "export" not in script
    start.write_text('import { own } from "./own.js";\nconst Theirs = own;\n')
    with pytest.raises(ValueError, match=r"page\.js declares Theirs, and so does theirs\.js"):
        search_bundle.script(tmp_path)


def literal(code: str, classes: str = "docutils literal notranslate") -> str:
    return f'<code class="{classes}"><span class="pre">{code}</span></code>'


def test_code_breaks_at_joints_and_keeps_its_letters():
    body = literal("tf.nn.softmax_cross_entropy(labels=Y)")
    broken = inline_code.breakable(body)
    assert "tf.<wbr>nn.<wbr>softmax_<wbr>cross_<wbr>entropy(<wbr>labels=<wbr>Y)" in broken
    assert broken.replace("<wbr>", "") == body
    assert "Gradient<wbr>Descent<wbr>Optimizer" in inline_code.breakable(
        literal("GradientDescentOptimizer()")
    )
    link = '<a href="a_long_name/of_a_file.html">a_long_name/of_a_file</a>'
    assert inline_code.breakable(link) == link


def test_short_code_is_marked_to_stay_on_one_line():
    shape = inline_code.breakable(literal('(m,</span> <span class="pre">1)'))
    assert 'notranslate short"' in shape and "<wbr>" not in shape
    assert 'notranslate whole"' in inline_code.breakable(literal("from_logits=True"))
    assert 'notranslate whole"' in inline_code.breakable(literal("a &lt; b &lt; c &lt; d &lt; e &lt; f"))


CODE = """
@keep
def loss(z, y: int = 1) -> float:
    '''Mean "of" all.'''
    # a comment
    if y not in (0, 1) or z is None:
        raise ValueError(f"y: {y!r:>3}\\n")
    return -y * 1.5e-3 + abs(z) @ 0x1F
"""
SHOWN_IN = ["a11y-high-contrast-light", "a11y-high-contrast-dark"]


def test_code_keeps_its_letters_and_its_colours_but_for_operators():
    formatter = code_colours.formatter_for(SHOWN_IN)(nowrap=True)
    shown = pygments.highlight(CODE, PythonLexer(), formatter)
    page = BeautifulSoup(f"<pre>{shown}</pre>", "html.parser")  # outside of pre it would drop blanks
    assert page.get_text().strip() == CODE.strip()
    letters = [(letter, kept.parent) for kept in page.find_all(string=True) for letter in kept]
    tokens = [(letter, kind) for kind, text in PythonLexer().get_tokens(CODE) for letter in text]
    for style in map(get_style_by_name, SHOWN_IN):
        classes = {STANDARD_TYPES[kind]: look["color"] for kind, look in style if kind in STANDARD_TYPES}
        plain = style.style_for_token(Token.Text)["color"]
        for (letter, element), (same, kind) in zip(letters, tokens, strict=True):
            assert letter == same
            wanted = plain if kind is Token.Operator else style.style_for_token(kind)["color"]
            found = classes[element["class"][0]] if element.name == "span" else plain
            assert letter.isspace() or found == wanted, (letter, kind, element)


def test_code_has_no_element_for_what_is_plain():
    formatter = code_colours.formatter_for(SHOWN_IN)(nowrap=True)
    assert pygments.highlight("p = softmax(z) / m\n", PythonLexer(), formatter) == "p = softmax(z) / m\n"
    assert pygments.highlight("f'{z}: '\n", PythonLexer(), formatter).count("<span") <= 3


def test_styles_of_code_leave_the_log_alone():
    code = "import logging; from website.ext import code_colours as c"
    code += f"; c.formatter_for({SHOWN_IN}); assert not logging.root.handlers, logging.root.handlers"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def transformed(page: str, transform: type) -> nodes.document:
    tree = publish_doctree(page)
    transform(tree).run()
    return tree


def test_short_formula_keeps_the_punctuation_around_it():
    tree = transformed("Two (:math:`m`), then :math:`\\sigma(z)`. None: :math:`x`\n", math_katex.StayTogether)
    assert [node.astext() for node in tree.findall(nodes.inline)] == ["(m),", "\\sigma(z).", "x"]
    assert tree.astext() == "Two (m), then \\sigma(z). None: x"


def test_long_formula_may_break():
    tree = transformed("It is :math:`1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9`, so.\n", math_katex.StayTogether)
    assert not list(tree.findall(nodes.inline))


def test_cell_with_a_sentence_is_marked():
    rule = "=====  =============================="
    page = f"{rule}\nshort  long enough to be a sentence\n{rule}\n"
    tree = transformed(page, tables.LongCells)
    assert [cell["classes"] for cell in tree.findall(nodes.entry)] == [[], ["long"]]


def matplotlib_like(body: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="375pt" height="225pt" viewBox="0 0 375 225">'
        f'<g id="figure_1">{body}</g></svg>'
    )


@pytest.mark.parametrize(
    ("colour", "drawn"),
    [
        ("#0b6bb8", "var(--fig-1, #0b6bb8)"),
        ("#000000", "currentColor"),
        ("#ffff00", "#ffff00"),  # bright already
        ("#0000ff", "color-mix(in srgb, #0000ff, #ffffff var(--fig-lift, 0%))"),
        ("#8b0000", "color-mix(in srgb, #8b0000, #ffffff var(--fig-lift, 0%))"),
    ],
)
def test_colours_of_a_figure_in_the_dark(colour: str, drawn: str):
    svg = inline_svg.inline_svg(matplotlib_like(f'<path style="stroke: {colour}"/>'), "A line", "f1-")
    assert f'style="stroke: {drawn}"' in svg


def test_ground_of_a_hatched_patch_follows_the_page():
    hatch = '<defs><pattern id="h"><rect width="72" height="72" fill="#c1530b"/></pattern></defs>'
    svg = inline_svg.inline_svg(matplotlib_like(hatch), "Bars", "f1-")
    assert 'style="fill: var(--fig-2, #c1530b)"' in svg and ' fill="#c1530b"' not in svg


def test_colours_of_a_colour_map_stay():
    body = '<g id="QuadMesh_1"><path style="fill: #0000ff"/></g>'
    assert 'style="fill: #0000ff"' in inline_svg.inline_svg(matplotlib_like(body), "A map", "f1-")


@pytest.mark.parametrize(("points", "narrowest"), [("0.12", 234), ("0.08", 352), ("0.04", 500)])
def test_figure_is_not_shrunk_until_its_text_is_lost(points: str, narrowest: int):
    """500 pixels wide; 12 points are 16 pixels, so at 234 pixels 7.5."""
    body = f'<g transform="translate(1 2) scale({points} -{points})"><path d="M0 0"/></g>'
    assert f"min-width: {narrowest}px" in inline_svg.inline_svg(matplotlib_like(body), "Text", "f1-")


@pytest.mark.parametrize("source", ["<svg", "<html/>", "<svg/>"])
def test_what_is_no_figure_is_refused(source: str):
    with pytest.raises(ValueError, match=r"SVG|neither"):
        inline_svg.inline_svg(source, "alt", "f1-")


def test_picture_without_alt_text_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    warned = []
    monkeypatch.setattr(figures.log, "warning", lambda text, *_, **__: warned.append(text))
    document = publish_doctree(".. image:: https://example.org/a.png\n")
    document.settings.env = SimpleNamespace(app=SimpleNamespace(srcdir=tmp_path))
    transform = figures.InlineFigures(document)
    transform.run()
    assert warned == ["picture without alt text: %s"]
    assert document.next_node(nodes.image) is not None


@pytest.mark.parametrize("beside", [[], [nodes.Text("beside it ")]], ids=["alone", "in a text"])
def test_picture_alone_in_a_paragraph_takes_its_place(tmp_path: Path, beside: list[nodes.Text]):
    """A browser closes a paragraph before a box, and makes an empty one after it."""
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', "utf-8")
    document = publish_doctree("")
    document += nodes.paragraph("", "", *beside, nodes.image(uri="a.svg", alt="A dot"))
    document.settings.env = SimpleNamespace(
        app=SimpleNamespace(srcdir=tmp_path), config=SimpleNamespace(language="en")
    )
    figures.InlineFigures(document).run()
    (box,) = document.findall(nodes.raw)
    assert "scroll-box" in box.astext()
    assert isinstance(box.parent, nodes.paragraph if beside else nodes.document)


PICTURE = nodes.raw("", "<svg/>", format="html", classes=[figures.PICTURE])


@pytest.mark.parametrize(
    ("code", "beside", "shown"),
    [
        ("# @title Solution 1\n1", [], "Show solution 1"),
        ("# @title Setup: run this first, it says what is missing.\n1", [], "Show setup"),
        ('# @title Widths { display-mode: "form" }\n1', [], "Show widths"),
        ("# @title Move it\n1", [PICTURE], "Show the code of this picture"),
        ("fig, ax = plt.subplots()", [PICTURE], "Show the code of this picture"),
        ("import os\nimport tensorflow as tf", [], "Show the imports"),
        ("1 + 1", [], "Show the code"),
    ],
)
def test_row_that_unfolds_a_cell_says_what_is_in_it(code: str, beside: list[nodes.raw], shown: str):
    hidden = folded_cells.HideCodeCellNode("", nodes.literal_block(code, code))
    nodes.container("", hidden, *(node.deepcopy() for node in beside))
    page = SimpleNamespace(config=SimpleNamespace(language="en"), body=[], encode=html.escape)
    folded_cells.visit(page, hidden)
    assert f'<span class="collapsed">{shown}</span>' in page.body[0]


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A stand-in for node, as Python code that finds the path of its socket in `path`."""

    def write(code: str) -> Path:
        program = tmp_path / "node"
        head = (
            f"#!{sys.executable}\nimport socket, sys, time\npath = sys.argv[sys.argv.index('--socket') + 1]\n"
        )
        program.write_text(f"{head}server = socket.socket(socket.AF_UNIX)\n{code}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(math_katex.katex, "NODEJS_BINARY", str(program))
        return tmp_path

    return write


def test_formulas_wait_for_a_slow_node(node):
    """Its socket exists at once but accepts nobody yet, as on a busy machine."""
    folder = node("server.bind(path); time.sleep(0.5); server.listen(); server.accept(); time.sleep(60)")
    process, connection = math_katex.start_server(folder, timeout=waiting.PATIENCE)
    connection.close()
    assert process.poll() is None
    process.kill()
    process.communicate()


@pytest.mark.parametrize("code", ["server.bind(path); time.sleep(60)", "sys.exit('no')"])
def test_node_that_never_answers_is_an_error_and_is_ended(node, code: str, monkeypatch: pytest.MonkeyPatch):
    started = []
    monkeypatch.setattr(
        math_katex, "Popen", lambda *a, **k: started.append(subprocess.Popen(*a, **k)) or started[0]
    )
    with pytest.raises(math_katex.katex.KaTeXError, match="did not answer"):
        math_katex.start_server(node(code), timeout=1)
    assert started[0].poll() is not None


# --- dates, each in a repository of its own


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    moment = {"GIT_AUTHOR_DATE": "2024-02-03T04:05:06Z", "GIT_COMMITTER_DATE": "2024-02-03T04:05:06Z"}
    subprocess.run(["git", *who, *arguments], cwd=folder, env=moment | {"PATH": "/usr/bin:/bin"}, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A book of one page, with two commits, so that a shallow clone is cut off."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "conf.py").write_text(
        "extensions = ['website.ext.last_updated']\n"
        "html_theme = 'basic'\n"
        "html_last_updated_fmt = '%-d %B %Y'\n"
        "git_last_updated_timezone = 'UTC'\n",
        encoding="utf-8",
    )
    (folder / "index.rst").write_text("Title\n=====\n\nText.\n", encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=One")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=Two")
    return folder


def built(folder: Path) -> str:
    """Build as the site is built, with warnings as errors, and return the page."""
    out = folder.parent / f"out-{folder.name}"
    # a process of its own: Sphinx warns of nodes that an earlier build in the same one has registered
    command = [sys.executable, "-m", "sphinx", "-W", "-q", folder, out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (out / "_sources/index.rst.txt").is_file()  # what a page offers for download
    return (out / "index.html").read_text(encoding="utf-8")


def test_page_says_when_it_was_committed(repository: Path):
    assert "3 February 2024" in built(repository)


def test_page_edited_since_says_nothing(repository: Path):
    (repository / "index.rst").write_text("Title\n=====\n\nOther text.\n", encoding="utf-8")
    assert "2024" not in built(repository)


def test_page_unknown_to_git_says_nothing(repository: Path):
    git(repository, "rm", "--quiet", "--cached", "index.rst")
    git(repository, "commit", "--quiet", "--message=Three")
    assert "2024" not in built(repository)


def test_page_of_a_shallow_clone_says_nothing(repository: Path, tmp_path: Path):
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "shallow")
    assert "2024" not in built(tmp_path / "shallow")


def test_page_outside_a_repository_says_nothing(repository: Path, tmp_path: Path):
    (repository / ".git").rename(tmp_path / "elsewhere")
    assert "2024" not in built(repository)


def test_page_without_git_says_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "2024" not in built(repository)


def test_notebook_page_is_as_new_as_its_text(tmp_path: Path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/01-a.md").write_text("text", encoding="utf-8")
    sources = {
        "notebooks/01-a": "notebooks/01-a.ipynb",
        "notebooks/b": "notebooks/b.ipynb",
        "book/c": "book/c.md",
    }
    env = SimpleNamespace(
        found_docs=set(sources),
        doc2path=lambda name, base: sources[name],
        srcdir=tmp_path,
        dependencies={name: set() for name in sources},
    )
    last_updated.add_texts(SimpleNamespace(), env)
    assert env.dependencies == {"notebooks/01-a": {"book/01-a.md"}, "notebooks/b": set(), "book/c": set()}


def test_script_of_the_theme_that_changed_stops_the_build(tmp_path):
    (tmp_path / "_static/scripts").mkdir(parents=True)
    (tmp_path / "_static/scripts/pydata-sphinx-theme.js").write_text("another version", encoding="utf-8")
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))
    with pytest.raises(ExtensionError, match="no longer holds TAB_STOPS"):
        theme_trim.trim_files(app, None)
