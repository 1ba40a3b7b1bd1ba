"""Let long inline code break after a dot, an underscore, a comma, a bracket or an equals sign, not inside a name."""

import re
from typing import Any

from sphinx.application import Sphinx

PIECE = re.compile(r'(?<=<span class="pre">)([^<]{13,})(?=</span>)')  # shorter ones fit on any line
JOINT = re.compile(r"(?<=[\w)\]])((?:&[a-z]+;|[._,(\[=/])+)(?=[\w&'\"])")


def breakable(body: str) -> str:
    """Return HTML whose inline code has `<wbr>` behind its joints; copied text stays the same."""
    return PIECE.sub(lambda piece: JOINT.sub(r"\1<wbr>", piece[1]), body)


def mark_joints(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Treat the body of one page."""
    context["body"] = breakable(context.get("body") or "")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", mark_joints, priority=940)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
