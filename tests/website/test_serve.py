"""website/serve.py answers as GitHub Pages does, seen over real connections."""

import gzip
import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from website import serve

PAGE = "<h1>Softmax</h1>" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "index.html",
        "notebooks/04 softmax.html",
        "_static/theme.html",
        "_sources/a.html",
        "404.html",
    ):
        path = tmp_path / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} {PAGE}", encoding="utf-8")
    (tmp_path / "html/_static/font.woff2").write_bytes(bytes(500))
    (tmp_path / "html/notebooks/index.html").write_text("lessons", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("beside the site", encoding="utf-8")
    return tmp_path / "html"


@pytest.fixture
def site(folder: Path) -> Iterator[serve.Site]:
    with serve.serving(folder) as served:
        yield served


def ask(site: serve.Site, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Return an answer with its body in `content`; `path` begins at the root of the server."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


def test_pages_are_those_that_readers_see(site: serve.Site):
    assert site.pages() == ["404.html", "index.html", "notebooks/04 softmax.html", "notebooks/index.html"]


def test_text_is_packed_for_whoever_takes_it(site: serve.Site):
    plain = ask(site, "/course/notebooks/04%20softmax.html")
    assert (plain.status, plain.headers["Content-Encoding"]) == (200, None)
    assert plain.headers["Content-Type"] == "text/html; charset=utf-8"
    packed = ask(site, "/course/notebooks/04%20softmax.html?a=b", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 4


def test_font_is_sent_as_it_is(site: serve.Site):
    font = ask(site, "/course/_static/font.woff2", **{"Accept-Encoding": "gzip"})
    assert (font.headers["Content-Encoding"], font.headers["Content-Type"]) == (None, "font/woff2")
    assert len(font.content) == 500


def test_changed_file_is_packed_anew(site: serve.Site):
    index = site.folder / "index.html"
    first = ask(site, "/course/", **{"Accept-Encoding": "gzip"})
    index.write_text("another", encoding="utf-8")
    second = ask(site, "/course/", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(first.content) != gzip.decompress(second.content) == b"another"


def test_head_sends_no_body(site: serve.Site):
    asked = ask(site, "/course/index.html", "HEAD")
    assert asked.content == b""
    assert int(asked.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("path", "to"), [("/course", "/course/"), ("/course/notebooks", "/course/notebooks/")]
)
def test_folder_leads_to_its_page(site: serve.Site, path: str, to: str):
    moved = ask(site, path)
    assert (moved.status, moved.headers["Location"]) == (301, to)
    assert ask(site, to).status == 200


@pytest.mark.parametrize(
    "path", ["/course/no/such.html", "/course/../secret.txt", "/course/%2e%2e/secret.txt"]
)
def test_what_is_not_in_the_site_gets_its_own_404_page(site: serve.Site, path: str):
    missing = ask(site, path)
    assert missing.status == 404
    assert missing.content.startswith(b"404.html")


def test_without_a_404_page_the_server_says_it(site: serve.Site):
    (site.folder / "404.html").unlink()
    assert ask(site, "/course/no/such.html").status == 404


def test_nothing_is_served_at_the_root_of_the_host(site: serve.Site):
    """An absolute link would work there, and fail below the sub-path of a project's pages."""
    assert ask(site, "/").status == ask(site, "/index.html").status == 404


def test_sub_path_is_the_one_that_the_site_names(folder: Path):
    link = '<link rel="canonical" href="https://someone.github.io/lessons/search.html"/>'
    (folder / "search.html").write_text(link, encoding="utf-8")
    with serve.serving(folder) as site:
        assert site.url.endswith("/lessons/")
        assert ask(site, "/lessons/index.html").status == 200
    (folder / "search.html").write_text(link.replace("lessons/", ""), encoding="utf-8")
    assert serve.sub_path(folder) == "/", "a site at the root of its host"


def test_client_that_goes_away_is_no_error_and_other_errors_are(
    site: serve.Site, capsys: pytest.CaptureFixture
):
    server = serve.Server(("127.0.0.1", 0), serve.Handler)
    with socket.socket() as client:
        for error in (ConnectionResetError("gone"), ValueError("a fault")):
            try:
                raise error
            except (ConnectionError, ValueError):
                server.handle_error(client, ("127.0.0.1", 1))
    server.server_close()
    said = capsys.readouterr().err
    assert "a fault" in said and "gone" not in said
