"""Keep the results: one JSON file a submission, and tables made from all of them.

Only a number that was graded is written as one. A total with a question that waits for a person, or that the grader
failed on, is left empty in every table: an LMS must not take it for a zero.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading import marking
from grading.assignment import Assignment
from grading.marking import Mark
from grading.submissions import Submission

LONGEST_NAME = 80  # characters of a file name made from a student's
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet recognises one
OVERRIDE_COLUMNS = ("student", "question", "points", "comment")
REVIEW_COLUMNS = (
    "student",
    "question",
    "points",
    "comment",
    "max_points",
    "state",
    "reason",
    "answer",
    "file",
)


class BadTable(ValueError):  # noqa: N818 - it says what a file is
    """A table that a person wrote cannot be used; the text says which row and why."""


@dataclass
class Result:
    """What became of one submission."""

    student: str
    assignment: str
    title: str
    marks: list[Mark]
    file: str = ""
    digest: str = ""  # of everything that the grade depends on
    seed: int = 0
    sandbox: str = ""
    name: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    before_override: dict[str, Mark] = field(default_factory=dict)

    @property
    def points(self) -> float | None:
        """The total, or None while a question has no number."""
        if any(mark.state != marking.GRADED for mark in self.marks):
            return None
        return sum(mark.points for mark in self.marks)

    @property
    def max_points(self) -> int:
        """The total of a right submission."""
        return sum(mark.max_points for mark in self.marks)

    @property
    def state(self) -> str:
        """The state of the whole: the grader's own failure before a person's turn, both before graded."""
        states = {mark.state for mark in self.marks}
        for state in (marking.INFRASTRUCTURE_ERROR, marking.NEEDS_REVIEW):
            if state in states:
                return state
        return marking.GRADED

    def as_json(self) -> dict[str, Any]:
        """Return it as its file holds it."""
        about = {name: getattr(self, name) for name in PLAIN_FIELDS}
        about |= {"state": self.state, "points": self.points, "max_points": self.max_points}
        about["questions"] = [mark.as_json() for mark in self.marks]
        about["before_override"] = {name: mark.as_json() for name, mark in self.before_override.items()}
        return about


PLAIN_FIELDS = (
    "student", "assignment", "title", "file", "digest", "seed", "sandbox", "name", "canvas_id", "moodle_id",
)  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Result:
    """Return the result that a file holds."""
    return Result(
        **{name: data[name] for name in PLAIN_FIELDS},
        marks=[marking.from_json(mark) for mark in data["questions"]],
        before_override={name: marking.from_json(mark) for name, mark in data["before_override"].items()},
    )


def file_name(student: str) -> str:
    """Return a name for a student's files: one that no other student has, and that leads nowhere else."""
    safe = re.sub(r"[^\w.@+-]+", "_", student).strip("._")[:LONGEST_NAME]
    if safe == student:
        return safe
    return f"{safe or 'student'}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody, not after a crash either, sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False, newline=""
    ) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
            temporary.chmod(0o640)  # grades are nobody else's business
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


class Folder:
    """The folder that `--out` names."""

    def __init__(self, path: Path):
        self.path = path

    def result_path(self, student: str) -> Path:
        """Return where a student's result is kept."""
        return self.path / "results" / f"{file_name(student)}.json"

    def save(self, result: Result) -> None:
        """Keep a result."""
        text = json.dumps(result.as_json(), indent=1, ensure_ascii=False)
        write_whole(self.result_path(result.student), text + "\n")

    def load(self, student: str) -> Result | None:
        """Return a student's result, or None where there is none or its file cannot be read."""
        try:
            return from_json(json.loads(self.result_path(student).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # it is made anew

    def students(self) -> list[Result]:
        """Return all results, sorted by student."""
        found = []
        for path in sorted((self.path / "results").glob("*.json")):
            try:
                found.append(from_json(json.loads(path.read_text(encoding="utf-8"))))
            except (ValueError, KeyError, TypeError) as error:
                raise BadTable(f"{path} is damaged ({error}): delete it and run again") from error
        return sorted(found, key=lambda result: result.student)


def new_result(
    submission: Submission, assignment: Assignment, marks: Sequence[Mark], digest: str, sandbox: str
) -> Result:
    """Return the result of a submission."""
    return Result(
        student=submission.student,
        assignment=assignment.name,
        title=assignment.title,
        marks=list(marks),
        file=", ".join(file.name for file in submission.notebooks),
        digest=digest,
        seed=assignment.seed,
        sandbox=sandbox,
        name=submission.name,
        canvas_id=submission.canvas_id,
        moodle_id=submission.moodle_id,
    )


@dataclass(frozen=True)
class Override:
    """What a person decided on one answer."""

    points: float
    comment: str


def read_rows(path: Path, needed: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file with their line numbers; BadTable where a needed column is missing."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(f"{path} cannot be read as a table in UTF-8: {error}") from error
    # a spreadsheet set to a language with decimal commas writes semicolons
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTable(f"{path} has no column {', '.join(missing)}; its first line is {first[:80]!r}")
    return [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]


def read_overrides(path: Path, assignment: Assignment) -> dict[tuple[str, str], Override]:
    """Return what a person decided, by student and question; BadTable for a wrong row."""
    most = {question.name: question.max_points for question in assignment.questions}
    found: dict[tuple[str, str], Override] = {}
    for line, row in read_rows(path, OVERRIDE_COLUMNS):
        student, question = unescaped(row["student"]), row["question"]
        if not row["points"]:
            continue
        if question not in most:
            raise BadTable(f"{path}, line {line}: no question {question!r}; there are {', '.join(most)}")
        try:
            points = float(row["points"].replace(",", "."))
        except ValueError as error:
            raise BadTable(f"{path}, line {line}: {row['points']!r} is no number of points") from error
        if not 0 <= points <= most[question]:
            raise BadTable(
                f"{path}, line {line}: {points:g} points, where 0 to {most[question]} are possible"
            )
        if (student, question) in found:
            raise BadTable(f"{path}, line {line}: a second row for {student}, {question}")
        found[student, question] = Override(points, unescaped(row["comment"]))
    return found


def apply_overrides(result: Result, overrides: Mapping[tuple[str, str], Override]) -> Result:
    """Return a result with what persons decided, and nothing left of what they no longer do."""
    marks, before = [], {}
    for mark in result.marks:
        own = result.before_override.get(mark.question, mark)
        override = overrides.get((result.student, mark.question))
        if override is None:
            marks.append(own)
        else:
            before[mark.question] = own
            marks.append(marking.overridden(own, override.points, override.comment))
    return Result(
        **{name: getattr(result, name) for name in PLAIN_FIELDS}, marks=marks, before_override=before
    )


def number(points: float | None) -> str:
    """Return points as a table has them: nothing where there is no number."""
    return "" if points is None else f"{points:g}"


def escaped(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unescaped(text: str) -> str:
    """Return what `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, which spreadsheets recognise as UTF-8."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return "\ufeff" + stream.getvalue()


def grades_table(assignment: Assignment, results: Sequence[Result]) -> str:
    """Return the table of all students and questions."""
    names = [question.name for question in assignment.questions]
    rows = [["student", "state", *names, "points", "max_points", "sandbox"]]
    for result in results:
        by_name = {mark.question: mark for mark in result.marks}
        each = [number(by_name[name].points) if name in by_name else "" for name in names]
        rows.append(
            [
                escaped(result.student),
                result.state,
                *each,
                number(result.points),
                str(result.max_points),
                result.sandbox,
            ]
        )
    return table(rows)


def review_table(results: Sequence[Result]) -> str:
    """Return the table of what waits for a person, to be filled in and saved as the table of overrides."""
    rows: list[Sequence[str]] = [REVIEW_COLUMNS]
    for result in results:
        for mark in result.marks:
            if mark.state != marking.GRADED:
                texts = [escaped(text) for text in (mark.reason, mark.answer, result.file)]
                rows.append(
                    [escaped(result.student), mark.question, "", "", str(mark.max_points), mark.state, *texts]
                )
    return table(rows)
