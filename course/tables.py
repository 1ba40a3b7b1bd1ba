"""Tables as spreadsheets write and read them: CSV in UTF-8, with no text that would be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a text for a formula if it begins so


class BadTable(ValueError):  # noqa: N818 - it says what a file is
    """A table that a person wrote cannot be used; the text says which row and why."""


def read_rows(path: Path, needed: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file with their line numbers; BadTable if a needed column is missing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"{path} cannot be read as a table in UTF-8: {error}") from error
    # a spreadsheet set to a language with decimal commas writes semicolons
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTable(f"{path} has no column {', '.join(missing)}; its first line is {first[:80]!r}")
    return [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]


def escaped(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescaped(text: str) -> str:
    """Return what `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, which spreadsheets recognise as UTF-8."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return "\ufeff" + stream.getvalue()
