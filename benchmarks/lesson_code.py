"""Take functions out of a lesson, so that what is timed is what the lesson teaches and cannot drift from it."""

from __future__ import annotations

import ast
import json
import linecache
from collections.abc import Iterable
from typing import Any

from course.paths import NOTEBOOKS


def functions(lesson: str, names: Iterable[str], given: dict[str, Any]) -> dict[str, Any]:
    """Return functions of the notebook `lesson` (such as 08-keras-softmax-regression) by their names.

    `given` becomes their globals: modules and the constants of the lesson that they use. They also see each
    other. Raises LookupError unless the lesson defines each of them exactly once.
    """
    notebook = json.loads((NOTEBOOKS / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return defined_in(cells, names, given, lesson)


def defined_in(
    cells: Iterable[str], names: Iterable[str], given: dict[str, Any], lesson: str
) -> dict[str, Any]:
    """Return functions from the sources of cells; see `functions`."""
    wanted = list(names)
    found: dict[str, list[str]] = {name: [] for name in wanted}
    for source in cells:
        plain = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
        for node in ast.parse(plain).body:
            if isinstance(node, ast.FunctionDef) and node.name in found:
                found[node.name].append(ast.get_source_segment(plain, node) or "")
    for name, sources in found.items():
        if len(sources) != 1:
            raise LookupError(f"{lesson} defines {name} {len(sources)} times; the benchmark needs it once")
    text = "\n\n".join(sources[0] for sources in found.values())
    file = f"<lesson {lesson}>"
    linecache.cache[file] = (
        len(text),
        None,
        text.splitlines(keepends=True),
        file,
    )  # because AutoGraph reads the source again
    scope = given | {"__name__": "lesson"}
    exec(compile(text, file, "exec"), scope)
    return {name: scope[name] for name in wanted}
