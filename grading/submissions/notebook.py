"""Read the file that was handed in, whatever it holds. None of it runs here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 20_000_000
MOST_CODE = 500_000  # characters of all code cells together
MOST_CELLS = 2_000
MOST_VALUES = 300_000  # numbers, texts, lists and objects of the file, before anything is made of them
MOST_DEPTH = 100  # of lists and objects in each other
MOST_WORDS = 20_000  # characters of an answer in words
MARK = r"GRADED:\s*{}(?![\w-])"


class Unreadable(ValueError):  # noqa: N818 - it says what the file is
    """A file is not a notebook that can be graded; the text says why."""


def clean(text: str) -> str:
    """Return a text that can be written as UTF-8 and shown: no lone surrogates, no control characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in whole)


@dataclass
class Notebook:
    """The cells of a notebook. `code` holds what the sandbox needs of each code cell, in order."""

    code: list[dict[str, Any]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)  # grade_id and text of the other cells

    @property
    def grade_ids(self) -> set[str]:
        """The names that nbgrader's metadata gives to cells."""
        return {cell["grade_id"] for cell in self.code} | {name for name, _ in self.words} - {""}

    def in_words(self, name: str) -> str | None:
        """Return the answer to a question that is answered in words, or None if there is no such cell."""
        mark = re.compile(MARK.format(re.escape(name)))
        by_metadata = [text for grade_id, text in self.words if grade_id == name]
        by_mark = [text for _, text in self.words if mark.search(text)]
        found = by_metadata or by_mark
        return clean("\n\n".join(found))[:MOST_WORDS] if found else None

    def mentions(self, names: Iterable[str]) -> bool:
        """Tell whether a cell is named or marked as the answer to one of these questions."""
        texts = [cell["source"] for cell in self.code] + [text for _, text in self.words]
        return any(
            name in self.grade_ids or any(re.search(MARK.format(re.escape(name)), text) for text in texts)
            for name in names
        )


def check_size(data: bytes) -> None:
    """Raise Unreadable for a file that is far more than a notebook; in milliseconds, whatever the file holds."""
    # without what is escaped, each text is between two quotes
    bare = data.replace(rb"\\", b"").replace(rb"\"", b"")
    if bare.count(b'"') > 2 * MOST_VALUES:
        raise Unreadable(f"the file holds more than {MOST_VALUES:,} texts, far more than a notebook")
    outside = b"".join(bare.split(b'"')[::2])
    if max(sum(map(outside.count, marks)) for marks in ((b",", b"[", b"{"), (b"]", b"}"))) > MOST_VALUES:
        raise Unreadable(f"the file holds more than {MOST_VALUES:,} values, far more than a notebook")
    depth = 0
    for bracket in re.findall(rb"[\[\]{}]", outside):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_DEPTH:
            raise Unreadable(f"its lists are nested more than {MOST_DEPTH} deep, so it is not a notebook")


def read(data: bytes) -> Notebook:
    """Read the bytes of a file; Unreadable if it is not a notebook."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"the file has {len(data):,} bytes; more than {MOST_BYTES:,} are not read")
    if not data.strip():
        raise Unreadable("the file is empty")
    check_size(data)
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("the file is not text in UTF-8, so it is not a notebook") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the file is not a notebook, or was cut off: {str(error)[:100]}") from error
    cells = raw.get("cells") if isinstance(raw, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON, but not a notebook of format 4: it has no list of cells")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"it has {len(cells):,} cells; more than {MOST_CELLS:,} are not read")
    notebook = Notebook()
    for cell in cells:
        if not isinstance(cell, dict):
            raise Unreadable("an entry in its list of cells is not a cell")
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise Unreadable("the source of one of its cells is not text")
        metadata = cell.get("metadata")
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        marks = marks if isinstance(marks, dict) else {}
        name = marks.get("grade_id") if isinstance(marks.get("grade_id"), str) else ""
        if cell.get("cell_type") == "code":
            solution = bool(marks.get("solution"))
            locked_test = bool(marks.get("grade")) and not solution
            notebook.code.append(
                {"source": source, "grade_id": name, "solution": solution, "locked_test": locked_test}
            )
        else:
            notebook.words.append((name, source))
    if sum(len(cell["source"]) for cell in notebook.code) > MOST_CODE:
        raise Unreadable(f"its code has more than {MOST_CODE:,} characters")
    return notebook
