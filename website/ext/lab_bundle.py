"""Join the modules of the interactive figures into one classic script.

Browsers refuse to load a module from file://, and the built site has to work from a USB stick.
"""

import json
import re
from pathlib import Path

from rjsmin import jsmin
from sphinx.application import Sphinx

from course.paths import ASSETS
from website.ext.words import words

IMPORT = re.compile(r"^import .* from \"\./([\w-]+\.js)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|class) )", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:const|let|function|class) (\w+)", re.MULTILINE)


def bundle(entry: Path, table: dict[str, object]) -> str:
    """Return `entry` and all that it imports, each file once and before the first that uses it, in one scope, minified.

    The script finds `table` as WORDS. Raises ValueError if two files declare the same name: they share one
    scope, so a browser would refuse the script.
    """
    seen: list[Path] = []
    parts: list[str] = []
    owners: dict[str, str] = {}

    def add(path: Path) -> None:
        if path in seen:
            return
        seen.append(path)
        source = path.read_text(encoding="utf-8")
        for name in IMPORT.findall(source):
            add(path.parent / name)
        for name in DECLARED.findall(source):
            if name in owners:
                raise ValueError(
                    f"{path.name} declares {name}, and so does {owners[name]}: rename one of them"
                )
            owners[name] = path.name
        parts.append(EXPORT.sub("", IMPORT.sub("", source)).strip())

    add(entry)
    heading = f"const WORDS = {json.dumps(table, ensure_ascii=False)};"
    return str(jsmin("\n".join(["(() => {", '"use strict";', heading, *parts, "})();"]))) + "\n"


def write_bundle(app: Sphinx, error: Exception | None) -> None:
    """Write _static/loss-lab.js."""
    if error or app.builder.format != "html":
        return
    script = bundle(ASSETS / "lab" / "loss-lab.js", words(app.config.language)["lab"])
    Path(app.outdir, "_static", "loss-lab.js").write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_js_file("loss-lab.js")
    app.connect("build-finished", write_bundle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
