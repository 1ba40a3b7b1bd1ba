"""Make the script of the search from its files: browsers refuse to load a module from a folder.

It is one classic script with a scope of its own. `courseSearch` is the one name that the scripts of the data see, and
the tests, which run the same script in node.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

from course.paths import ASSETS
from website.ext.one_scope import EXPORT, closed, in_order

NAME = "search.js"
FOLDER = ASSETS / "search"
START = "page.js"
IMPORT = re.compile(r"^import (?:\{[^}]*\}|\w+) from \"\./([\w/.-]+\.js)\";\n", re.MULTILINE)
DEFAULT = re.compile(r"^export \{ \w+ as default \};\n", re.MULTILINE)
SEEN = ("Engine", "places", "receive", "reader", "plain", "reduced")


def script(folder: Path = FOLDER, start: str = START) -> str:
    """Return the script: each file before the first that imports it.

    Raises ValueError if two files declare the same name: they share one scope, so a browser would refuse the script.
    """
    sources = in_order([folder / start], IMPORT)
    code = [EXPORT.sub("", DEFAULT.sub("", IMPORT.sub("", source))) for source in sources]
    return closed([*code, f"globalThis.courseSearch = {{ {', '.join(SEEN)} }};"])


def write_script(app: Sphinx) -> None:
    """Write the script into _static before the pages: the address of a script holds its digest."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    (static / NAME).write_text(script(), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
