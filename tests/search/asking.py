"""Ask the search of the built site, in the node that pip installed."""

import tomllib
from pathlib import Path
from typing import Any

import in_node
import pytest

from course.paths import SITE
from website.ext.search_data import SETTINGS

HERE = Path(__file__).parent


def ask(queries: list[Any], pages: list[Any] | None = None) -> list[dict[str, Any]]:
    """Return what the search finds for each query, in the site or in `pages`; see ask.js."""
    static = SITE / "_static"
    if not (static / "search.js").is_file():
        pytest.fail("there is no site to search: run make book", pytrace=False)
    asked = {"queries": queries, "pages": pages, "settings": settings()}
    return in_node.answer(HERE / "ask.js", static, asked=asked)


def settings() -> dict[str, Any]:
    """Return the words of the search as the site hands them over."""
    table = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["en"]
    return table | {"stop": table["stop"].split(), "synonyms": [row["same"] for row in table["synonyms"]]}
