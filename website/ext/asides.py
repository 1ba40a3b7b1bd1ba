"""Mark block quotes that begin in bold (`> **Trap.** ...`) so that CSS can style them."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from website.ext.words import words


def leading_bold(quote: nodes.block_quote) -> nodes.strong | None:
    """Return the bold words that a block quote begins with, or None."""
    first = next(iter(quote.children), None)
    if not isinstance(first, nodes.paragraph):
        return None
    # MyST puts an empty text before a bold word
    start = next((child for child in first.children if child.astext()), None)
    return start if isinstance(start, nodes.strong) else None


class Asides(SphinxPostTransform):
    """Give a block quote the classes `aside` and `aside-KIND`; KIND comes from words.json."""

    default_priority = 210
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Mark the block quotes of one page."""
        kinds = words(self.config.language)["asides"]
        for quote in self.document.findall(nodes.block_quote):
            if bold := leading_bold(quote):
                quote["classes"] += ["aside", f"aside-{self._kind(bold.astext(), kinds)}"]

    @staticmethod
    def _kind(bold: str, kinds: dict[str, str]) -> str:
        """Return the kind whose word `bold` begins with, as a whole word; for any other text the kind is note."""
        for word, kind in kinds.items():
            if re.match(rf"{re.escape(word)}(?![a-z])", bold):
                return kind
        return "note"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(Asides)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
