"""Judge the plain arrays that an answer gave: points, and a sentence or two of feedback. Pure, outside the sandbox."""

from __future__ import annotations

import contextlib
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

SHARE = 1 / 5  # of what failed: a mistake that explains less of it is not named
NO_ANSWER = "not-answered"
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


def quoted(text: str) -> str:
    """Return the words of a student's program as a quotation that cannot be taken for words of the grader."""
    return f"“{re.sub('[“”]', chr(34), text).strip()}”"


def same(
    values: Sequence[np.ndarray], wanted: Any, rtol: float, atol: float, looks_at: Sequence[int] = ()
) -> bool:
    """Tell whether arrays equal the expected value: number of parts, shapes and values within the tolerance."""
    return not difference(values, wanted, rtol, atol, looks_at)


def difference(
    values: Sequence[np.ndarray], wanted: Any, rtol: float, atol: float, looks_at: Sequence[int] = ()
) -> str:
    """Say in a sentence how arrays differ from the expected value, without telling that value; "" if they do not."""
    parts = answering.plain(wanted)
    if len(values) != len(parts):
        return f"It returned {len(values)} value(s), where {len(parts)} were expected."
    for number, (got, want) in enumerate(zip(values, parts, strict=True), 1):
        if looks_at and number - 1 not in looks_at:
            continue
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
        return f"The call failed with the error {quoted(outcome.error)}."
    if not outcome.values:
        return "It returned an empty tuple."
    if unasked_text(case, outcome):
        return "It returned text, where numbers were expected."
    if case.accept is not None:
        try:
            return case.accept(outcome.values)
        except Exception:  # it is made for numbers of about the right form; whatever else may come is wrong
            return "It returned something that cannot be compared with what was asked for."
    return difference(outcome.values, case.expected, case.rtol, case.atol, case.looks_at)


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
    return None if same(parts, case.expected, case.rtol, case.atol, case.looks_at) else parts


def shows(mistake: Mistake, case: Case, outcome: CallOutcome) -> bool:
    """Tell whether the outcome of a failed case is the one that a mistake leads to.

    A mistake's own code is made for what such a mistake returns. What it raises on anything else means: it is another.
    """
    if outcome.values is None:
        return bool(mistake.raises) and re.search(mistake.raises, outcome.error) is not None
    if not outcome.values or unasked_text(case, outcome):
        return False
    with contextlib.suppress(Exception):
        if mistake.shown_by is not None and mistake.shown_by(case.arguments, outcome.values):
            return True
    with contextlib.suppress(Exception):
        wanted = leads_to(mistake, case)
        return wanted is not None and same(
            outcome.values, wanted, max(case.rtol, 1e-5), case.atol, case.looks_at
        )
    return False


def judge(question: Question, cases: Sequence[Case], outcomes: Sequence[CallOutcome]) -> QuestionVerdict:
    """Judge one question: add up the points of the cases that are right, and name the mistake behind the others.

    A mistake is named only if all that failed can be explained.
    """
    faults = [fault(case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    failed = [(case, outcome) for case, outcome, found in zip(cases, outcomes, faults, strict=True) if found]
    right: list[tuple[int, bool]] = []  # points, and whether they are earned
    for case, found in zip(cases, faults, strict=True):
        if case.points:
            right.append((case.points, not found))
        elif found:
            right[-1] = (right[-1][0], False)
    most, points = sum(worth for worth, _ in right), sum(worth for worth, earned in right if earned)
    if not failed:
        return QuestionVerdict(points, most, "")
    if all(NOT_ANSWERED.match(outcome.error) for _, outcome in failed):
        return QuestionVerdict(points, most, "This question was not answered.", NO_ANSWER)
    tried = f"This was tried: {failed[0][0].name}."
    mistakes, hedge = behind(question.mistakes, failed)
    if mistakes:
        says = " ".join(mistake.says for mistake in mistakes)
        return QuestionVerdict(points, most, f"{tried} {hedge}{says}", mistakes[0].name, mistakes[0].read)
    return QuestionVerdict(points, most, f"{tried} {next(filter(None, faults))}")


def behind(
    mistakes: Sequence[Mistake], failed: Sequence[tuple[Case, CallOutcome]]
) -> tuple[list[Mistake], str]:
    """Return the mistake that leads to all that failed, or two that do so together, and "".

    If none does, one that leads to part of it, with words that say so. NaN looks the same whatever led to it, so there
    it takes a number, a shape or an error that fits. The first is the one that explains the most; in a tie, the one
    that comes first.
    """
    explained = [{k for k, one in enumerate(failed) if shows(mistake, *one)} for mistake in mistakes]
    if not any(explained):
        return [], ""
    first = max(range(len(mistakes)), key=lambda k: len(explained[k]))
    rest = set(range(len(failed))) - explained[first]
    if not rest:
        return [mistakes[first]], ""
    second = next((m for m, which in zip(mistakes, explained, strict=True) if rest <= which), None)
    if second:
        return [mistakes[first], second], ""
    tells = any(is_number(failed[k][1]) for k in explained[first])
    # a call without points of its own belongs to another, and is not counted beside it
    counted = {k for k, (case, _) in enumerate(failed) if case.points} or set(range(len(failed)))
    if tells and len(explained[first] & counted) >= SHARE * len(counted):
        return [mistakes[first]], "Not all that failed, but some of it, looks like this: "
    return [], ""


def is_number(outcome: CallOutcome) -> bool:
    """Tell whether something came back that is not NaN or infinite throughout, or an error did."""
    numbers = [part for part in outcome.values or () if part.dtype.kind == "f" and part.size]
    return not numbers or any(np.isfinite(part).any() for part in numbers)
