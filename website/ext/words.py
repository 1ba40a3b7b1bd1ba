"""The words that the extension and the figures show, one table for all languages (words.json)."""

import json
from functools import cache
from typing import Any

from course.paths import WEBSITE

TABLE = WEBSITE / "ext" / "words.json"


@cache
def words(language: str | None) -> dict[str, Any]:
    """Return the words of `language` ("en", "zh_CN", ...); raise KeyError for one that is missing."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    code = (language or "en").replace("-", "_").split("_")[0]
    if code not in table:
        raise KeyError(f"{TABLE.name} has no words for the language {code!r}; it has: {', '.join(table)}")
    return table[code]
