"""How the runner and a contender talk: one JSON object per line, over the contender's stdin and stdout.

    contender  {"versions": {"numpy": "2.4.6"}}                                    as soon as it can work
    runner     {"examples": 60000, "batch_size": 256, "epochs": 10, "warm": 1}     a job; any number of them
    contender  {"prepare": 0.1, "first": 1.3, "warm": [0.9], "others": [0.0, 0.1], "curves": {...}}

Times are seconds. `prepare` brings the arrays to where the contender wants them and builds its model, `first` is the
first training with all its tracing and compiling, `warm` are trainings that follow in the same process from the same
start. `others` says for `first` and each of `warm` which share of all processors was busy with something else.
Needs only NumPy, because contenders run in environments of their own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from benchmarks.task import Task, load

Curves = Mapping[str, Sequence[float]]  # loss, accuracy, test accuracy: one number per epoch
Train = Callable[[int], Curves]  # from a number of epochs to curves; always begins with the start weights
Prepare = Callable[[Task], Train]

JOB = {"examples": int, "batch_size": int, "epochs": int, "warm": int}
REPLY = {"prepare": float, "first": float, "warm": list, "others": list, "curves": dict}


class ProtocolError(ValueError):
    """A line that does not follow the protocol; the text says what was found."""


def read(line: str, fields: Mapping[str, type]) -> dict[str, Any]:
    """Return the object in a line. Raises ProtocolError unless it has exactly these fields with these types."""
    try:
        message = json.loads(line)
    except json.JSONDecodeError:
        raise ProtocolError(f"found {line[:80]!r}, expected one JSON object per line") from None
    if not isinstance(message, dict) or set(message) != set(fields):
        raise ProtocolError(f"found {line[:80]!r}, expected the fields {', '.join(fields)}")
    for name, kind in fields.items():
        if type(message[name]) is not kind:
            found = type(message[name]).__name__
            raise ProtocolError(f"{name}: found {found} {message[name]!r}, expected {kind.__name__}")
    return message


class Clock:
    """Measures a stretch of time, and how busy the rest of the machine was meanwhile."""

    def __enter__(self) -> Clock:
        """Start."""
        self.busy, self.own, self.started = busy_seconds(), time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop. `seconds` passed; `others`, from 0 to 1, is the share of all processors that other programs used."""
        self.seconds = time.perf_counter() - self.started
        own, busy = time.process_time() - self.own, busy_seconds() - self.busy
        self.others = max(0.0, round((busy - own) / (self.seconds * (os.cpu_count() or 1)), 3))


def busy_seconds() -> float:
    """Return how long all processors together were busy since the machine started; 0 if it does not say."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    except FileNotFoundError:  # not Linux
        return 0.0
    user, nice, system, _idle, _waiting, irq, soft_irq, steal = map(int, first[1:9])
    return (user + nice + system + irq + soft_irq + steal) / os.sysconf("SC_CLK_TCK")


def work(prepare: Prepare, job: Mapping[str, int]) -> dict[str, Any]:
    """Do one job and return the reply."""
    task = load(job["examples"], job["batch_size"])
    with Clock() as preparing:
        train = prepare(task)
    clocks = []
    for _ in range(1 + job["warm"]):
        with Clock() as clock:
            curves = train(job["epochs"])
        clocks.append(clock)
    return {
        "prepare": preparing.seconds,
        "first": clocks[0].seconds,
        "warm": [clock.seconds for clock in clocks[1:]],
        "others": [clock.others for clock in clocks],
        "curves": {name: [float(value) for value in values] for name, values in curves.items()},
    }


def serve(prepare: Prepare, *packages: str) -> None:
    """Be a contender: say hello with the versions of `packages`, then do jobs until stdin ends."""
    answers = own_channel()
    tell = {"versions": {name: version(name) for name in packages}}
    print(json.dumps(tell), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(work(prepare, read(line, JOB))), file=answers, flush=True)


def own_channel() -> TextIO:
    """Return the stdout that the runner reads, and point stdout itself to stderr: libraries print as they please."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers
