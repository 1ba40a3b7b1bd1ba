"""Make the preview of a page, shown where its address is shared, say what the page's own description says."""

from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxext import opengraph

from website.ext.page_links import description


def describe(doctree: nodes.document, _length: int, _titles: object = None) -> str:
    """Replace the extension's own text, which puts commas between the items of a list."""
    return description(doctree)


def name_site(_app: Sphinx, config: Config) -> None:
    """Give previews the title of the course; Jupyter Book sets no project."""
    config.ogp_site_name = config.html_title


def shrink_cards(app: Sphinx, error: Exception | None) -> None:
    """Store the cards with sixteen colours: they hold text and one line, and become a third as large."""
    if error or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir, "_images", "social_previews").glob("*.png")):
        with Image.open(path) as card:
            small = card.convert("RGB").quantize(16, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("sphinxext.opengraph")
    opengraph.get_description = describe
    app.connect("config-inited", name_site, priority=400)
    app.connect("build-finished", shrink_cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
