"""Give an anchor to each place that answers by itself: a trap, a term of the glossary, a row of the error table.

The search leads there, and so can any link. What the text says stays as it is: an anchor is made from the words that
the place begins with. An anchor that was there before stays.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from website.ext.asides import leading_bold
from website.ext.words import words

GLOSSARY = "glossary"
TABLES = ("what-each-error-means", "names-that-are-gone")  # sections whose tables have an answer in each row
TEX = re.compile(r"\\(?:left|right|quad|text|mathrm|operatorname|mathbf|boldsymbol|begin|end|,|;|!)|[\\{}$]")
FRACTION = re.compile(r"\\t?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
POWER = re.compile(r"\^\{?(-?\d+)\}?")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(node: nodes.Node) -> str:
    """Return the words of a node, its formulas as one types them."""
    if isinstance(node, nodes.math | nodes.math_block):
        tex = POWER.sub(lambda found: found[1].translate(RAISED), FRACTION.sub(r" \1/(\2)", node.astext()))
        return TEX.sub("", tex)
    if isinstance(node, nodes.raw):
        return re.sub(r"<[^>]*>", "", node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(map(plain, node.children))


def trap_title(quote: nodes.Node, language: str | None) -> str:
    """Return what a trap, `> **Trap: the lost brackets.**`, calls itself, with a capital; nothing for another node."""
    if not isinstance(quote, nodes.block_quote):
        return ""
    bold = leading_bold(quote)
    names = [word for word, kind in words(language)["asides"].items() if kind == "trap"]
    if bold is None or not (
        found := re.match(rf"(?:{'|'.join(names)})\b[^:.]*[:.]\s*(.*)", plain(bold), re.DOTALL)
    ):
        return ""
    title = found[1].strip().rstrip(".") or first_words(quote, plain(bold))
    return title[:1].upper() + title[1:]


def first_words(quote: nodes.block_quote, bold: str) -> str:
    """Return how the text after a bold word begins, up to the first stop."""
    return re.split(r"[.:;?]\s", plain(quote).removeprefix(bold).strip())[0].rstrip(".")


def term_title(term: nodes.term) -> str:
    """Return the term of a glossary, without its translation."""
    return plain(term).split(" · ")[0].strip()


def table_rows(section: nodes.section) -> Iterator[nodes.row]:
    """Yield the rows below the headings of all tables in a section, not those of its own sections."""
    for body in section.findall(nodes.tbody):
        owner = body.parent
        while not isinstance(owner, nodes.section):
            owner = owner.parent
        if owner is section:
            yield from body.findall(nodes.row)


def mark(page: nodes.document, name: str, language: str | None) -> None:
    """Give the places of the page `name` their anchors, each one once."""
    taken = {anchor for node in page.findall(nodes.Element) for anchor in node["ids"]}

    def give(node: nodes.Element, kind: str, title: str) -> None:
        anchor = start = nodes.make_id(f"{kind} {title}")
        number = 2
        while anchor in taken:
            anchor, number = f"{start}-{number}", number + 1
        taken.add(anchor)
        node["ids"].append(anchor)

    for quote in page.findall(nodes.block_quote):
        if title := trap_title(quote, language):
            give(quote, "trap", title)
    if name == GLOSSARY:
        for term in page.findall(nodes.term):
            give(term, "term", term_title(term))
    for section in page.findall(nodes.section):
        if set(section["ids"]) & set(TABLES):
            for row in table_rows(section):
                give(row, "row", plain(row.children[0]))


class Anchors(SphinxTransform):
    """Write the anchors into the pages as they are read."""

    default_priority = 880  # all sections have theirs

    def apply(self, **_: object) -> None:
        """Mark the places of one page."""
        mark(self.document, self.env.docname.rpartition("/")[2], self.config.language)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_transform(Anchors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
