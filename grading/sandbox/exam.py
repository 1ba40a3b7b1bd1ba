"""What an exam is: the calls that try a submission, without what they should return, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FORKED, FRESH, UNSAFE = "forked", "fresh", "unsafe"  # the ways to run it, see the top of the package


@dataclass(frozen=True)
class Calls:
    """What one question asks of an answer, without what it should return."""

    name: str
    function: str
    calls: tuple[tuple[tuple, str], ...]  # arguments and driver
    seconds: float
    most_bytes: int


@dataclass(frozen=True)
class Exam:
    """All that a worker must know to try a submission of an assignment."""

    questions: tuple[Calls, ...]
    drivers: str = ""  # the source of drivers.py
    modules: tuple[str, ...] = ("numpy",)  # imported before a notebook is loaded
    unsafe: bool = False  # without bubblewrap
    run: str = ""  # the name of the grader's run; it owns the sandboxes that are made for it


@dataclass(frozen=True)
class CallOutcome:
    """What came back of one call: the arrays, or an error; `error` is "" if there are arrays."""

    values: Sequence[np.ndarray] | None
    error: str = ""


@dataclass
class SubmissionTrial:
    """What happened when a submission was tried: facts, no judgement."""

    outcomes: dict[str, list[CallOutcome]] = field(default_factory=dict)  # by question, one for each call
    stopped: dict[str, tuple[int, str]] = field(default_factory=dict)  # question: the call it was in, and why
    answers: dict[str, list[int]] = field(default_factory=dict)  # question: the cells that hold an answer
    defined: set[str] = field(default_factory=set)  # questions whose function is there
    errors: list[dict[str, Any]] = field(default_factory=list)  # of cells
    skipped: list[tuple[int, str]] = field(default_factory=list)  # cells with a statement that broke, and why
    given_up: str = ""  # why the notebook could not be run at all
    seconds: float = 0.0
    way: str = FORKED
