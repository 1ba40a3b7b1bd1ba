"""Ask a notebook: load its cells in a child, make the calls, note what came back; and hold what a worker keeps."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course.paths import DATA
from grading.sandbox import limits
from grading.sandbox.bubblewrap import BEHIND_THE_SCENES, Broken, Process, end
from grading.sandbox.child import START_SECONDS, Child, Stopped
from grading.sandbox.exam import FORKED, FRESH, UNSAFE, CallOutcome, Calls, Exam, SubmissionTrial
from grading.sandbox.inside import messages

FORK_SECONDS = 30
LOAD_SECONDS = 10.0  # of a notebook's cells, all questions together
MOST_SKIPPED = 3  # statements that may break a notebook before it is given up
NEEDED_ANYWAY = {"numpy", "tensorflow", "keras"}


class Sandbox:
    """What a worker keeps from one submission to the next: a zygote, or nothing but the settings for a fresh start."""

    def __init__(self, way: str = FORKED, modules: Sequence[str] = ("numpy",), data: str = ""):
        self.way, self.modules, self.data = way, tuple(modules), data
        self.group = limits.control_group() if way != UNSAFE else None
        self.zygote: Process | None = None

    def start(self) -> None:
        """Start the zygote, if this way has one and it is not there; Broken if it does not start."""
        if self.way != FORKED or (self.zygote and self.zygote.process.poll() is None):
            return
        self.stop()
        self.zygote = Process(self.way, self.modules, self.data, self.group)
        self.zygote.channel.settimeout(START_SECONDS)
        try:
            if self.zygote.channel.recv(1) != b"+":
                raise Broken(f"the sandbox does not start: {self.zygote.last_words()}")
        except TimeoutError as error:
            raise Broken(f"the sandbox does not start within {START_SECONDS} seconds") from error
        if self.group:
            self.group.limit(limits.MEMORY)

    def stop(self) -> None:
        """End the zygote and all that it started."""
        if self.zygote:
            self.zygote.end()
            self.zygote = None

    def close(self) -> None:
        """End everything and leave nothing behind."""
        self.stop()
        if self.group:
            self.group.remove()
            self.group = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def child(self) -> Iterator[Child]:
        """Start a run, and end all of it afterwards; Broken if it does not start."""
        watched = self.way != UNSAFE and self.group is None
        with contextlib.ExitStack() as cleanup:
            if self.way == FORKED:
                self.start()
                channel, handle = self.fork(cleanup)
                cleanup.callback(end, handle)
            else:
                if self.group:
                    self.group.limit(limits.MEMORY)
                process = Process(self.way, self.modules, self.data, self.group)
                cleanup.callback(process.end)
                channel, handle = process.channel, process.handle
            child = Child(channel, handle, watched)
            try:
                message, _ = child.answer(0)
                if message != {"ready": True}:
                    raise Stopped(str(message.get("why")))
            except Stopped as stopped:
                words = "" if self.way == FORKED else f": {process.last_words()}"
                raise Broken(f"the sandbox does not start, {stopped}{words}") from stopped
            yield child

    def fork(self, cleanup: contextlib.ExitStack) -> tuple[socket.socket, int]:
        """Let the zygote fork a child and return the socket and the handle; Broken if it cannot."""
        ours, theirs = socket.socketpair()
        cleanup.callback(ours.close)
        ours.settimeout(FORK_SECONDS)
        try:
            with theirs:
                socket.send_fds(self.zygote.channel, [b"."], [theirs.fileno()])
            # the first byte is sent by the zygote's side, before any of the student's code runs
            first, handles, _, _ = socket.recv_fds(ours, 1, 1)
            if first == b"+" and handles:
                return ours, handles[0]
            why = (
                ours.recv(BEHIND_THE_SCENES).decode(errors="replace")
                if first == b"-"
                else "the zygote is gone"
            )
        except OSError as error:
            why = str(error) or type(error).__name__
        raise Broken(f"the sandbox cannot be entered: {why}")

    def why(self, stopped: Stopped, killed_before: int) -> str:
        """Say why a run stopped, using what the kernel knows about it."""
        if self.group and self.group.killed() > killed_before:
            return "it took more than 2 GB of memory"
        return str(stopped)

    def run(self, exam: Exam, cells: Sequence[Mapping[str, Any]]) -> SubmissionTrial:
        """Try a notebook and report what came back; Broken if the sandbox, not the notebook, is at fault."""
        begun = time.monotonic()
        report = SubmissionTrial(way=self.way)
        left = self.attempt(exam, cells, report, exam.questions, everything=False)
        if again := [q for q in exam.questions if lacks_a_name(q, report, left)]:
            # now also what was left out to save time, such as data that an answer takes from another cell
            whole = SubmissionTrial(way=self.way)
            self.attempt(exam, cells, whole, again, everything=True)
            for question in again:
                if question.name in whole.outcomes:
                    report.outcomes[question.name] = whole.outcomes[question.name]
                    report.stopped.pop(question.name, None)
                    report.defined.add(question.name)
                if question.name in whole.stopped:
                    report.stopped[question.name] = whole.stopped[question.name]
            report.errors, report.skipped = whole.errors, report.skipped + whole.skipped
        report.seconds = time.monotonic() - begun
        return report

    def attempt(
        self,
        exam: Exam,
        cells: Sequence[Mapping[str, Any]],
        report: SubmissionTrial,
        questions: Sequence[Calls],
        *,
        everything: bool,
    ) -> set[str]:
        """Load a notebook and ask the questions, reloading it after each that breaks it; return the names left out."""
        waiting = list(questions)
        skip: list[tuple[int, int]] = []
        left_out: set[str] = set()
        while waiting and not report.given_up:
            killed = self.group.killed() if self.group else 0
            with self.child() as child:
                try:
                    left_out = load(child, exam, cells, report, skip, everything)
                except Stopped as stopped:
                    at, why = child.at, self.why(stopped, killed)
                    if at is None or at in skip or len(skip) == (1 if everything else MOST_SKIPPED):
                        report.given_up = f"its cells cannot be run: {why}"
                    else:
                        skip.append(at)
                        report.skipped.append((at[0], why))
                    continue
                waiting = [q for q in waiting if q.name in report.defined]
                while waiting:
                    question = waiting.pop(0)
                    try:
                        ask(child, exam, question, report)
                    except Stopped as stopped:
                        done = report.outcomes[question.name]
                        why = self.why(stopped, killed)
                        report.stopped[question.name] = (len(done), why)
                        missing = len(question.calls) - len(done)
                        done += [CallOutcome(None, f"Stopped: {why}")] * missing
                        break
        return left_out


def load(
    child: Child,
    exam: Exam,
    cells: Sequence[Mapping[str, Any]],
    report: SubmissionTrial,
    skip: Sequence[tuple[int, int]],
    everything: bool,
) -> set[str]:
    """Let a child run a notebook's cells, note what came of it, and return the names that were left out.

    If that is Stopped, the child's `at` says at which statement.
    """
    child.within(LOAD_SECONDS)
    functions = {question.name: question.function for question in exam.questions}
    child.ask(
        {
            "cells": list(cells),
            "questions": functions,
            "skip": list(skip),
            "everything": everything,
            "drivers": exam.drivers,
        }
    )
    while True:
        message, _ = child.answer(0)
        match message:
            case {"at": [int(cell), int(statement)]}:
                child.at = (cell, statement)
            case {
                "answers": dict(answers),
                "defined": list(defined),
                "errors": list(errors),
                "left_out": list(left_out),
            }:
                break
            case _:
                raise Stopped("what it returned cannot be read: it is not in order")
    try:
        report.answers = {
            name: [int(i) for i in places if 0 <= int(i) < len(cells)]
            for name, places in answers.items()
            if name in functions
        }
        report.errors = [
            {
                "cell": int(e["cell"]),
                "error": str(e["error"])[:400],
                "syntax": bool(e["syntax"]),
                "lost": [str(name)[:100] for name in e["lost"][:20]],
            }
            for e in errors
        ]
    except (TypeError, ValueError, KeyError) as error:
        raise Stopped("what it returned cannot be read: it is not in order") from error
    report.defined = {name for name in functions if name in defined}
    return {str(name) for name in left_out}


def ask(child: Child, exam: Exam, question: Calls, report: SubmissionTrial) -> None:
    """Let a child make the calls of a question; the outcomes so far are noted even if it is Stopped."""
    outcomes = report.outcomes[question.name] = []
    child.within(question.seconds)
    arrays: list[np.ndarray] = []
    calls = [
        {"arguments": messages.flatten(arguments, arrays), "driver": driver}
        for arguments, driver in question.calls
    ]
    child.ask({"function": question.function, "calls": calls}, arrays)
    left = question.most_bytes
    for number in range(len(calls)):
        message, values = child.answer(left)
        left -= sum(value.nbytes for value in values)
        match message:
            case {"case": int(case), "error": str(error)} if case == number:
                outcomes.append(CallOutcome(None, error[:400]) if error else CallOutcome(values))
            case _:
                raise Stopped("what it returned cannot be read: it is not in order")


def lacks_a_name(question: Calls, report: SubmissionTrial, left_out: set[str]) -> bool:
    """Tell whether a question failed because a name is missing that only left-out statements define."""
    wanted = {f"NameError: name '{name}' is not defined" for name in left_out}
    if question.name in report.defined:
        said = [outcome.error for outcome in report.outcomes.get(question.name, ())]
    else:
        places = report.answers.get(question.name, ())
        said = [error["error"] for error in report.errors if error["cell"] in places]
    return any(error.startswith(name) for error in said for name in wanted)


def data_folder() -> str:
    """Return the folder that students' code finds as KERAS_HOME, or "" if the data sets are not here."""
    folder = Path(os.environ.get("KERAS_HOME") or DATA).resolve()
    return str(folder) if (folder / "datasets").is_dir() else ""


def usable(modules: Sequence[str]) -> Sandbox:
    """Return a sandbox in the best way that works here, proved by a fork or a start; Broken if none does."""
    sandbox = Sandbox(FORKED, modules, data_folder())
    try:
        with sandbox.child():
            return sandbox
    except Broken as forked:
        sandbox.close()
        # each run imports by itself, so only what it certainly needs
        sandbox = Sandbox(FRESH, [m for m in modules if m in NEEDED_ANYWAY], data_folder())
        try:
            with sandbox.child():
                return sandbox
        except Broken as fresh:
            sandbox.close()
            raise fresh from forked


KEPT: dict[tuple[bool, tuple[str, ...], int], Sandbox] = {}  # of this process, one per thread


def kept(unsafe: bool, modules: tuple[str, ...]) -> Sandbox:
    """Return this thread's sandbox for these settings, made once; Broken if none works."""
    key = (unsafe, modules, threading.get_ident())
    if key not in KEPT:
        KEPT[key] = Sandbox(UNSAFE, (), data_folder()) if unsafe else usable(modules)
    return KEPT[key]


def close_kept() -> None:
    """End all sandboxes of this process."""
    while KEPT:
        _, sandbox = KEPT.popitem()
        sandbox.close()


atexit.register(close_kept)


def try_notebook(exam: Exam, cells: Sequence[Mapping[str, Any]]) -> SubmissionTrial:
    """Try a notebook in this thread's sandbox. If that is Broken, start it again once; then Broken is raised."""
    sandbox = kept(exam.unsafe, exam.modules)
    try:
        return sandbox.run(exam, cells)
    except Broken:
        sandbox.stop()
        return sandbox.run(exam, cells)


def try_each(trials: Sequence[tuple[Exam, Sequence[Mapping[str, Any]]]]) -> list[SubmissionTrial]:
    """Try several exams on notebooks, one after the other."""
    return [try_notebook(exam, cells) for exam, cells in trials]
