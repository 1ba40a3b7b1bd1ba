"""Everything by which this site differs from a plain Jupyter Book; each module does one thing."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

MODULES = (
    "math_katex",
    "figures",
    "asides",
    "folded_cells",
    "page_links",
    "theme_trim",
    "lab_bundle",
    "lab_data",
)


def digest() -> str:
    """Return what changes when one of these modules does: Sphinx then builds all pages again."""
    files = sorted(path for path in Path(__file__).parent.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    for module in MODULES:
        app.setup_extension(module)
    app.add_config_value("course_site_digest", digest(), "env")
    # Jupyter Book sets it for its comment boxes, which this site does without
    app.add_config_value("comments_config", {}, "")
    app.add_css_file("site.css", priority=900)  # after the theme's
    app.add_css_file("icons.css", priority=900)
    app.add_js_file("scroll-boxes.js")
    return {"parallel_read_safe": True, "parallel_write_safe": False}
