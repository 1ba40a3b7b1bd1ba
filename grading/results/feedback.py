"""Make the page that a student gets back: points, what went wrong, and where to read.

It holds no script and loads nothing.
"""

from __future__ import annotations

from pathlib import Path

import jinja2

from course import lesson_links
from course.addresses import site_address
from course.paths import CONFIG, GRADING, ROOT
from grading.results.store import SubmissionGrade, number


def link(read: str, root: Path = ROOT) -> tuple[str, str]:
    """Return the address on the site of `03-binary-cross-entropy.ipynb#traps`, and what to call it."""
    file, _, place = read.partition("#")
    stem = file.removesuffix(".ipynb")
    headings = lesson_links.headings(root / "notebooks" / file)
    title = next(iter(headings.values()), stem)
    address = f"{site_address(root / CONFIG.name)}notebooks/{stem}.html"
    if place:
        heading = headings.get(place, place)
        title, address = f"{title}: {heading}", f"{address}#{lesson_links.on_site(heading)}"
    return address, title


class Page:
    """The template, read once."""

    def __init__(self, root: Path = ROOT):
        loader = jinja2.FileSystemLoader(GRADING / "results")
        environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        environment.filters["number"] = number
        self.template = environment.get_template("feedback.html")
        self.root = root

    def render(self, result: SubmissionGrade) -> str:
        """Return a student's page."""
        links = {mark.question: link(mark.read, self.root) for mark in result.marks if mark.read}
        graded = [mark for mark in result.marks if mark.points is not None]
        return self.template.render(
            result=result,
            links=links,
            so_far=sum(mark.points for mark in graded),
            of_these=sum(mark.max_points for mark in graded),
            site=site_address(self.root / CONFIG.name),
        )
