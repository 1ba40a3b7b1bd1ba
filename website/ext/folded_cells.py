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


def _has_picture(node: nodes.Element) -> bool:
    """Tell whether there is a picture in a node; figures.py marks what it puts in place of one."""
    return any(PICTURE in part.get("classes", []) for part in node.findall(nodes.Element))


def name(node: HideCodeCellNode, say: dict[str, str]) -> str:
    """Return what a folded cell is called: by its picture where that is in view, by its title, or by what it does."""
    # a cell that is folded with its outputs stands by itself
    if node.parent is not None and _has_picture(node.parent) and not _has_picture(node):
        return say["a_picture"]
    code = next((part.astext() for part in node.findall(nodes.literal_block)), "")
    if match := TITLE.match(code.lstrip()):
        return match[1][0].lower() + match[1][1:]
    return say["imports" if IMPORT.search(code) else "a_cell"]


def visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open a `<details>` whose summary says what it shows; myst-nb's only says "Toggle hidden content"."""
    say = words(self.config.language)["page"]
    title = name(node, say)
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
