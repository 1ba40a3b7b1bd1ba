"""What a graded question is: the calls that try an answer, what they must return, and which mistakes have a name.

An assignment is a folder `assignments/NAME/`. Its `questions.py` holds `TITLE` and `QUESTIONS`; nothing in it runs a
student's code. Where a call needs more than the function itself (a graph and a session, say), `drivers.py` beside it
has a function that makes the call; only that file goes into the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RTOL = 1e-6  # of an answer: wide enough for float32, far smaller than any mistake that has a name


@dataclass(frozen=True, eq=False)
class Case:
    """One call of an answer, and the points that it is worth.

    `name` says in words what is tried and completes the sentence "This was tried: …"; it is shown to the student and
    must not give the expected value away. `arguments` are numbers, strings, booleans, None, arrays, and lists or
    tuples or dicts of them. `expected` is what a right answer returns: a number, an array, or a tuple of them.
    `driver` names the function of `drivers.py` that makes the call, as `driver(names, *arguments)`, where `names` holds
    everything that the notebook defined. If it is empty, the question's own function is called with the arguments.
    `points` are 0 for a call that belongs to the case before it, such as one with an edge value: that case's points are
    earned if both are right. `looks_at` names the parts of a returned tuple that this case is about, if not all are.
    """

    name: str
    arguments: tuple[Any, ...]
    expected: Any
    points: int = 1
    driver: str = ""
    rtol: float = RTOL
    atol: float = 1e-9
    looks_at: tuple[int, ...] = ()
    # used instead of comparing with `expected`: returns "" if the values are right, else a sentence on what is wrong
    accept: Callable[[Sequence[np.ndarray]], str] | None = None


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that has a name, and what somebody who made it should read.

    It can be recognised by what is returned. `returns` is called with a case's arguments and gives the value that an
    answer with this mistake returns, or None if it cannot say for that case. If many values are right and many wrong,
    `shown_by` is called with the arguments and the returned arrays, and tells whether they show the mistake.
    Or by the error that is raised: `raises` is a regular expression that is searched in "TypeError: the message".
    It is named where it explains what failed. `says` is shown to the student: it names the misconception and the way
    out of it, never a value that a hidden case expects.
    """

    name: str
    says: str
    read: str  # a lesson and a heading in it: "03-binary-cross-entropy.ipynb#traps"
    returns: Callable[..., Any] | None = None
    shown_by: Callable[[tuple[Any, ...], Sequence[np.ndarray]], bool] | None = None
    raises: str = ""


@dataclass(frozen=True)
class Question:
    """A graded question. `function` is what the answer's cell must define; `name` marks the cell: `# GRADED: name`.

    `cases` makes the calls from a seeded generator, always the same number of them with the same points. A question
    that is answered in words has `words_points` instead of cases; it always waits for a person.
    """

    name: str
    function: str
    cases: Callable[[np.random.Generator], Sequence[Case]] | None = None
    mistakes: Sequence[Mistake] = field(default_factory=tuple)
    seconds: float = 10.0  # wall clock, for all cases together
    most_bytes: int = 1_000_000  # of all that an answer returns in these cases; what it prints is thrown away
    words_points: int = 0
    tensorflow: bool = False  # whether the answer needs TensorFlow, so that a worker imports it beforehand

    def __post_init__(self) -> None:
        """Refuse a question that has neither cases nor words_points, or that has both."""
        if (self.cases is None) == (self.words_points == 0):
            raise ValueError(f"question {self.name}: give it either cases or words_points, not both")

    @property
    def max_points(self) -> int:
        """The points of a right answer; the same whatever the seed."""
        if self.cases is None:
            return self.words_points
        return sum(case.points for case in self.cases(np.random.default_rng(0)))
