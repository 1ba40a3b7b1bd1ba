"""Let long inline code break between its parts, not inside a name; keep short code on one line."""

import re
from html import unescape
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r'<code class="([^"]*)">(.*?)</code>', re.DOTALL)
PIECE = re.compile(r'(?<=<span class="pre">)([^<]{13,})(?=</span>)')  # shorter ones fit on any line
# after a dot, an underscore, a comma, a bracket or an equals sign; before a capital inside a name
JOINT = re.compile(r"(?<=[\w)\]])((?:&[a-z]+;|[._,(\[=/])+)(?=[\w&'\"])|(?<=[a-z]{3})(?=[A-Z][a-z]{3})")
TAGS = re.compile(r"<[^>]*>")
SHORT = 10  # characters: a shape such as (1347, 64) is never broken
WHOLE = 24  # characters: fits on a phone's line, but not into a column


def breakable(body: str) -> str:
    """Return HTML whose inline code has `<wbr>` between its parts; copied text stays the same.

    Code of at most `WHOLE` characters gets the class `whole`, of at most `SHORT` characters `short`: site.css
    keeps them on one line.
    """
    return CODE.sub(_treat, body)


def _treat(code: re.Match[str]) -> str:
    classes, inside = code.groups()
    signs = len(unescape(TAGS.sub("", inside)))
    classes += " short" if signs <= SHORT else " whole" if signs <= WHOLE else ""
    inside = PIECE.sub(lambda piece: JOINT.sub(r"\1<wbr>", piece[1]), inside)
    return f'<code class="{classes}">{inside}</code>'


def mark_joints(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Mark the code in the body of one page."""
    context["body"] = breakable(context.get("body") or "")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", mark_joints, priority=940)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
