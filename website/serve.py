"""Serve a built site over HTTP as GitHub Pages does: gzip, an hour's cache, below a sub-path, its own 404 page.

The browser tests and Lighthouse measure through it, so that they count the bytes that a reader would download.
"""

import gzip
import http.server
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The pages of a project are not at the root of their host; here too, absolute links must therefore fail.
SUB_PATH = "/course/"
CANONICAL = re.compile(r'<link rel="canonical" href="https?://[^/"]+(/[^"]*?)search\.html"')
PACKED = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")


@dataclass(frozen=True)
class Site:
    """A folder that is being served, and its address."""

    folder: Path
    url: str  # ends with a slash

    def pages(self) -> list[str]:
        """Return every page of the site, relative to its root."""
        return pages(self.folder)


def pages(folder: Path) -> list[str]:
    """Return every page of a built site, relative to its root, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] not in ("_static", "_sources"))


def sub_path(folder: Path) -> str:
    """Return the path that a built site says it will have, and on which its 404 page relies; else SUB_PATH."""
    search = folder / "search.html"
    found = CANONICAL.search(search.read_text(encoding="utf-8")) if search.is_file() else None
    return found[1] if found else SUB_PATH


@cache
def packed(path: Path, _changed: int) -> bytes:
    """Return the gzipped content of a file; level 6 is what servers use."""
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers GET and HEAD for the files of one folder."""

    protocol_version = "HTTP/1.1"  # keeps connections open, as every real server does
    root: Path
    sub_path: str

    def do_GET(self) -> None:
        """Send a file, packed if that helps and the client accepts it."""
        path = unquote(urlsplit(self.path).path)
        if f"{path}/" == self.sub_path:
            return self.redirect(self.sub_path)
        if not path.startswith(self.sub_path):
            return self.send_error(HTTPStatus.NOT_FOUND)
        file = (self.root / path.removeprefix(self.sub_path)).resolve()
        if file.is_dir() and not path.endswith("/"):
            return self.redirect(f"{path}/")
        file = file / "index.html" if file.is_dir() else file
        if file.is_file() and file.is_relative_to(self.root):
            return self.send(HTTPStatus.OK, file)
        if (self.root / "404.html").is_file():
            return self.send(HTTPStatus.NOT_FOUND, self.root / "404.html")
        return self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def redirect(self, to: str) -> None:
        """Send the client to another address."""
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, status: HTTPStatus, file: Path) -> None:
        """Send the content of a file."""
        kind = self.guess_type(file)
        pack = kind.startswith(PACKED) and "gzip" in self.headers.get("Accept-Encoding", "")
        body = packed(file, file.stat().st_mtime_ns) if pack else file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith(PACKED) else kind)
        if pack:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Cache-Control", "max-age=3600")
        # a sandboxed frame has no origin, and its fonts need this
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: what matters is recorded in the browser."""


class Server(http.server.ThreadingHTTPServer):
    """A server that prints no traceback when a browser goes away in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore connections that the browser dropped; report the rest."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Serve a folder on a free port of this machine while the context lasts."""
    path = sub_path(folder)
    handler = type("SiteHandler", (Handler,), {"root": folder.resolve(), "sub_path": path})
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Site(folder.resolve(), f"http://127.0.0.1:{server.server_port}{path}")
        finally:
            server.shutdown()
            thread.join()
