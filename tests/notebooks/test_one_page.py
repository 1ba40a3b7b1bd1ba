"""The sheet book/one-page.md says nothing that the cells of the pages it names do not show."""

import re

import nbformat

from authoring.lesson_rules import TELLING, shown
from course.paths import BOOK, NOTEBOOKS

SHEET = (BOOK / "one-page.md").read_text(encoding="utf-8")


def shown_there() -> str:
    """Return the code and the outputs of the notebooks that the sheet links to."""
    names = sorted(set(re.findall(r"\(\.\./notebooks/([\w-]+\.ipynb)", SHEET)))
    return "\n".join(shown(nbformat.read(NOTEBOOKS / name, as_version=4).cells) for name in names)


def test_numbers_are_those_that_cells_show():
    told = dict.fromkeys(TELLING.findall(re.sub(r"`[^`]*`|\([^()\s]*\)", "", SHEET)))
    assert {"0.6931", "16.118", "22.18"} <= set(told), "the numbers are not found in the sheet"
    there = shown_there()
    missing = [number for number in told if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d\.)", there)]
    assert missing == []


def test_names_are_those_that_cells_use():
    there = shown_there()
    names = set(re.findall(r"[A-Za-z_]\w{5,}", " ".join(re.findall(r"`([^`]+)`", SHEET))))
    assert len(names) > 10
    assert sorted(name for name in names if name not in there) == []
