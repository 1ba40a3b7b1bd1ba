"""Turn what came back from the sandbox into a state, points and feedback for each question. Pure, outside the sandbox.

graded                 a number of points, computed or given by a person
needs_review           the grader could not try the answer as it stands, or it is in words: a person decides
infrastructure_error   the grader itself failed; this says nothing about the answer, and the next run tries again
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.machinery import PathFinder
from typing import Any

from course.assignments import WRITE_HERE
from course.question import Question
from grading.judging.assignment import Assignment
from grading.judging.dependence import BELOW, BESIDE, SecondTrial, below, beside, called, later
from grading.judging.verdict import NO_ANSWER, QuestionVerdict, judge, quoted
from grading.sandbox.exam import CallOutcome, Exam, SubmissionTrial
from grading.sandbox.inside.cells import marked
from grading.submissions.notebook import Notebook, clean

GRADED, NEEDS_REVIEW, INFRASTRUCTURE_ERROR = "graded", "needs_review", "infrastructure_error"
NO_SUCH_NAME = re.compile(r"NameError: name '(\w+)' is not defined")
NO_SUCH_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]{1,100})'$")
LONG_SECONDS = 30  # a question that is given more trains a model
IMPORTS = r"^\s*(?:import|from)\b.*\b{}\b"


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


def graded(question: Question, verdict: QuestionVerdict, feedback: str) -> QuestionGrade:
    """Return the mark of a question that was judged, with what to tell its author."""
    return QuestionGrade(
        question.name,
        GRADED,
        verdict.points,
        verdict.max_points,
        clean(feedback.strip()),
        verdict.mistake,
        verdict.read,
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


def numbered(places: list[int]) -> str:
    """Return the names of code cells, as a notebook's reader counts them."""
    return f"code cell{'s' if len(places) > 1 else ''} {' and '.join(str(place + 1) for place in places)}"


def why_undefined(question: Question, report: SubmissionTrial) -> str:
    """Say why there is no function to call."""
    places = report.answers.get(question.name, ())
    if not places:
        return (
            f"no answer was found: no cell is named {question.name!r}, none is marked '# GRADED: {question.name}',"
            f" and none defines {question.function}"
        )
    cells = numbered(places)
    for error in report.errors:
        if error["cell"] in places:
            what = "is not Python 3" if error["syntax"] else "failed"
            return f"{cells} {what}: {quoted(error['error'])}"
    for cell, why in report.skipped:
        if cell in places:
            return f"{cells} could not be run: {why}"
    return f"{cells} does not define {question.function}"


def other_place(question: Question, notebook: Notebook, report: SubmissionTrial) -> str:
    """Say which cell was graded if that is not plain: not the marked one, or one of several; "" if it is plain."""
    places, marks = report.answers.get(question.name, []), marked(notebook.code, question.name)
    own = [place for place in places if place in marks]
    if len(places) > 1:
        if own and own != places:
            which = f"That in {numbered(own[-1:])} was graded, since this cell is marked for it."
        else:
            which = "The last was graded: it is what a run of the notebook from top to bottom leaves."
        return f"There are several answers to this question, in {numbered(places)}. {which}"
    if places and marks and not own:
        return (
            f"The cell for this answer holds none. What {numbered(places)} answers was graded, since it defines"
            f" {question.function}."
        )
    return ""


def seems_elsewhere(question: Question, notebook: Notebook) -> str:
    """Say where an answer seems to stand that could not be found by what the cells define; "" if nowhere."""
    defines = re.compile(rf"\bdef\s+{re.escape(question.function)}\b")
    if any(defines.search(text) for _, text in notebook.words):
        return "a text cell"
    own = marked(notebook.code, question.name)
    places = [i for i, cell in enumerate(notebook.code) if i not in own and defines.search(cell["source"])]
    return numbered(places) if places else ""


def is_missing(module: str) -> bool:
    """Tell whether the grader itself does not have a module; nothing is imported to find out."""
    path, name = None, ""
    for part in module.split("."):
        name = f"{name}.{part}".lstrip(".")
        if name in sys.builtin_module_names:
            return False
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return True
        path = spec.submodule_search_locations or []
    return False


def missing_import(report: SubmissionTrial, notebook: Notebook, outcomes: list[CallOutcome]) -> str:
    """Return the module that an answer imports and that the grader does not have, or "".

    The error names it, and an error is the student's own words: so it is looked for in the imports, and here.
    """
    lost = {name: error["error"] for error in report.errors for name in error["lost"]}
    for outcome in outcomes:
        name = NO_SUCH_NAME.match(outcome.error)
        error = lost.get(name[1], "") if name else outcome.error
        if (found := NO_SUCH_MODULE.match(error)) and is_missing(found[1]):
            imports = re.compile(IMPORTS.format(re.escape(found[1])), re.MULTILINE)
            if any(imports.search(cell["source"]) for cell in notebook.code):
                return found[1]
    return ""


def mark_calls(
    question: Question, assignment: Assignment, notebook: Notebook, report: SubmissionTrial
) -> QuestionGrade:
    """Return the mark of a question whose answer was called, or could not be."""
    if question.name not in report.outcomes:
        return review(question, report.given_up or why_undefined(question, report))
    cases, outcomes = assignment.cases[question.name], report.outcomes[question.name]
    verdict = judge(question, cases, outcomes)
    if verdict.points < verdict.max_points and (missing := missing_import(report, notebook, outcomes)):
        return review(question, f"the notebook imports a module that the grader does not have: {missing}")
    place = other_place(question, notebook, report)
    if verdict.mistake == NO_ANSWER and (elsewhere := place or seems_elsewhere(question, notebook)):
        return review(question, f"the function that was found is as it was handed out, but see {elsewhere}")
    feedback = verdict.feedback
    if question.name in report.stopped:
        number, why = report.stopped[question.name]
        feedback = f"This was tried: {cases[min(number, len(cases) - 1)].name}. The call was stopped: {why}."
    return graded(question, verdict, f"{place} {feedback}")


def first_marks(
    assignment: Assignment, notebook: Notebook, report: SubmissionTrial
) -> dict[str, QuestionGrade]:
    """Return the marks of all questions, each as if it stood alone."""
    marks = {}
    for question in assignment.questions:
        if question.cases is None:
            marks[question.name] = mark_words(question, notebook)
            continue
        try:
            marks[question.name] = mark_calls(question, assignment, notebook, report)
        except Exception as error:  # in the question's own code: it must not cost a student anything
            marks[question.name] = failed(question, f"judging failed with {type(error).__name__}: {error}")
    return marks


def lost(mark: QuestionGrade) -> bool:
    """Tell whether a question got fewer points than there are."""
    return mark.points is not None and mark.points < mark.max_points


def second_trials(
    assignment: Assignment, notebook: Notebook, report: SubmissionTrial, exam: Exam
) -> list[SecondTrial]:
    """Return what may show that a question lost points for no fault of its own: see `dependence.py`."""
    marks = first_marks(assignment, notebook, report)
    trials = []
    for question in assignment.questions:
        own = marks[question.name]
        if question.cases is None or question.name not in report.outcomes or own.points == own.max_points:
            continue
        if (place := later(question, notebook, report)) is not None:
            trials.append(below(question, place, notebook, exam))
        if lost(own) and own.mistake != NO_ANSWER:
            calls = called(question, assignment, notebook, report)
            # a training takes long: it is only tried again where something is known to be wrong
            if question.seconds <= LONG_SECONDS or any(not is_right(marks[other.name]) for other in calls):
                trials.append(beside(question, calls, assignment, notebook, exam))
    return [trial for trial in trials if trial]


def is_right(mark: QuestionGrade) -> bool:
    """Tell whether a question got all its points."""
    return mark.points == mark.max_points


def of_cell_below(
    question: Question, assignment: Assignment, own: QuestionGrade, place: int, second: SubmissionTrial
) -> QuestionGrade:
    """Return the mark of a question that a cell below the marked one answers too: that of the better answer."""
    outcomes = second.outcomes.get(question.name)
    if outcomes is None:
        return own
    verdict = judge(question, assignment.cases[question.name], outcomes)
    if own.points is not None and verdict.points <= own.points:
        return own
    place = (
        f"There are several answers to this question. That in {numbered([place])} was graded: it is what a run of the"
        " notebook from top to bottom leaves."
    )
    return graded(question, verdict, f"{place} {verdict.feedback}")


def beside_others(
    question: Question,
    assignment: Assignment,
    own: QuestionGrade,
    calls: Sequence[tuple[Question, QuestionGrade]],
    second: SubmissionTrial | None,
) -> QuestionGrade:
    """Return the mark of a question that lost points and calls others, given what came of its second trial, if any.

    A loss that is only that of another question costs nothing here; one that hangs on a question in doubt is in doubt.
    """
    verdict, better = None, False
    if second is not None:
        outcomes = second.outcomes.get(question.name)
        if outcomes is None:
            return review(
                question, "it could not be tried beside right answers to the questions that it calls"
            )
        verdict = judge(question, assignment.cases[question.name], outcomes)
        better = verdict.points > own.points
    doubtful = [other.function for other, mark in calls if mark.points is None]
    if doubtful and (better or verdict is None):
        reason = f"it calls {' and '.join(doubtful)}, which waits for a decision"
        if better:
            reason += f"; beside a right one it gets {verdict.points} of {own.max_points} points"
        return review(question, reason)
    wrong = [other.function for other, mark in calls if lost(mark)]
    if verdict is None or not (better or wrong):
        return own
    names = " and ".join(wrong or [other.function for other, _ in calls])
    if not better:
        too = f"Beside a right {names} it gets no more points, so this is a mistake of its own."
        return replace(own, feedback=f"{own.feedback} {too}")
    if wrong:
        why = f"It was tried beside a right {names}, since yours is not: a mistake costs points only once."
    else:
        why = (
            f"It did not work beside your {names}: perhaps a list or a tensor came where an array was expected."
            " Beside functions that return arrays it was tried again, and that counts."
        )
    return graded(question, verdict, f"{why} {verdict.feedback}")


def mark(
    assignment: Assignment,
    notebook: Notebook,
    report: SubmissionTrial,
    seconds: Mapping[tuple[str, str], SubmissionTrial | str] | None = None,
) -> list[QuestionGrade]:
    """Return the marks of all questions of a notebook that was tried.

    `seconds` holds what came of the `second_trials`, by question and why, or the reason why nothing did.
    """
    seconds = seconds or {}
    marks = first_marks(assignment, notebook, report)
    for question in assignment.questions:
        name = question.name
        failures = [came for (of, _), came in seconds.items() if of == name and isinstance(came, str)]
        if failures:
            marks[name] = failed(question, failures[0])
            continue
        if second := seconds.get((name, BELOW)):
            place = later(question, notebook, report)
            marks[name] = of_cell_below(question, assignment, marks[name], place, second)
        own = marks[name]
        if lost(own) and own.mistake != NO_ANSWER:
            calls = [(other, marks[other.name]) for other in called(question, assignment, notebook, report)]
            marks[name] = beside_others(question, assignment, own, calls, seconds.get((name, BESIDE)))
    return list(marks.values())


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
