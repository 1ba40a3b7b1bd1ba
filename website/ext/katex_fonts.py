"""Reduce the fonts of the formulas to the characters that the course's formulas use, a third of their size."""

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

from website.ext.math_katex import USED


def subset(font: bytes, characters: set[str]) -> bytes:
    """Return a WOFF2 font that has only these characters; the same input gives the same bytes."""
    options = Options()
    options.flavor = "woff2"
    options.notdef_outline = True
    options.layout_features = []  # KaTeX places each character itself
    cut = TTFont(BytesIO(font), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(cut)
    cut.flavor = "woff2"
    out = BytesIO()
    cut.save(out)
    return out.getvalue()


def cut_fonts(app: Sphinx, error: Exception | None) -> None:
    """Rewrite the fonts in _static; delete those of which no character is used."""
    if error or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir, "_static", "katex", "fonts").glob("*.woff2")):
        path.write_bytes(subset(path.read_bytes(), USED))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", cut_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
