"""Keep the results: one JSON file per submission, and tables made from all of them.

Only a graded question gets a number. While a question waits for a person, or if the grader failed on it, the total is
left empty in every table: an LMS must not take it for a zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course.files import PRIVATE, write_whole
from course.tables import BadTable, escaped, read_rows, table, unescaped
from grading.judging import grades
from grading.judging.assignment import Assignment
from grading.judging.grades import QuestionGrade
from grading.submissions.finding import Submission, file_name

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


ABOUT = "run.json"


@dataclass(frozen=True)
class About:
    """What the results in a folder were made from: an assignment's name, a seed, and the folder of submissions."""

    assignment: str
    seed: int
    submissions: str

    def as_json(self) -> str:
        """Return it as it is written to its file."""
        return json.dumps(asdict(self), indent=1) + "\n"


@dataclass
class SubmissionGrade:
    """What became of one submission."""

    student: str
    assignment: str
    title: str
    marks: list[QuestionGrade]
    file: str = ""
    digest: str = ""  # of everything that the grade depends on
    seed: int = 0
    sandbox: str = ""
    name: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    before_override: dict[str, QuestionGrade] = field(default_factory=dict)

    @property
    def points(self) -> float | None:
        """The total, or None while a question has no number."""
        if any(mark.state != grades.GRADED for mark in self.marks):
            return None
        return sum(mark.points for mark in self.marks)

    @property
    def max_points(self) -> int:
        """The total of a right submission."""
        return sum(mark.max_points for mark in self.marks)

    @property
    def state(self) -> str:
        """The state of the whole: infrastructure_error if any question has it, else needs_review if any has it."""
        states = {mark.state for mark in self.marks}
        for state in (grades.INFRASTRUCTURE_ERROR, grades.NEEDS_REVIEW):
            if state in states:
                return state
        return grades.GRADED

    def as_json(self) -> dict[str, Any]:
        """Return it as it is written to its file."""
        about = {name: getattr(self, name) for name in PLAIN_FIELDS}
        about |= {"state": self.state, "points": self.points, "max_points": self.max_points}
        about["questions"] = [mark.as_json() for mark in self.marks]
        about["before_override"] = {name: mark.as_json() for name, mark in self.before_override.items()}
        return about


PLAIN_FIELDS = (
    "student", "assignment", "title", "file", "digest", "seed", "sandbox", "name", "canvas_id", "moodle_id",
)  # fmt: skip


def from_json(data: Mapping[str, Any]) -> SubmissionGrade:
    """Return the result that a file holds."""
    return SubmissionGrade(
        **{name: data[name] for name in PLAIN_FIELDS},
        marks=[grades.from_json(mark) for mark in data["questions"]],
        before_override={name: grades.from_json(mark) for name, mark in data["before_override"].items()},
    )


class CannotKeep(RuntimeError):  # noqa: N818 - it says what cannot be done
    """A result cannot be written, since the disk is full or the folder is not one to write to."""


class Folder:
    """The folder that `--out` names."""

    def __init__(self, path: Path):
        self.path = path

    def write(self, name: Path | str, text: str) -> None:
        """Write a file below this folder, whole or not at all; CannotKeep if that is not possible."""
        path = self.path / name
        try:
            write_whole(path, text, PRIVATE)
        except OSError as error:
            raise CannotKeep(
                f"{path} cannot be written: {error.strerror}. What was graded is kept; make that possible, and the"
                " same command continues from there."
            ) from error

    def about(self) -> About | None:
        """Return what the results here were made from, or None if there are none; BadTable if that is damaged."""
        path = self.path / ABOUT
        try:
            return About(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError) as error:
            raise BadTable(
                f"{path} cannot be read ({error}): delete it, and name the seed with --seed"
            ) from error

    def result_path(self, student: str) -> Path:
        """Return where a student's result is kept."""
        return self.path / "results" / f"{file_name(student)}.json"

    def save(self, result: SubmissionGrade) -> None:
        """Keep a result."""
        text = json.dumps(result.as_json(), indent=1, ensure_ascii=False)
        self.write(self.result_path(result.student).relative_to(self.path), text + "\n")

    def load(self, student: str) -> SubmissionGrade | None:
        """Return a student's result, or None if there is none or its file cannot be read."""
        try:
            return from_json(json.loads(self.result_path(student).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # it is made again

    def students(self) -> list[SubmissionGrade]:
        """Return all results, sorted by student."""
        found = []
        for path in sorted((self.path / "results").glob("*.json")):
            try:
                found.append(from_json(json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BadTable(f"{path} is damaged ({error}): delete it and run again") from error
        return sorted(found, key=lambda result: result.student)


def new_result(
    submission: Submission, assignment: Assignment, marks: Sequence[QuestionGrade], digest: str, sandbox: str
) -> SubmissionGrade:
    """Return the result of a submission."""
    return SubmissionGrade(
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
            raise BadTable(f"{path}, line {line}: {row['points']!r} is not a number of points") from error
        if not 0 <= points <= most[question]:
            raise BadTable(
                f"{path}, line {line}: {points:g} points, but only 0 to {most[question]} are possible"
            )
        if (student, question) in found:
            raise BadTable(f"{path}, line {line}: a second row for {student}, {question}")
        found[student, question] = Override(points, unescaped(row["comment"]))
    return found


def apply_overrides(
    result: SubmissionGrade, overrides: Mapping[tuple[str, str], Override]
) -> SubmissionGrade:
    """Return a result with what people decided, and without decisions that they have taken back."""
    marks, before = [], {}
    for mark in result.marks:
        own = result.before_override.get(mark.question, mark)
        override = overrides.get((result.student, mark.question))
        if override is None:
            marks.append(own)
        else:
            before[mark.question] = own
            marks.append(grades.overridden(own, override.points, override.comment))
    return SubmissionGrade(
        **{name: getattr(result, name) for name in PLAIN_FIELDS}, marks=marks, before_override=before
    )


def number(points: float | None) -> str:
    """Return points as text for a table: empty if there is no number."""
    return "" if points is None else f"{points:g}"


def grades_table(assignment: Assignment, results: Sequence[SubmissionGrade]) -> str:
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


def review_table(results: Sequence[SubmissionGrade]) -> str:
    """Return the table of what waits for a person, to be filled in and saved as the table of overrides."""
    rows: list[Sequence[str]] = [REVIEW_COLUMNS]
    for result in results:
        for mark in result.marks:
            if mark.state != grades.GRADED:
                texts = [escaped(text) for text in (mark.reason, mark.answer, result.file)]
                rows.append(
                    [escaped(result.student), mark.question, "", "", str(mark.max_points), mark.state, *texts]
                )
    return table(rows)
