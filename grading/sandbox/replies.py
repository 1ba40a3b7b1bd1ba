"""What a child may reply, read from its messages. A stranger wrote them: what is not in order is Malformed.

Each function is given a message and its arrays by `messages.read`, which turns all that it raises into Malformed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.sandbox.exam import CallOutcome
from grading.sandbox.inside.answering import MOST_TEXT
from grading.sandbox.inside.messages import Malformed

MOST_ERRORS = 100  # of cells
MOST_NAMES = 200
LONGEST_NAME = 100


@dataclass(frozen=True)
class About:
    """It is about to run a statement of a cell."""

    cell: int
    statement: int


@dataclass(frozen=True)
class Loaded:
    """It has run the cells: the same facts as in `exam.SubmissionTrial`, and the names that were left out."""

    answers: dict[str, list[int]]
    defined: set[str]
    errors: list[dict[str, Any]]
    left_out: set[str]


def text(value: Any, most: int) -> str:
    """Return the beginning of a text; Malformed if it is not a text."""
    if not isinstance(value, str):
        raise Malformed("a text is missing")
    return value[:most]


def number(value: Any, below: int) -> int:
    """Return a whole number of 0 or more below a limit; Malformed if it is not one."""
    if type(value) is not int or not 0 <= value < below:
        raise Malformed("a number is not one that can be meant")
    return value


def ready(message: dict[str, Any], arrays: Sequence[np.ndarray]) -> str:
    """Return "" if a child is ready for a notebook, else why it is not."""
    return "" if message == {"ready": True} else text(message["why"], MOST_TEXT)


def loading(
    message: dict[str, Any], arrays: Sequence[np.ndarray], cells: int, questions: Collection[str]
) -> About | Loaded:
    """Return what a child says while it runs so many cells, or at the end of them."""
    if "at" in message:
        cell, statement = message["at"]
        return About(number(cell, cells), number(statement, 1 << 31))
    errors = [
        {
            "cell": number(error["cell"], cells),
            "error": text(error["error"], MOST_TEXT),
            "syntax": error["syntax"] is True,
            "lost": [text(name, LONGEST_NAME) for name in error["lost"][:MOST_NAMES]],
        }
        for error in message["errors"][:MOST_ERRORS]
    ]
    return Loaded(
        {
            name: [number(cell, cells) for cell in places]
            for name, places in message["answers"].items()
            if name in questions
        },
        {name for name in message["defined"] if name in questions},
        errors,
        {text(name, LONGEST_NAME) for name in message["left_out"][:MOST_NAMES]},
    )


def called(message: dict[str, Any], arrays: list[np.ndarray], case: int) -> CallOutcome:
    """Return what came of the call of a case."""
    if type(message["case"]) is not int or message["case"] != case:
        raise Malformed("it is not in order")
    error = text(message["error"], MOST_TEXT)
    return CallOutcome(None, error) if error else CallOutcome(arrays)
