"""The sheet book/one-page.md says nothing that the cells of the pages it names do not show."""

import re

import nbformat

from authoring.lesson_rules import TELLING
from course.paths import BOOK, NOTEBOOKS

SHEET = (BOOK / "one-page.md").read_text(encoding="utf-8")


def shown() -> str:
    """Return the code and the printed outputs of the notebooks that the sheet links to."""
    parts = []
    for name in sorted(set(re.findall(r"\(\.\./notebooks/([\w-]+\.ipynb)", SHEET))):
        for cell in nbformat.read(NOTEBOOKS / name, as_version=4).cells:
            if cell.cell_type == "code":
                parts.append(cell.source)
                parts += [str(output.get("text", output.get("data", ""))) for output in cell.outputs]
    return "\n".join(parts)


def test_numbers_are_those_that_cells_show():
    told = dict.fromkeys(TELLING.findall(re.sub(r"`[^`]*`|\([^()\s]*\)", "", SHEET)))
    assert {"0.6931", "16.118", "22.18"} <= set(told), "the numbers are not found in the sheet"
    there = shown()
    missing = [number for number in told if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d\.)", there)]
    assert missing == []


def test_names_are_those_that_cells_use():
    there = shown()
    names = set(re.findall(r"[A-Za-z_]\w{5,}", " ".join(re.findall(r"`([^`]+)`", SHEET))))
    assert len(names) > 10
    assert sorted(name for name in names if name not in there) == []
