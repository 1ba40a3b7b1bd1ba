"""Lay out what was handed in, from a folder, an LMS's zip or downloads from Colab, as STUDENT/ASSIGNMENT.ipynb.

Nothing is thrown away or overwritten: what cannot be told apart stays as it is and is listed in the report,
`collected.csv`, which also keeps the number that each student has in Canvas and Moodle.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course.files import PRIVATE, write_whole
from course.tables import escaped, table
from grading.submissions.finding import COLLECTED, COLLECTED_COLUMNS, Submission, file_name, find
from grading.submissions.notebook import MOST_BYTES


@dataclass(frozen=True)
class Collected:
    """What became of one student's files."""

    submission: Submission
    folder: str
    problem: str


def without_clash(path: Path, data: bytes) -> str:
    """Write a file unless another one is there; return what is wrong, or ""."""
    if path.exists():
        return (
            ""
            if path.read_bytes() == data
            else f"{path.name} was there already with other content; left as it was"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return ""


def one(submission: Submission, assignment: str, out: Path) -> Collected:
    """Lay out what one student handed in."""
    name = file_name(submission.student)
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    problems = [submission.problem] if submission.problem else []
    if submission.without_name:
        problems.append("the file's name does not say whose it is")
    for number, file in enumerate(submission.notebooks, 1):
        try:
            data = file.read()
        except OSError as error:
            problems.append(str(error))
            continue
        if len(data) > MOST_BYTES:
            problems.append(f"{file.name} has more than {MOST_BYTES:,} bytes and was left out")
            continue
        target = f"{assignment}.ipynb" if len(submission.notebooks) == 1 else f"{assignment}-{number}.ipynb"
        problems += filter(None, [without_clash(folder / target, data)])
    return Collected(submission, name, "; ".join(problems))


def collect(source: Path, assignment: str, out: Path) -> list[Collected]:
    """Lay out all submissions and write the report; finding.NoSubmissions if there are none."""
    found = [one(submission, assignment, out) for submission in find(source, assignment)]
    rows = [list(COLLECTED_COLUMNS)]
    for item in found:
        about = item.submission
        files = ", ".join(file.name for file in about.notebooks)
        rows.append(
            [escaped(item.folder), escaped(about.name or about.student), about.canvas_id, about.moodle_id,
             escaped(files), escaped(item.problem)]
        )  # fmt: skip
    write_whole(out / COLLECTED, table(rows), PRIVATE)
    return found
