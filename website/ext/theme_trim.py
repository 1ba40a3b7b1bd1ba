"""Leave out what the theme and Sphinx load on every page although it is not needed.

This covers what the theme's own options cannot switch off. It is right for the versions pinned in requirements.txt.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from website.ext.words import words

# file name -> pieces of HTML: a page loads the file only if its body contains one of them
ON_DEMAND = {
    "clipboard.min.js": ('class="highlight',),
    "copybutton.js": ('class="highlight',),
    "measure.js": ("<section",),
    "copy-formulas.js": ('class="katex',),
}
# Sphinx's scripts are not needed: layout.html sets the options that the theme reads, and search.js is the course's own;
# menus.js replaces the theme's script
UNUSED_SCRIPTS = ("documentation_options.js", "doctools.js", "sphinx_highlight.js", "sphinx-book-theme.js")
# fontawesome.js: 1.5 MB that replace icons while the page is open; website/assets/icons.css needs no script.
# bootstrap.js: tooltips and drop-down menus, of which website/templates uses none.
UNUSED_FILES = [
    *UNUSED_SCRIPTS,
    "scripts/sphinx-book-theme.js",
    "searchtools.js",
    "language_data.js",
    "copybutton_funcs.js",
    "minus.png",
    "plus.png",
    "scripts/fontawesome.js*",
    "scripts/bootstrap.js*",
    "vendor/fontawesome/webfonts/*",
    "**/*.map",
    "images/logo_*",
    "*-macros.html",
    "locales/**/*",
    "lab/**/*",  # made into loss-lab*.js
    "search/**/*",  # made into search.js
    "card.png",  # drawn into the previews
]
ICON_RULES = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}|@font-face\{[^}]*fontawesome[^}]*\}')
# the theme sets the tab stops of code blocks one by one, and each time lays out the whole page; measure.js does better
TAB_STOPS = ".forEach(e=>{e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1})"
# what the theme does when a page is ready: each part by itself, so that one that fails does not take the next one down
READY = 'function e(e){"loading"!=document.readyState?e():document.addEventListener("DOMContentLoaded",e)}'
READY_EACH = 'function e(e){document.addEventListener("DOMContentLoaded",e)}'  # the script is deferred
THEME_CHANGES = {"TAB_STOPS": (TAB_STOPS, ""), "READY": (READY, READY_EACH)}
# screen readers announce an empty heading cell, as pandas and many Markdown tables have, as a heading without a name
EMPTY_HEADING = re.compile(r"<th( class=\"[^\"]*\")?>\s*(?:<p>\s*</p>)?\s*</th>")


def trim_page(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Choose the scripts of one page, and let none of them delay its first paint."""
    body = EMPTY_HEADING.sub(r"<td\1></td>", context.get("body") or "")
    context["body"] = body

    def needed(script: Any) -> bool:
        name = str(script.filename or "")
        if not name or any(file in name for file in UNUSED_SCRIPTS):
            return False  # a script without a name sets what layout.html sets
        return all(any(mark in body for mark in marks) for file, marks in ON_DEMAND.items() if file in name)

    context["script_files"] = [script for script in context.get("script_files", []) if needed(script)]
    for script in context["script_files"]:
        script.attributes["defer"] = "defer"
    context["has_formulas"] = 'class="katex' in body


def trim_files(app: Sphinx, error: Exception | None) -> None:
    """Remove from the built site the files that no page loads."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for pattern in UNUSED_FILES:
        for path in [path for path in static.glob(pattern) if path.is_file()]:
            path.unlink()
    for folder in sorted((path for path in static.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    script = static / "scripts" / "pydata-sphinx-theme.js"
    code = script.read_text(encoding="utf-8")
    for name, (old, new) in THEME_CHANGES.items():
        if code.count(old) != 1:
            raise ExtensionError(
                f"{script.name} no longer holds {name} of theme_trim.py: see how it does that now"
            )
        code = code.replace(old, new)
    script.write_text(code, encoding="utf-8")
    sheet = static / "styles" / "pydata-sphinx-theme.css"
    sheet.write_text(ICON_RULES.sub("", sheet.read_text(encoding="utf-8")), encoding="utf-8")


def write_entrance(app: Sphinx, error: Exception | None) -> None:
    """Write index.html, which leads to the start page; the default one has no language and no link."""
    if error or app.builder.format != "html":
        return
    start, say = f"{app.config.root_doc}.html", words(app.config.language)["page"]
    title = app.config.html_title
    Path(app.outdir, "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{app.config.language}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={start}"><title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n'  # no icon is requested for a page that is left at once
        f'<meta name="description" content="{escape(say["about_entrance"])}">\n'
        f'<link rel="canonical" href="{app.config.html_baseurl}{start}"></head>\n'
        f'<body><main><h1>{title}</h1><p><a href="{start}">{say["start"]}</a></p></main></body></html>\n',
        encoding="utf-8",
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", trim_page, priority=950)
    app.connect("build-finished", trim_files, priority=900)
    app.connect("build-finished", write_entrance, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
