"""The site check, shown good and bad samples of everything it looks for, and then the site itself."""

import random
import re
from pathlib import Path

import pytest

from website import check
from website.ext.digests import digest
from website.ext.search_data import ANSWERS, LESSONS, as_script

REPOSITORY = "https://github.com/someone/course"
COLAB = "https://colab.research.google.com/github/someone/course/blob/main/notebooks/01-sigmoid.ipynb"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of two pages, a style sheet and a font."""
    for name in ("notebooks/01-sigmoid.html", "book/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<h1 id='top'>Title</h1>", encoding="utf-8")
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/site.css").write_text("body { color: black }", encoding="utf-8")
    (tmp_path / "_static/font.woff2").write_bytes(b"font")
    return tmp_path


def page(site: Path, body: str, name: str = "book/page.html") -> Path:
    path = site / name
    path.write_text(f"<html><body><article>{body}</article></body></html>", encoding="utf-8")
    check.soup.cache_clear()
    check.anchors.cache_clear()
    return path


@pytest.mark.parametrize(
    "body",
    [
        '<a href="index.html">start</a>',
        '<a href="../notebooks/01-sigmoid.html#top">lesson</a>',
        '<a id="here"></a><a href="#here">up</a>',
        '<a href="https://example.org/gone">elsewhere</a> <a href="mailto:a@example.org">write</a>',
        '<link rel="stylesheet" href="../_static/site.css?v=1">',
        '<script>var a = "href";</script>',
    ],
)
def test_links_that_lead_somewhere(site: Path, body: str):
    assert check.links(page(site, body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="gone.html">gone</a>', "no such file"),
        ('<a href="index.html#gone">gone</a>', "no such anchor"),
        ('<a href="#gone">gone</a>', "no such anchor"),
        ('<img src="../_images/gone.png">', "no such file"),
        ('<img srcset="gone.png 2x">', "no such file"),
        ('<script src="gone.js"></script>', "no such file"),
        ('<link rel="stylesheet" href="gone.css">', "no such file"),
        ('<a href="">empty</a>', "an empty address"),
        ('<a href="/index.html">absolute</a>', "absolute path"),
        ('<a href="../notebooks/">folder</a>', "a folder"),
        ('<meta http-equiv="refresh" content="0; url=gone.html">', "no such file"),
    ],
)
def test_links_that_lead_nowhere(site: Path, body: str, fault: str):
    (found,) = check.links(page(site, body))
    assert fault in found


@pytest.mark.parametrize(
    ("css", "fault"),
    [
        ("@font-face { src: url(font.woff2) }", None),
        ("a { background: url('data:image/svg+xml,<svg/>') }", None),
        ("@font-face { src: url(fonts/gone.woff2) }", "no such file"),
        ('@import url("https://fonts.example.org/a.css");', "another server"),
        ('@import "//fonts.example.org/a.css";', "another server"),
    ],
)
def test_addresses_in_style_sheets(site: Path, css: str, fault: str | None):
    sheet = site / "_static/more.css"
    sheet.write_text(css, encoding="utf-8")
    found = check.style_addresses(sheet)
    assert found == [] if fault is None else fault in found[0]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://example.org">a link asks nobody until it is followed</a>',
        '<link rel="canonical" href="https://example.org/page.html">',
        '<img src="data:image/png;base64,AAAA" alt="">',
        "<script>const source = 'https://example.org/paper.pdf';</script>",
        '<svg><image href="data:image/png;base64,AAAA"/></svg>',
    ],
)
def test_pages_that_stay_at_home(site: Path, body: str):
    assert check.third_party(page(site, body)) == []


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://cdn.example.org/mathjax.js"></script>',
        '<script src="//cdn.example.org/mathjax.js"></script>',
        '<link rel="stylesheet" href="https://fonts.example.org/css">',
        '<link rel="preconnect" href="https://fonts.example.org">',
        '<img src="https://example.org/badge.png" alt="A badge of a test that has passed">',
        '<iframe src="https://example.org/video"></iframe>',
        '<p style="background: url(https://example.org/a.png)"></p>',
        "<style>@import url('https://example.org/a.css');</style>",
        '<script>const THEBE = "https://cdn.example.org/thebe/index.js"</script>',
        '<svg><image href="https://example.org/a.png"/></svg>',
    ],
)
def test_pages_that_ask_other_servers(site: Path, body: str):
    assert len(check.third_party(page(site, body))) == 1


def colab(site: Path, links: str, name: str = "notebooks/01-sigmoid.html") -> list[str]:
    body = f'<div class="article-header-buttons">{links}</div>'
    return check.colab_links(page(site, body, name), site, REPOSITORY, "main")


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout whose notebooks the links open."""
    (tmp_path / "source/notebooks").mkdir(parents=True)
    (tmp_path / "source/notebooks/01-sigmoid.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(check, "ROOT", tmp_path / "source")


@pytest.mark.usefixtures("sources")
def test_colab_button_that_opens_its_lesson(site: Path):
    assert colab(site, f'<a href="{COLAB}">Open in Colab</a>') == []
    assert colab(site, "", "book/page.html") == []


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("", "without a button"),
        (COLAB.replace("01-sigmoid", "02-other"), "opens"),
        (COLAB.replace("notebooks/01-sigmoid.ipynb", "book/01-sigmoid.md"), "opens"),
        (COLAB.replace("someone", "somebody-else"), "not in the repository"),
        (COLAB.replace("/main/", "/master/"), "not in the repository"),
    ],
)
def test_colab_button_that_is_wrong(site: Path, link: str, fault: str):
    found = colab(site, f'<a href="{link}">Open in Colab</a>' if link else "")
    assert any(fault in line for line in found)


@pytest.mark.usefixtures("sources")
def test_colab_button_on_a_page_that_is_no_notebook(site: Path):
    assert any("not a notebook" in line for line in colab(site, f'<a href="{COLAB}"></a>', "book/page.html"))


@pytest.mark.usefixtures("sources")
def test_colab_link_in_the_text_to_a_file_that_is_gone(site: Path):
    body = f'<a href="{COLAB.replace("01-sigmoid", "99-gone")}">open</a>'
    (found,) = check.colab_links(page(site, body), site, REPOSITORY, "main")
    assert "no such file" in found


@pytest.mark.parametrize(
    "body",
    [
        '<img src="a.png" alt="The sigmoid rises from 0 to 1, steepest at z = 0.">',
        '<svg role="img" aria-label="Cost falls from 1.8 to 0.05 in 600 epochs."></svg>',
        '<svg aria-hidden="true"></svg>',
        '<span aria-hidden="true"><svg></svg></span>',
        '<span class="katex"><svg></svg></span>',
    ],
)
def test_pictures_with_words(site: Path, body: str):
    assert check.pictures(page(site, body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<img src="a.png">', "no alt text"),
        ('<img src="a.png" alt=" ">', "no alt text"),
        ("<svg></svg>", "no alt text"),
        ('<img src="a.png" alt="../_images/0a1b2c3d4e5f60718293.png">', "a file name"),
        ('<img src="a.png" alt="A curve">', "too short"),
    ],
)
def test_pictures_without_words(site: Path, body: str, fault: str):
    (found,) = check.pictures(page(site, body))
    assert fault in found


@pytest.mark.parametrize(
    "body",
    [
        "<p>Costs $5, and 2 ** 3 is eight.</p>",
        "<pre>```{note}\n$$\\sigma$$ **bold**</pre>",
        "<p><code>{doc}`page`</code></p>",
        '<math><annotation encoding="application/x-tex">\\frac{1}{2}</annotation></math>',
    ],
)
def test_markup_that_was_rendered(site: Path, body: str):
    assert check.leftovers(page(site, body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<span class="katex-error">\\frc{1}</span>', "KaTeX error"),
        ('<div class="system-message">Unknown directive</div>', "error message"),
        ("<p>:::{note}\nText\n:::</p>", "a directive"),
        ("<p>See {ref}`the-page`.</p>", "a role"),
        ("<p>$$\\sigma(z)$$</p>", "a formula"),
        ("<summary>A. $\\frac{1}{2}$</summary>", "a formula"),
        ("<p>**Trap.** Not bold.</p>", "asterisks"),
        ("<summary>B. `cost` is a place in the drawing.</summary>", "backticks"),
    ],
)
def test_markup_that_was_not_rendered(site: Path, body: str, fault: str):
    found = check.leftovers(page(site, body))
    assert any(fault in line for line in found)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ('<script src="../_static/a.js?v={digest}"></script>', 0),
        ('<script src="/course/_static/a.js?v={digest}"></script>', 0),
        ('<link rel="icon" href="../_static/a.js?v={digest}">', 0),
        ('<script src="../_static/a.js"></script>', 1),
        ('<script src="../_static/a.js?v=0123abcd"></script>', 1),
        ('<link rel="icon" href="../_static/a.js">', 1),
    ],
)
def test_addresses_with_their_digest(site: Path, body: str, faults: int):
    script = site / "_static/a.js"
    script.write_text("1", encoding="utf-8")
    assert len(check.digests(page(site, body.format(digest=digest(script))), site)) == faults


def test_faults_name_their_file_and_decide_the_exit_code(site: Path, capsys: pytest.CaptureFixture[str]):
    page(site, '<a href="gone.html">gone</a>')
    (site / "_static/site.css").write_text("a { background: url(gone.png) }", encoding="utf-8")
    assert check.main([str(site)]) == 1
    said = capsys.readouterr().out
    assert "book/page.html: <a href='gone.html'>: no such file" in said
    assert "_static/site.css: url(gone.png): no such file" in said


ADDRESS = "https://someone.github.io/course/"


def whole(name: str, body: str = "<h1>Title</h1>", said: str = "", **parts: str) -> str:
    """A page as the site has them; `parts` replace its title, its canonical link and its opening tag."""
    said = said or f"What the page {name} is about, in enough words to tell it from all others."
    title = parts.get("title", "<title>Title</title>")
    canonical = parts.get("canonical", f'<link rel="canonical" href="{ADDRESS}{name}">')
    html = parts.get("html", '<html lang="en">')
    meta = f'<meta name="description" content="{said}">'
    return f"{html}<head>{title}{meta}{canonical}</head><body><article>{body}</article></body></html>"


@pytest.fixture
def whole_site(site: Path) -> Path:
    """A site without a fault."""
    for path in site.rglob("*.html"):
        path.unlink()
    for name, place in {"book/index.html": "", "search.html": "", "index.html": "book/index.html"}.items():
        canonical = f'<link rel="canonical" href="{ADDRESS}{place or name}">'
        (site / name).write_text(whole(name, canonical=canonical), encoding="utf-8")
    not_found = whole("404.html", '<h1>Title</h1><a href="/course/book/index.html">start</a>')
    (site / "404.html").write_text(not_found, encoding="utf-8")
    (site / "sitemap.xml").write_text(f"<loc>{ADDRESS}book/index.html</loc>", encoding="utf-8")
    for name, place in (
        (ANSWERS, ["term", "", "Title", "Text"]),
        (LESSONS, ["section", "", "Title", "Text"]),
    ):
        data = as_script({"pages": [["book/index.html", "Title", [place]]]})
        (site / "_static" / name).write_text(data, encoding="utf-8")
    for cached in (check.soup, check.anchors, check.size):
        cached.cache_clear()
    return site


def test_no_faults_is_exit_code_0(whole_site: Path, capsys: pytest.CaptureFixture[str]):
    assert check.main([str(whole_site)]) == 0
    assert "no faults" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (whole("book/page.html", html="<html>"), "no language"),
        (whole("book/page.html", body="<p>Text</p>"), "0 <h1>"),
        (whole("book/page.html", body="<h1>One</h1><h1>Two</h1>"), "2 <h1>"),
        (whole("book/page.html", title=""), "no <title>"),
        (whole("book/page.html", said="Too short."), "10 characters"),
        (whole("book/page.html", said="long " * 40), "200 characters"),
        (whole("book/page.html").replace('name="description"', 'name="other"'), "0 descriptions"),
        (whole("book/page.html", canonical=""), "canonical address []"),
        (whole("book/other.html"), "canonical address"),
    ],
)
def test_head_that_lacks_something(whole_site: Path, text: str, fault: str):
    path = whole_site / "book/page.html"
    path.write_text(text, encoding="utf-8")
    (found,) = check.head(path, whole_site, ADDRESS)
    assert fault in found


def test_descriptions_that_are_the_same(whole_site: Path):
    pages = [whole_site / "search.html", whole_site / "book/index.html"]
    assert check.same_descriptions(pages, whole_site) == []
    for path in pages:
        path.write_text(whole("x", said="The same words on two pages, and long enough."), encoding="utf-8")
    check.soup.cache_clear()
    assert check.same_descriptions(pages, whole_site) == [
        "search.html, book/index.html: the same description"
    ]


def noise(number: int) -> bytes:
    """Bytes that gzip cannot pack."""
    return random.Random(0).randbytes(number)


LAB = '<loss-lab kind="one">words</loss-lab><loss-lab kind="two">words</loss-lab><loss-lab kind="one">words</loss-lab>'
SHARED, ONE, TWO = (
    f'<script src="../_static/loss-lab{kind}.js?v=1" defer></script>' for kind in ("", "-one", "-two")
)


def figure_site(site: Path, heavy: int = 4_000) -> None:
    """Write the scripts of two figures, and one as heavy as told."""
    for kind, number in {"": 5_000, "-one": 4_000, "-two": heavy}.items():
        (site / f"_static/loss-lab{kind}.js").write_bytes(noise(number))
    check.size.cache_clear()


LATER = '<loss-lab kind="two" src="../_static/loss-lab-two.js?v=1">words</loss-lab>'


@pytest.mark.parametrize(
    "body",
    [
        "<p>no figure</p>",
        LAB + SHARED + ONE + TWO,
        LAB + SHARED + TWO + ONE,
        '<loss-lab kind="one"></loss-lab>' + LATER + SHARED + ONE,
        LATER + SHARED,
    ],
)
def test_figures_with_their_scripts(site: Path, body: str):
    figure_site(site)
    assert check.figures(page(site, body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (LAB, "loss-lab.js is not loaded"),
        (LAB + SHARED + ONE, "loss-lab-two.js is not loaded"),
        (LAB + ONE + TWO, "loss-lab.js is not loaded"),
        (SHARED, "loss-lab.js is loaded by a page that shows no such figure"),
        ('<loss-lab kind="one"></loss-lab>' + SHARED + ONE + TWO, "loss-lab-two.js is loaded by a page"),
        ("<loss-lab>words</loss-lab>" + SHARED, "loss-lab-.js is not loaded"),
        (LAB + ONE + SHARED + TWO, "loss-lab.js has to be the first"),
        (LATER + SHARED + TWO, "loss-lab-two.js is loaded by a page"),
        (LATER, "loss-lab.js is not loaded"),
    ],
)
def test_figures_with_other_scripts(site: Path, body: str, fault: str):
    figure_site(site)
    assert fault in "\n".join(check.figures(page(site, body)))


def test_figures_that_weigh_too_much(site: Path):
    figure_site(site, heavy=5_000)  # 14,000 of noise, and what gzip adds
    (found,) = check.figures(page(site, LAB + SHARED + ONE + TWO))
    assert "bytes gzip, which is not below 14,000" in found
    assert check.figures(page(site, '<loss-lab kind="two"></loss-lab>' + SHARED + TWO)) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ('<a href="#main">skip</a> <a href="https://example.org">other</a>', None),
        ('<a href="book/index.html">start</a>', "does not begin with /course/"),
        ('<script src="/_static/a.js"></script>', "does not begin with /course/"),
        ('<a href="/course/gone.html">gone</a>', "no such file"),
    ],
)
def test_links_of_the_404_page(whole_site: Path, link: str, fault: str | None):
    path = page(whole_site, link, "404.html")
    found = check.not_found_links(path, whole_site, ADDRESS)
    assert found == [] if fault is None else fault in found[0]


def test_site_map_that_is_not_complete(whole_site: Path):
    pages = [*whole_site.glob("*.html"), *whole_site.glob("book/*.html"), whole_site / "book/new.html"]
    (found,) = check.site_map(pages, whole_site, ADDRESS)
    assert found == f"sitemap.xml: {ADDRESS}book/new.html is missing"
    (found,) = check.site_map([], whole_site, ADDRESS)
    assert found == f"sitemap.xml: {ADDRESS}book/index.html is not a page"
    (whole_site / "sitemap.xml").unlink()
    assert check.site_map(pages, whole_site, ADDRESS) == ["sitemap.xml: missing"]


@pytest.mark.parametrize("name", [ANSWERS, LESSONS])
def test_search_that_leads_nowhere(whole_site: Path, name: str):
    path = whole_site / "_static" / name
    place = ["question", "gone", "Title", "Text"]
    path.write_text(as_script({"pages": [["book/index.html", "Title", [place]]]}), encoding="utf-8")
    assert check.search_targets(whole_site) == ["search: book/index.html#gone: no such anchor in that page"]
    path.unlink()
    assert check.search_targets(whole_site) == [f"_static/{name}: missing, the search finds nothing"]


def test_search_whose_data_are_too_large_for_a_phone(whole_site: Path, monkeypatch: pytest.MonkeyPatch):
    assert check.search_targets(whole_site) == []
    monkeypatch.setattr(check, "SEARCH_BYTES", 50)
    (fault,) = check.search_targets(whole_site)
    assert re.fullmatch(r"the data of the search come to \d+ bytes gzip, more than 50", fault)


def test_an_empty_folder_is_a_fault(tmp_path: Path):
    assert "make book" in check.check(tmp_path)[0]


def test_built_site_has_no_faults():
    if not check.SITE.is_dir():
        pytest.fail("run `make book` first")
    check.soup.cache_clear()
    check.anchors.cache_clear()
    assert check.check(check.SITE) == []
