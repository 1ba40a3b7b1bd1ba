"""Put SVG figures into the page itself, give other pictures their size, refuse a picture without alt text."""

from html import escape
from pathlib import Path

import imagesize
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from website.ext.inline_svg import inline_svg
from website.ext.words import words

PICTURE = "picture"  # the class of the node that takes the place of one

log = logging.getLogger(__name__)


class InlineFigures(SphinxPostTransform):
    """Replace image nodes; runs after myst-nb has chosen one form of each output."""

    default_priority = 300
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Process the pictures of one page in their order."""
        known: dict[str, str] = {}
        for number, node in enumerate(list(self.document.findall(nodes.image)), start=1):
            alt = " ".join(node.get("alt", "").split())
            if not alt:
                log.warning("picture without alt text: %s", node["uri"], location=node, type="figures")
            path = Path(self.app.srcdir, node["uri"])
            if "://" in node["uri"] or not path.is_file():
                continue  # Sphinx itself warns of a file that is missing
            if path.suffix == ".svg":
                self._inline(node, path, alt, number, known)
            elif "width" not in node and "height" not in node:
                width, height = imagesize.get(path)
                node["width"], node["height"] = f"{width}px", f"{height}px"

    def _inline(self, node: nodes.image, path: Path, alt: str, number: int, known: dict[str, str]) -> None:
        try:
            svg = inline_svg(path.read_text(encoding="utf-8"), alt, f"f{number}-", known)
        except ValueError as error:
            log.warning("%s: %s", node["uri"], error, location=node, type="figures")
            return
        label = escape(words(self.config.language)["page"]["figure"])
        box = f'<div class="scroll-box" data-label="{label}">{svg}</div>'
        around = (
            node.parent
        )  # a paragraph cannot hold a box: browsers would close it before and make an empty one after
        alone = isinstance(around, nodes.paragraph) and len(around) == 1
        (around if alone else node).replace_self(nodes.raw("", box, format="html", classes=[PICTURE]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
