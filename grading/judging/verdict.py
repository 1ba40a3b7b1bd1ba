"""Judge the plain arrays that an answer gave: points, and a sentence or two of feedback. Pure, outside the sandbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course.assignments import NOT_WRITTEN
from course.question import Case, Mistake, Question
from grading.sandbox.exam import CallOutcome
from grading.sandbox.inside import answering

# The error of an untouched stub: nbgrader's, which has no text, or the course's. TensorFlow raises the same type with
# another text if a NumPy function is given a tensor of a graph: then the student did answer, but wrongly.
NOT_ANSWERED = re.compile(rf"NotImplementedError: (?:$|.*{NOT_WRITTEN})")


@dataclass(frozen=True)
class QuestionVerdict:
    """The points of a question and what to tell its author. `mistake` is the name of the one recognised, else ""."""

    points: int
    max_points: int
    feedback: str
    mistake: str = ""
    read: str = ""  # lesson and heading, where a mistake was recognised


def same(values: Sequence[np.ndarray], wanted: Any, rtol: float, atol: float) -> bool:
    """Tell whether arrays equal the expected value: number of parts, shapes and values within the tolerance."""
    return not difference(values, wanted, rtol, atol)


def difference(values: Sequence[np.ndarray], wanted: Any, rtol: float, atol: float) -> str:
    """Say in a sentence how arrays differ from the expected value, without telling that value; "" if they do not."""
    parts = answering.plain(wanted)
    if len(values) != len(parts):
        return f"It returned {len(values)} value(s), where {len(parts)} were expected."
    for number, (got, want) in enumerate(zip(values, parts, strict=True), 1):
        which = f"Value {number} of {len(parts)}" if len(parts) > 1 else "The result"
        if got.shape != want.shape:
            return f"{which} has the shape {got.shape}, where {want.shape} was expected."
        if want.dtype.kind == "U" or got.dtype.kind == "U":
            if got.dtype.kind != want.dtype.kind or not np.array_equal(got, want):
                return f"{which} is not what was asked for."
            continue
        if np.isnan(got).any() and not np.isnan(want).any():
            return f"{which} contains NaN."
        if np.isinf(got).any() and not np.isinf(want).any():
            return f"{which} contains an infinite value."
        if not np.allclose(got.astype(float), want.astype(float), rtol=rtol, atol=atol, equal_nan=True):
            return f"{which} has the right shape, and a wrong value."
    return ""


def unasked_text(case: Case, outcome: CallOutcome) -> bool:
    """Tell whether text came but the case expects none; so the code that checks the values can rely on numbers."""
    wanted = [] if case.expected is None else answering.plain(case.expected)
    came = any(part.dtype.kind == "U" for part in outcome.values or ())
    return came and not any(part.dtype.kind == "U" for part in wanted)


def fault(case: Case, outcome: CallOutcome) -> str:
    """Say what is wrong with the outcome of a case, as a sentence; "" if nothing is."""
    if outcome.values is None:
        return f"The call failed with {outcome.error.rstrip('.')}."
    if not outcome.values:
        return "It returned an empty tuple."
    if unasked_text(case, outcome):
        return "It returned text, where numbers were expected."
    if case.accept is not None:
        return case.accept(outcome.values)
    return difference(outcome.values, case.expected, case.rtol, case.atol)


@lru_cache(maxsize=1024)
def leads_to(mistake: Mistake, case: Case) -> tuple[np.ndarray, ...] | None:
    """Return what an answer with a mistake returns in a case; computed once, since all submissions get the same cases.

    None where the mistake says nothing of the case, or changes nothing in it: it cannot be recognised by it then.
    """
    if mistake.returns is None or case.accept is not None:
        return None
    with np.errstate(all="ignore"):
        value = mistake.returns(*case.arguments)
    if value is None:
        return None
    parts = tuple(answering.plain(value))
    return None if same(parts, case.expected, case.rtol, case.atol) else parts


def shows(mistake: Mistake, case: Case, outcome: CallOutcome) -> bool:
    """Tell whether the outcome of a failed case is the one that a mistake leads to."""
    if outcome.values is None:
        return bool(mistake.raises) and re.search(mistake.raises, outcome.error) is not None
    if not outcome.values or unasked_text(case, outcome):
        return False
    if mistake.shown_by is not None and mistake.shown_by(case.arguments, outcome.values):
        return True
    wanted = leads_to(mistake, case)
    return wanted is not None and same(outcome.values, wanted, max(case.rtol, 1e-5), case.atol)


def judge(question: Question, cases: Sequence[Case], outcomes: Sequence[CallOutcome]) -> QuestionVerdict:
    """Judge one question: add up the points of the cases that are right, and name the mistake behind the others.

    If several mistakes fit, it names the one that explains the most failed cases; in a tie, the first of them.
    """
    failed = [
        (case, outcome, found)
        for case, outcome in zip(cases, outcomes, strict=True)
        if (found := fault(case, outcome))
    ]
    most = sum(case.points for case in cases)
    points = most - sum(case.points for case, _, _ in failed)
    if not failed:
        return QuestionVerdict(points, most, "")
    if all(NOT_ANSWERED.match(outcome.error) for _, outcome, _ in failed):
        return QuestionVerdict(points, most, "This question was not answered.", "not-answered")
    explained = [
        sum(shows(mistake, case, outcome) for case, outcome, _ in failed) for mistake in question.mistakes
    ]
    if any(explained):
        mistake = question.mistakes[int(np.argmax(explained))]
        return QuestionVerdict(points, most, mistake.says, mistake.name, mistake.read)
    case, _, found = failed[0]
    return QuestionVerdict(points, most, f"This was tried: {case.name}. {found}")
