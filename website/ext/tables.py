"""Mark table cells that hold a sentence or a long call, so that a phone makes them wide enough to read."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TAGS = re.compile(r"<[^>]*>")  # a cell of a table that a notebook printed holds raw HTML
LONG = 24  # characters: a shorter text is easy to read even with one word per line


class LongCells(SphinxPostTransform):
    """Give a cell of more than `LONG` characters the class `long`."""

    default_priority = 210
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Mark the cells of one page."""
        for cell in self.document.findall(nodes.entry):
            if len(TAGS.sub("", cell.astext())) > LONG:
                cell["classes"].append("long")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(LongCells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
