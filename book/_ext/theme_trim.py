"""Leave out what the theme and Sphinx load on every page without need.

What the theme's own options cannot switch off is done here; pinned versions in requirements.txt keep it true.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from words import words

# file name -> what must stand in a page's body for the page to load it
ON_DEMAND = {
    "katex.min.css": 'class="katex',
    "mystnb.": 'class="cell',
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
    "copybutton.css": 'class="highlight',
    "loss-lab.js": "<loss-lab",
    "scroll-boxes.js": 'class="scroll-box',
}
DEFERRED = ("clipboard", "copybutton", "sphinx_highlight", "sphinx-book-theme", "loss-lab", "scroll-boxes")
# fontawesome.js: 1.5 MB that replace icons while the page is open; book/_assets/icons.css does without.
# bootstrap.js: tooltips and drop-down menus, of which book/_templates uses none.
UNUSED_SCRIPTS = re.compile(
    r"\s*<!--[^>]*custom icons -->|\s*<script[^>]*/(?:fontawesome|bootstrap)\.js[^>]*></script>"
    r"|\s*<link[^>]*/bootstrap\.js[^>]*>"
)
ICON_RULES = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}|@font-face\{[^}]*fontawesome[^}]*\}')
# an empty heading cell, as pandas writes it, is announced as a heading without a name
EMPTY_HEADING = re.compile(r"<th>\s*</th>")


def trim_page(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Choose the scripts and styles of one page."""
    body = EMPTY_HEADING.sub("<td></td>", context.get("body") or "")
    context["body"] = body

    def needed(asset: Any) -> bool:
        name = str(getattr(asset, "filename", asset) or "")
        return all(mark in body for file, mark in ON_DEMAND.items() if file in name)

    context["css_files"] = [asset for asset in context.get("css_files", []) if needed(asset)]
    context["script_files"] = [asset for asset in context.get("script_files", []) if needed(asset)]
    for script in context["script_files"]:
        if any(name in str(script.filename or "") for name in DEFERRED):
            script.attributes["defer"] = "defer"
    context["without_unused_scripts"] = lambda part: UNUSED_SCRIPTS.sub("", part)


def trim_files(app: Sphinx, error: Exception | None) -> None:
    """Remove from the built site the files that no page loads."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    unused = [
        "scripts/fontawesome.js*",
        "scripts/bootstrap.js*",
        "vendor/fontawesome/webfonts/*",
        "**/*.map",
        "images/logo_*",
        "*-macros.html",
        "locales/**/*",
    ]
    for pattern in unused:
        for path in [path for path in static.glob(pattern) if path.is_file()]:
            path.unlink()
    sheet = static / "styles" / "pydata-sphinx-theme.css"
    sheet.write_text(ICON_RULES.sub("", sheet.read_text(encoding="utf-8")), encoding="utf-8")


def write_entrance(app: Sphinx, error: Exception | None) -> None:
    """Write index.html, which leads to the start page; the default one has no language and no link."""
    if error or app.builder.format != "html":
        return
    start, say = f"{app.config.root_doc}.html", words(app.config.language)["page"]["start"]
    title = app.config.html_title
    Path(app.outdir, "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{app.config.language}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={start}"><title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f'<body><main><h1>{title}</h1><p><a href="{start}">{say}</a></p></main></body></html>\n',
        encoding="utf-8",
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", trim_page, priority=950)
    app.connect("build-finished", trim_files, priority=900)
    app.connect("build-finished", write_entrance, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
