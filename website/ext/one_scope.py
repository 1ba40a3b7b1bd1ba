"""Put files that import each other into one classic script: browsers refuse to load a module from a folder."""

import re
from collections.abc import Iterable
from pathlib import Path

from rjsmin import jsmin

EXPORT = re.compile(r"^export (?=(?:const|function|class) )", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:const|let|function|class) ([\w$]+)", re.MULTILINE)


def in_order(paths: Iterable[Path], imports: re.Pattern[str]) -> list[str]:
    """Return the sources of files and of all that they import, each before the first that imports it.

    `imports` is how a file imports another; its last group is that file's name. Raises ValueError if two files declare
    the same name: they share one scope, so a browser would refuse the script.
    """
    seen: list[Path] = []
    sources: list[str] = []
    owners: dict[str, str] = {}

    def add(path: Path) -> None:
        if path in seen:
            return
        seen.append(path)
        source = path.read_text(encoding="utf-8")
        for found in imports.finditer(source):
            add(path.parent / found[imports.groups])
        for name in DECLARED.findall(source):
            if name in owners:
                raise ValueError(
                    f"{path.name} declares {name}, and so does {owners[name]}: rename one of them"
                )
            owners[name] = path.name
        sources.append(source)

    for path in paths:
        add(path)
    return sources


def closed(code: Iterable[str]) -> str:
    """Return code in a scope of its own, minified."""
    return str(jsmin("\n".join(["(() => {", '"use strict";', *code, "})();"]))) + "\n"
