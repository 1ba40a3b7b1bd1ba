"""Everything that makes this site differ from a plain Jupyter Book; each module does one thing."""

import hashlib

from sphinx.application import Sphinx

from course.paths import WEBSITE

MODULES = (
    "site_address",
    "math_katex",
    "katex_fonts",
    "figures",
    "places",
    "asides",
    "folded_cells",
    "code_colours",
    "inline_code",
    "tables",
    "page_links",
    "preview_cards",
    "last_updated",
    "search_bundle",
    "search_data",
    "lab_bundle",
    "lab_data",
    "theme_trim",
    "one_style_sheet",
    "digests",
)


def digest() -> str:
    """Return a value that changes when one of these modules does, so that Sphinx builds all pages again."""
    files = sorted(path for path in (WEBSITE / "ext").iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    app.add_config_value("course_site_digest", digest(), "env")
    # Jupyter Book sets it for its comment boxes, which this site does not have
    app.add_config_value("comments_config", {}, "")
    app.add_css_file("site.css", priority=900)  # after the theme's
    app.add_css_file("icons.css", priority=900)
    app.add_js_file("menus.js")
    app.add_js_file("shortcut.js")
    app.add_js_file("copy-formulas.js")
    app.add_js_file("measure.js", priority=900)  # after the figures, whose heights it measures
    return {"parallel_read_safe": True, "parallel_write_safe": False}
