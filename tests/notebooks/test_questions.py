"""Each answer of the page of questions names a place that runs its case, and the numbers it tells are shown there."""

import ast
import re
from functools import cache

import nbformat
import pytest

from authoring.lesson_rules import asserts, parse, shown
from course.lesson_links import slug
from course.paths import BOOK, NOTEBOOKS

ENTRIES = [
    part.partition("\n")
    for part in re.split(r"^### ", (BOOK / "questions.md").read_text("utf-8"), flags=re.M)
][1:]
LINK = re.compile(r"\]\(\.\./notebooks/([\w-]+\.ipynb)#([\w-]+)\)")
TOLD = re.compile(r"(?<![\w.,])\d[\d,]*\.\d+(?![\w])")  # with decimals: it was measured or computed
VERSION = re.compile(r"(?:TensorFlow|Keras|NumPy)(?: is older than)? [\d.]+\d")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


@cache
def sections(name: str) -> dict[str, list[nbformat.NotebookNode]]:
    """Return the code cells below each heading of a notebook, those of its smaller headings with them."""
    found: dict[str, list[nbformat.NotebookNode]] = {}
    above: list[tuple[int, str]] = []
    for cell in nbformat.read(NOTEBOOKS / name, as_version=4).cells:
        if cell.cell_type == "code":
            for _, anchor in above:
                found[anchor].append(cell)
            continue
        for marks, title in re.findall(r"^(##+) (.+)$", cell.source, re.M):
            above = [(level, anchor) for level, anchor in above if level < len(marks)]
            above.append((len(marks), slug(title)))
            found.setdefault(slug(title), [])
    return found


def rounds_to(there: str, told: str) -> bool:
    """Tell whether a number that is told is one that is shown, perhaps with fewer decimals."""
    decimals = len(told.partition(".")[2])
    value, number = (float(text.replace(",", "")) for text in (told, there))
    return abs(number - value) <= 0.5 * 10.0**-decimals + 1e-12 and len(there) >= len(told)


def faults(title: str, body: str) -> list[str]:
    """Return what is wrong with an entry."""
    cells = [cell for name, anchor in LINK.findall(body) for cell in sections(name).get(anchor, [])]
    found = []
    if not any(asserts(node) for cell in cells for node in ast.walk(parse(cell))):
        found.append(f"{title}: links to no section whose cells assert something")
    there = set(NUMBER.findall(shown(cells).replace("_", "")))
    prose = re.sub(r'<p class="printed">.*?</p>|<!--.*?-->|`[^`]*`|\]\([^)]*\)|#\d+', "", body, flags=re.S)
    for told in dict.fromkeys(TOLD.findall(VERSION.sub("", prose))):
        if not any(rounds_to(number, told) for number in there):
            found.append(f"{title}: {told} is shown in no section that it links to")
    return found


@pytest.mark.parametrize(("title", "body"), [(title, body) for title, _, body in ENTRIES])
def test_answer_names_a_place_that_runs_its_case(title: str, body: str):
    assert faults(title, body) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("It is 0.693.\n\n[Lesson 5](../notebooks/05-cross-entropy.ipynb)", "no section"),
        ("It is 0.693.\n\n[Lesson 5](../notebooks/05-cross-entropy.ipynb#sources)", "no section"),
        (
            "It is 7.693.\n\n[Lesson 5](../notebooks/05-cross-entropy.ipynb#more-traps)",
            "7.693 is shown in no",
        ),
    ],
)
def test_answer_without_a_run_is_named(body: str, fault: str):
    assert fault in "\n".join(faults("A question", body))


def test_all_answers_are_looked_at():
    assert len(ENTRIES) >= 70
