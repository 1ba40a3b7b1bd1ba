"""Where an assignment sends its reader: every lesson and heading that it names must exist.

Links in Markdown and in the feedback have an address, `03-binary-cross-entropy.ipynb#traps`. The message of an assert
is plain text, so it names lesson and heading: `Read lesson 3, "From logits".`
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nbformat
from docutils.nodes import make_id

from course.links import IN_MARKDOWN
from course.paths import ROOT

IN_WORDS = re.compile(r'[Ll]esson (\d+), "([^"]+)"')


def slug(heading: str) -> str:
    """Return the anchor that GitHub and JupyterLab give a heading, and that links in Markdown use."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def on_site(heading: str) -> str:
    """Return the anchor that the site gives a heading, by Sphinx's rules: `somebody's` becomes somebody-s there."""
    return make_id(heading)


@cache
def headings(lesson: Path) -> dict[str, str]:
    """Return the headings of a lesson's notebook by their anchor: {"from-logits": "From logits", …}."""
    cells = nbformat.read(lesson, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {slug(title): title for title in re.findall(r"^#{1,3} (.+)$", text, re.M)}


def address_fault(address: str, root: Path = ROOT) -> str:
    """Return what is wrong with an address such as `01-sigmoid.ipynb#traps`, or nothing."""
    file, _, place = address.partition("#")
    path = root / "notebooks" / file
    if "/" in file or not file.endswith(".ipynb") or not path.is_file():
        return f"{address!r}: there is no such lesson"
    if place and place not in headings(path):
        return f"{address!r}: the lesson has no such heading; it has {', '.join(headings(path))}"
    return ""


def link_faults(markdown: str, root: Path = ROOT) -> list[str]:
    """Return the links of an assignment's Markdown that lead nowhere; they go to ../NN-name.ipynb or to https://."""
    faults = []
    for target in IN_MARKDOWN.findall(markdown):
        if target.startswith("https://"):
            continue
        if not target.startswith("../"):
            faults.append(f"{target!r}: link to a lesson as ../NN-name.ipynb, to the web as https://")
        elif fault := address_fault(target.removeprefix("../"), root):
            faults.append(fault)
    return faults


def mention_faults(text: str, root: Path = ROOT) -> list[str]:
    """Return the lessons and headings that a text names in words but that do not exist."""
    faults = []
    for number, title in IN_WORDS.findall(text):
        found = list((root / "notebooks").glob(f"{int(number):02d}-*.ipynb"))
        # plain text has no dollars round a formula
        titles = [heading.replace("$", "") for heading in headings(found[0]).values()] if found else []
        if title not in titles:
            known = "; ".join(titles) or "no such lesson"
            faults.append(f'lesson {number}, "{title}": no such heading ({known})')
    return faults
