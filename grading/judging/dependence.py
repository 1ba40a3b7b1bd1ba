"""Prepare to try a question a second time: beside right answers to others, or as a later cell answers it.

A right answer fails if one that it calls is wrong. So it is tried again with right answers in place of the earlier
ones. What an answer calls is read off its text, and a name too many does no harm. And where a cell below the marked
one gives the function anew, that one is tried too. `grades.py` makes one mark of both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from course.question import Question
from grading.judging.assignment import Assignment
from grading.sandbox.exam import Exam, SubmissionTrial
from grading.sandbox.inside.cells import marked
from grading.submissions.notebook import Notebook

TEXT = re.compile(r'"""(?:.|\n)*?"""|' + r"'''(?:.|\n)*?'''|#.*")  # docstrings and comments
WORD = re.compile(r"[^\W\d]\w*")
GIVES = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", re.MULTILINE)


BESIDE, BELOW = "beside", "below"


@dataclass(frozen=True)
class SecondTrial:
    """A question to be tried again in a changed notebook. `why` is BESIDE or BELOW."""

    question: str
    why: str
    exam: Exam
    cells: Sequence[Mapping[str, Any]]


def called(
    question: Question, assignment: Assignment, notebook: Notebook, report: SubmissionTrial
) -> list[Question]:
    """Return the earlier questions whose functions an answer calls, by itself or through what it calls."""
    before = assignment.questions[: assignment.questions.index(question)]
    earlier = [q for q in before if q.name in report.answers]  # that is, if it was asked at all
    texts = [TEXT.sub("", cell["source"]) for cell in notebook.code]
    gives = [
        set() if cell["locked_test"] else {name for pair in GIVES.findall(text) for name in pair if name}
        for cell, text in zip(notebook.code, texts, strict=True)
    ]
    words: set[str] = set()
    read, new = set(), set(report.answers.get(question.name, ()))
    while new:
        words.update(word for place in new for word in WORD.findall(texts[place]))
        read |= new
        new = {place for place, names in enumerate(gives) if names & words} - read
    return [q for q in earlier if q.function in words]


def beside(
    question: Question, calls: Sequence[Question], assignment: Assignment, notebook: Notebook, first: Exam
) -> SecondTrial | None:
    """Return how to try a question beside right answers to those that it calls; None where there are none to be had."""
    right = [assignment.references.get(other.name) for other in calls]
    if not right or None in right:
        return None
    return again(
        question, BESIDE, first, notebook, {"source": "\n\n".join(right), "grade_id": "", "solution": False}
    )


def later(question: Question, notebook: Notebook, report: SubmissionTrial) -> int | None:
    """Return the last cell that gives a question's function anew, below the cells that are marked for it; or None."""
    own, places = marked(notebook.code, question.name), report.answers.get(question.name, [])
    if not set(own) & set(places) or places[-1] in own:
        return None
    return places[-1]


def below(question: Question, place: int, notebook: Notebook, first: Exam) -> SecondTrial:
    """Return how to try a question as a cell below the marked one answers it."""
    cell = {"source": notebook.code[place]["source"], "grade_id": question.name, "solution": True}
    return again(question, BELOW, first, notebook, cell)


def again(
    question: Question, why: str, first: Exam, notebook: Notebook, cell: Mapping[str, Any]
) -> SecondTrial:
    """Return how to try one question with one more cell at the end of the notebook."""
    exam = replace(first, questions=tuple(calls for calls in first.questions if calls.name == question.name))
    return SecondTrial(question.name, why, exam, [*notebook.code, {**cell, "locked_test": False}])
