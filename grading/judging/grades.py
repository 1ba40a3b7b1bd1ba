"""Turn what came back from the sandbox into a state, points and feedback for each question. Pure, outside the sandbox.

graded                 a number of points, computed or given by a person
needs_review           the grader could not try the answer as it stands, or it is in words: a person decides
infrastructure_error   the grader itself failed; this says nothing about the answer, and the next run tries again
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from course.assignments import WRITE_HERE
from course.question import Question
from grading.judging.assignment import Assignment
from grading.judging.verdict import judge
from grading.sandbox.exam import CallOutcome, SubmissionTrial
from grading.submissions.notebook import Notebook, clean

GRADED, NEEDS_REVIEW, INFRASTRUCTURE_ERROR = "graded", "needs_review", "infrastructure_error"
NO_SUCH_NAME = re.compile(r"NameError: name '(\w+)' is not defined")
NO_SUCH_MODULE = re.compile(r"(?:ModuleNotFoundError|ImportError): .*")


@dataclass(frozen=True)
class QuestionGrade:
    """The result of one question. `points` is None unless it is graded; `reason` is for the instructor."""

    question: str
    state: str
    points: float | None
    max_points: int
    feedback: str = ""
    mistake: str = ""
    read: str = ""
    reason: str = ""
    answer: str = ""  # the text of an answer in words
    graded_by: str = "grader"

    def as_json(self) -> dict[str, Any]:
        """Return it as a dict for a results file."""
        return asdict(self)


def review(question: Question, reason: str, answer: str = "") -> QuestionGrade:
    """Return the mark of a question that waits for a person, and why."""
    feedback = "A person will look at this answer."
    return QuestionGrade(
        question.name, NEEDS_REVIEW, None, question.max_points, feedback, reason=clean(reason), answer=answer
    )


def failed(question: Question, reason: str) -> QuestionGrade:
    """Return the mark of a question that the grader could not grade for reasons of its own."""
    feedback = "This answer was not graded yet, for a reason that has nothing to do with it."
    return QuestionGrade(
        question.name, INFRASTRUCTURE_ERROR, None, question.max_points, feedback, reason=clean(reason)
    )


def mark_words(question: Question, notebook: Notebook) -> QuestionGrade:
    """Return the mark of a question that is answered in words: it waits for a person, with the answer."""
    answer = notebook.in_words(question.name)
    if answer is None:
        return review(question, "the cell for this answer is not there")
    if answer.strip() in ("", WRITE_HERE):
        return review(question, "answered in words; nothing was written", answer)
    return review(question, "answered in words", answer)


def why_undefined(question: Question, report: SubmissionTrial) -> str:
    """Say why there is no function to call."""
    places = report.answers.get(question.name, ())
    if not places:
        return (
            f"no answer was found: no cell is named {question.name!r}, none is marked '# GRADED: {question.name}',"
            f" and none defines {question.function}"
        )
    cells = " and ".join(str(place + 1) for place in places)
    for error in report.errors:
        if error["cell"] in places:
            what = "is not Python 3" if error["syntax"] else "failed"
            return f"code cell {cells} {what}: {error['error']}"
    for cell, why in report.skipped:
        if cell in places:
            return f"code cell {cells} could not be run: {why}"
    return f"code cell {cells} does not define {question.function}"


def missing_import(report: SubmissionTrial, outcomes: list[CallOutcome]) -> str:
    """Return the failed import that an answer suffers from, or ""."""
    lost = {name: error["error"] for error in report.errors for name in error["lost"]}
    for outcome in outcomes:
        if NO_SUCH_MODULE.match(outcome.error):
            return outcome.error
        if (name := NO_SUCH_NAME.match(outcome.error)) and name[1] in lost:
            return lost[name[1]]
    return ""


def mark_calls(question: Question, assignment: Assignment, report: SubmissionTrial) -> QuestionGrade:
    """Return the mark of a question whose answer was called, or could not be."""
    if question.name not in report.outcomes:
        return review(question, report.given_up or why_undefined(question, report))
    cases, outcomes = assignment.cases[question.name], report.outcomes[question.name]
    verdict = judge(question, cases, outcomes)
    if verdict.points < verdict.max_points and (missing := missing_import(report, outcomes)):
        return review(question, f"the notebook imports what the grader does not have: {missing}")
    feedback = verdict.feedback
    if question.name in report.stopped:
        number, why = report.stopped[question.name]
        feedback = f"This was tried: {cases[min(number, len(cases) - 1)].name}. The call was stopped: {why}."
        if verdict.mistake:
            feedback += f" {verdict.feedback}"
    return QuestionGrade(
        question.name,
        GRADED,
        verdict.points,
        verdict.max_points,
        clean(feedback),
        verdict.mistake,
        verdict.read,
    )


def mark(assignment: Assignment, notebook: Notebook, report: SubmissionTrial) -> list[QuestionGrade]:
    """Return the marks of all questions of a notebook that was tried."""
    marks = []
    for question in assignment.questions:
        if question.cases is None:
            marks.append(mark_words(question, notebook))
            continue
        try:
            marks.append(mark_calls(question, assignment, report))
        except Exception as error:  # in the question's own code: it must not cost a student anything
            marks.append(failed(question, f"judging failed with {type(error).__name__}: {error}"))
    return marks


def all_for_review(assignment: Assignment, reason: str) -> list[QuestionGrade]:
    """Return the marks of a submission that cannot be tried at all."""
    return [review(question, reason) for question in assignment.questions]


def all_failed(assignment: Assignment, reason: str) -> list[QuestionGrade]:
    """Return the marks of a submission that the grader failed on."""
    return [failed(question, reason) for question in assignment.questions]


def overridden(mark: QuestionGrade, points: float, comment: str) -> QuestionGrade:
    """Return a mark with what a person decided."""
    feedback = comment or ("" if points == mark.max_points else mark.feedback)
    if mark.state != GRADED and not comment:
        feedback = ""
    return replace(
        mark,
        state=GRADED,
        points=points,
        feedback=clean(feedback),
        reason="",
        graded_by="a person",
        **({} if mark.state == GRADED and not comment else {"mistake": "", "read": ""}),
    )


def from_json(data: Mapping[str, Any]) -> QuestionGrade:
    """Return the mark that a results file holds."""
    return QuestionGrade(**{name: data[name] for name in QuestionGrade.__dataclass_fields__ if name in data})
