"""Make the page that a student gets back: points, what went wrong, and where to read.

It holds no script and loads nothing.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import jinja2
import yaml

from grading import reading
from grading.results import Result, number

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@cache
def site_address(root: Path = ROOT) -> str:
    """Return where the course's site stands, as book/_ext/site_address.py works it out for the site itself."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    given = (config.get("html") or {}).get("baseurl") or ""
    return (given or extension(root).pages_address(config["repository"]["url"])).rstrip("/") + "/"


def extension(root: Path) -> ModuleType:
    """Return the site's extension that forms the address; it is no package."""
    spec = importlib.util.spec_from_file_location("site_address", root / "book" / "_ext" / "site_address.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def link(read: str, root: Path = ROOT) -> tuple[str, str]:
    """Return the address on the site of `03-binary-cross-entropy.ipynb#traps`, and what to call it."""
    file, _, place = read.partition("#")
    stem = file.removesuffix(".ipynb")
    headings = reading.headings(root / "notebooks" / file)
    title = next(iter(headings.values()), stem)
    address = f"{site_address(root)}notebooks/{stem}.html"
    if place:
        heading = headings.get(place, place)
        title, address = f"{title}: {heading}", f"{address}#{reading.on_site(heading)}"
    return address, title


class Page:
    """The template, read once."""

    def __init__(self, root: Path = ROOT):
        loader = jinja2.FileSystemLoader(HERE)
        environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        environment.filters["number"] = number
        self.template = environment.get_template("feedback.html")
        self.root = root

    def render(self, result: Result) -> str:
        """Return a student's page."""
        links = {mark.question: link(mark.read, self.root) for mark in result.marks if mark.read}
        graded = [mark for mark in result.marks if mark.points is not None]
        return self.template.render(
            result=result,
            links=links,
            so_far=sum(mark.points for mark in graded),
            of_these=sum(mark.max_points for mark in graded),
            site=site_address(self.root),
        )
