"""Put the digest of every script, style, font and icon into its address, so that no reader mixes two releases.

Servers let browsers keep a file for a while. A new page with an old script, or the other way round, may not work.
Sphinx does this for some scripts, but before they have their final content.
"""

import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx

KINDS = r"js|css|svg|png|woff2"
IN_PAGE = re.compile(rf"""(["'])((?:[^"'\s<>]*/)?_static/([^"'\s<>?#]+\.(?:{KINDS})))(?:\?v=\w*)?(?=\1)""")
IN_SHEET = re.compile(rf"""(url\(")(([^":?#)]+\.(?:{KINDS})))(?=")""")


def digest(path: Path) -> str:
    """Return what changes with the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def with_digests(text: str, addresses: re.Pattern[str], static: Path) -> str:
    """Return a page or a sheet in which the addresses of files in `static` end in `?v=` and the digest."""

    def add(found: re.Match[str]) -> str:
        file = static / found[3]
        return f"{found[1]}{found[2]}?v={digest(file)}" if file.is_file() else found[0]

    return addresses.sub(add, text)


def write_digests(app: Sphinx, error: Exception | None) -> None:
    """Rewrite the sheet, whose digest depends on its fonts, and then all pages."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for paths, addresses in ((static.glob("*.css"), IN_SHEET), (Path(app.outdir).rglob("*.html"), IN_PAGE)):
        for path in sorted(paths):
            text = path.read_text(encoding="utf-8")
            path.write_text(with_digests(text, addresses, static), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", write_digests, priority=990)  # after what writes or changes a file
    return {"parallel_read_safe": True, "parallel_write_safe": False}
