"""Name the row that unfolds a hidden cell: after the cell's own `# @title` line, or after what the cell does."""

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from website.ext.figures import PICTURE
from website.ext.words import words

TITLE = re.compile(r"^#\s*@title\s+([^:\n]+?)\s*(?:[:{].*)?$", re.MULTILINE)


IMPORT = re.compile(r"^import tensorflow as tf$", re.MULTILINE)


def _kind(node: HideCodeCellNode, code: nodes.literal_block | None) -> str:
    """Return the key of the words for a cell without a title; figures.py marks what it puts in place of a picture."""
    if any(PICTURE in part.get("classes", []) for part in node.parent.findall(nodes.Element)):
        return "a_picture"
    return "imports" if code is not None and IMPORT.search(code.astext()) else "a_cell"


def visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open a `<details>` whose summary says what it shows; myst-nb's only says "Toggle hidden content"."""
    say = words(self.config.language)["page"]
    code = next(iter(node.findall(nodes.literal_block)), None)
    match = TITLE.match(code.astext().lstrip()) if code is not None else None
    title = match[1][0].lower() + match[1][1:] if match else say[_kind(node, code)]
    self.body.append(
        '<details class="fold"><summary>'
        f'<span class="collapsed">{self.encode(say["show"].format(title=title))}</span>'
        f'<span class="expanded">{self.encode(say["hide"].format(title=title))}</span></summary>\n'
    )


def depart(self: HTML5Translator, _node: HideCodeCellNode) -> None:
    """Close the `<details>`."""
    self.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
