"""Write the tables that Canvas and Moodle import, filling in their own exports if an instructor has them.

Canvas   the gradebook as it is exported: Student, ID, SIS User ID, SIS Login ID, Section, a column for the assignment
Moodle   the worksheet of an assignment: Identifier, Grade, Last modified (grade), Feedback comments

A missing grade is left empty; for an empty cell both keep the grade that they have.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.tables import BadTable, escaped, read_rows, table
from grading.judging import grades
from grading.judging.assignment import Assignment
from grading.results.store import SubmissionGrade, number

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "    Points Possible"  # as Canvas writes and recognises it
MOODLE_COLUMNS = (
    "Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments",
)  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """An export of an LMS: whose it is, its columns, and its rows."""

    path: Path
    lms: str
    columns: list[str]
    rows: list[dict[str, str]]


def read_roster(path: Path) -> Roster:
    """Read Canvas's exported gradebook or Moodle's grading worksheet; BadTable if it is neither."""
    rows = [row for _, row in read_rows(path, ())]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        columns = next(csv.reader(stream), [])
    if {"Student", "ID"} <= set(columns):
        return Roster(path, "Canvas", columns, rows)
    if {"Identifier", "Grade"} <= set(columns):
        return Roster(path, "Moodle", columns, rows)
    raise BadTable(
        f"{path} is neither Canvas's gradebook (Student, ID, ...) nor Moodle's worksheet (Identifier, Grade, ...):"
        f" its columns are {', '.join(columns[:8])}"
    )


def letters(text: str) -> str:
    """Return the letters and digits of a name in lower case, as Canvas makes file names of names."""
    return re.sub(r"[\W_]+", "", text).lower()


def row_of(
    result: SubmissionGrade, rows: Sequence[dict[str, str]], keys: Sequence[Callable[[dict[str, str]], bool]]
) -> int | None:
    """Return the number of a student's row, found by the first key that fits only one row; None if no key does."""
    for key in keys:
        fitting = [number for number, row in enumerate(rows) if key(row)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def comments(result: SubmissionGrade) -> str:
    """Return the feedback of all questions as one text."""
    lines = []
    for mark in result.marks:
        points = number(mark.points) or "not graded yet"
        lines.append(f"{mark.question}: {points} of {mark.max_points}. {mark.feedback}".strip())
    return escaped("\n".join(lines))


def canvas_column(assignment: Assignment, columns: Sequence[str]) -> str:
    """Return an assignment's column: its title or name, perhaps with Canvas's number after it; or else a new one."""
    wanted = {letters(assignment.title), letters(assignment.name)}
    for column in columns:
        if letters(re.sub(r"\s*\(\d+\)$", "", column)) in wanted:
            return column
    return assignment.title


def canvas(
    assignment: Assignment, found: Sequence[SubmissionGrade], roster: Roster | None
) -> tuple[str, list[str]]:
    """Return Canvas's table, and remarks on students that are not in the exported gradebook."""
    column = canvas_column(assignment, roster.columns if roster else ())
    rows = [[*CANVAS_COLUMNS, column], [POSSIBLE, "", "", "", "", str(assignment.max_points)]]
    if roster is None:
        for result in found:
            login = "" if result.canvas_id else result.student
            about = [escaped(result.name or result.student), result.canvas_id, "", escaped(login), ""]
            rows.append([*about, number(result.points)])
        return table(rows), []
    remarks = []
    taken: dict[int, SubmissionGrade] = {}
    for result in found:
        student, name = result.student, result.name or result.student
        row = row_of(
            result,
            roster.rows,
            [
                lambda row: bool(result.canvas_id) and row["ID"] == result.canvas_id,  # noqa: B023
                lambda row: student in (row.get("SIS Login ID"), row.get("SIS User ID"), row["ID"]),  # noqa: B023
                lambda row: student == row.get("SIS Login ID", "").partition("@")[0],  # noqa: B023
                lambda row: letters(name) == letters(row["Student"]),  # noqa: B023
            ],
        )
        if row is None or row in taken:
            remarks.append(f"{roster.path}: no row clearly belongs to {student}")
        else:
            taken[row] = result
    for row, result in sorted(taken.items()):
        rows.append([*(roster.rows[row].get(c, "") for c in CANVAS_COLUMNS), number(result.points)])
    return table(rows), remarks


def moodle(
    assignment: Assignment, found: Sequence[SubmissionGrade], roster: Roster | None
) -> tuple[str, list[str]]:
    """Return Moodle's table, and remarks on students that are not in the worksheet."""
    if roster is None:
        rows = [list(MOODLE_COLUMNS)]
        for result in found:
            identifier = f"Participant {result.moodle_id}" if result.moodle_id else ""
            name = escaped(result.name or result.student)
            points = number(result.points)
            rows.append([identifier, name, points, str(result.max_points), "", comments(result)])
        return table(rows), []
    remarks = []
    filled = [dict(row) for row in roster.rows]
    taken = set()
    for result in found:
        student, name = result.student, result.name or result.student
        row = row_of(
            result,
            roster.rows,
            [
                lambda row: bool(result.moodle_id) and row["Identifier"] == f"Participant {result.moodle_id}",  # noqa: B023
                lambda row: student in (row.get("ID number"), row.get("Email address")),  # noqa: B023
                lambda row: letters(name) == letters(row.get("Full name", "")),  # noqa: B023
            ],
        )
        if row is None or row in taken:
            remarks.append(f"{roster.path}: no row clearly belongs to {student}")
            continue
        taken.add(row)
        if result.state == grades.GRADED:
            filled[row]["Grade"] = number(result.points)
            if "Feedback comments" in roster.columns:
                filled[row]["Feedback comments"] = comments(result)
    rows = [roster.columns, *([row.get(c, "") for c in roster.columns] for row in filled)]
    return table(rows), remarks


def tables(
    assignment: Assignment, found: Sequence[SubmissionGrade], rosters: Sequence[Roster]
) -> tuple[str, str, list[str]]:
    """Return Canvas's table, Moodle's table, and remarks; the last export of each LMS counts."""
    by_lms = {roster.lms: roster for roster in rosters}
    for_canvas, remarks = canvas(assignment, found, by_lms.get("Canvas"))
    for_moodle, more = moodle(assignment, found, by_lms.get("Moodle"))
    return for_canvas, for_moodle, remarks + more
