"""Write the tables that Canvas and Moodle import, filling in their own exports if an instructor has them.

Canvas   the gradebook as it is exported: Student, ID, SIS User ID, SIS Login ID, Section, a column for the assignment
Moodle   the worksheet of an assignment: Identifier, Grade, Last modified (grade), Feedback comments

In other languages the columns have other names. They are found by their place and by what they hold, or named by the
option --column; what is written has the names of the export.
A missing grade is left empty; for an empty cell both keep the grade that they have.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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


KNOWN = dict.fromkeys((*CANVAS_COLUMNS, *MOODLE_COLUMNS, "ID number", "Email address"))
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
HARMLESS = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)?)?")  # a number, or the dash that Moodle writes for nothing


@dataclass(frozen=True)
class Roster:
    """An export of an LMS: whose it is, its columns, and its rows. `names` gives its names for the English columns."""

    path: Path
    lms: str
    columns: list[str]
    rows: list[dict[str, str]]
    names: Mapping[str, str]

    def value(self, row: Mapping[str, str], column: str) -> str:
        """Return what a row holds in the column of an English name, or "" if there is none."""
        return row.get(self.names.get(column, ""), "")


def read_roster(path: Path, named: Mapping[str, str] | None = None) -> Roster:
    """Read Canvas's exported gradebook or Moodle's grading worksheet; BadTable if it is neither.

    `named` gives the names of columns in another language: {"Grade": "Bewertung"}.
    """
    rows = [row for _, row in read_rows(path, ())]
    columns = [column for column in (rows[0] if rows else {}) if column]
    given = {english: own for english, own in (named or {}).items() if own in columns}
    for names in ({name: name for name in KNOWN if name in columns} | given, by_place(columns, rows) | given):
        if {"Student", "ID"} <= set(names):
            return Roster(path, "Canvas", columns, rows, names)
        if {"Identifier", "Grade"} <= set(names):
            return Roster(path, "Moodle", columns, rows, names)
    raise BadTable(
        f"{path} is neither Canvas's gradebook (Student, ID, ...) nor Moodle's worksheet (Identifier, Grade, ...):"
        f" its columns are {', '.join(columns[:8])}. If it is one in another language, name them: --column"
        f" 'Identifier={columns[0] if columns else '...'}' --column 'Grade=...'"
    )


def by_place(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the columns of an export in another language by their places and what they hold; none if that is unclear.

    Canvas begins with five columns about the student, the second a number, and with a row of the points that are
    possible. Moodle begins with identifiers that end in a number; the grade stands before the highest one possible,
    which is the same in all rows, and the comments stand last.
    """
    held = {column: [row.get(column, "") for row in rows] for column in columns}
    if len(columns) > 5 and len(rows) > 1:
        first, *others = held[columns[1]]
        if not first and all(number.isdecimal() for number in others):
            return dict(zip(CANVAS_COLUMNS, columns, strict=False))
    if len(columns) < 4 or not all(re.fullmatch(r"\D+\d+", text) for text in held[columns[0]]):
        return {}
    names = {"Identifier": columns[0], "Full name": columns[1], "Feedback comments": columns[-1]}
    if addresses := [column for column in columns if all("@" in text for text in held[column])]:
        names["Email address"] = addresses[0]
    for grade, highest in pairwise(columns[2:]):
        if len(set(held[highest])) == 1 and NUMBER.fullmatch(held[highest][0]):
            return names | {"Grade": grade, "Maximum grade": highest}
    return {}


def kept(text: str) -> str:
    """Return what an export held, so that no spreadsheet takes it for a formula."""
    return text if HARMLESS.fullmatch(text) else escaped(text)


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
    """Return the feedback of all questions as one text in HTML, which Moodle takes it for."""
    lines = []
    for mark in result.marks:
        points = number(mark.points) or "not graded yet"
        lines.append(
            html.escape(f"{mark.question}: {points} of {mark.max_points}. {mark.feedback}".strip(), False)
        )
    return escaped("<br>\n".join(lines))


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
    own = [roster.names.get(name, name) for name in CANVAS_COLUMNS] if roster else CANVAS_COLUMNS
    rows = [[*own, column], [POSSIBLE, "", "", "", "", str(assignment.max_points)]]
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
                lambda row: bool(result.canvas_id) and roster.value(row, "ID") == result.canvas_id,  # noqa: B023
                lambda row: student in [roster.value(row, name) for name in CANVAS_COLUMNS[1:4]],  # noqa: B023
                lambda row: student == roster.value(row, "SIS Login ID").partition("@")[0],  # noqa: B023
                lambda row: letters(name) == letters(roster.value(row, "Student")),  # noqa: B023
            ],
        )
        if row is None or row in taken:
            remarks.append(f"{roster.path}: no row clearly belongs to {student}")
        else:
            taken[row] = result
    for row, result in sorted(taken.items()):
        about = [kept(roster.value(roster.rows[row], name)) for name in CANVAS_COLUMNS]
        rows.append([*about, number(result.points)])
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
                lambda row: (  # "Participant 777", "Teilnehmer/in777"
                    bool(result.moodle_id)  # noqa: B023
                    and re.sub(r"^\D+", "", roster.value(row, "Identifier")) == result.moodle_id  # noqa: B023
                ),
                lambda row: student in [roster.value(row, name) for name in ("ID number", "Email address")],  # noqa: B023
                lambda row: letters(name) == letters(roster.value(row, "Full name")),  # noqa: B023
            ],
        )
        if row is None or row in taken:
            remarks.append(f"{roster.path}: no row clearly belongs to {student}")
            continue
        taken.add(row)
        if result.state == grades.GRADED:
            filled[row][roster.names["Grade"]] = number(result.points)
            if own := roster.names.get("Feedback comments"):
                filled[row][own] = comments(result)
    rows = [roster.columns, *([kept(row.get(c, "")) for c in roster.columns] for row in filled)]
    return table(rows), remarks


def tables(
    assignment: Assignment, found: Sequence[SubmissionGrade], rosters: Sequence[Roster]
) -> tuple[str, str, list[str]]:
    """Return Canvas's table, Moodle's table, and remarks; the last export of each LMS counts."""
    by_lms = {roster.lms: roster for roster in rosters}
    for_canvas, remarks = canvas(assignment, found, by_lms.get("Canvas"))
    for_moodle, more = moodle(assignment, found, by_lms.get("Moodle"))
    return for_canvas, for_moodle, remarks + more
