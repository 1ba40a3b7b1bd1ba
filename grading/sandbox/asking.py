"""Ask a notebook: load its cells in a child, make the calls, note what came back; and hold what a worker keeps."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from course.paths import DATA
from grading.sandbox import limits, replies
from grading.sandbox.bubblewrap import BEHIND_THE_SCENES, Broken, Process, end
from grading.sandbox.child import START_SECONDS, Child, Stopped, exit_of, told_over
from grading.sandbox.exam import FORKED, FRESH, UNSAFE, CallOutcome, Calls, Exam, SubmissionTrial
from grading.sandbox.inside import messages

FORK_SECONDS = 30
LOAD_SECONDS = 10.0  # of a notebook's cells, all questions together
MOST_SKIPPED = 3  # statements that may break a notebook before it is given up
NEEDED_ANYWAY = {"numpy", "tensorflow", "keras"}


def most_seconds(exam: Exam) -> float:
    """Return how long a notebook may take in all: each limit once for each time that it can be reached."""
    loads = len(exam.questions) + MOST_SKIPPED
    return LOAD_SECONDS * loads + sum(question.seconds for question in exam.questions)


@dataclass
class Budget:
    """The seconds that a notebook may take in all, and those that are left of them."""

    whole: float

    def __post_init__(self) -> None:
        self.left = self.whole

    @contextlib.contextmanager
    def spent_by(self, child: Child) -> Iterator[None]:
        """Take what a child spends meanwhile, its own time, from what is left."""
        try:
            yield
        finally:
            self.left -= min(child.own(), child.allowed)


class Sandbox:
    """What a worker keeps from one submission to the next: a zygote, or nothing but the settings for a fresh start."""

    def __init__(self, way: str = FORKED, modules: Sequence[str] = ("numpy",), data: str = ""):
        self.way, self.modules, self.data = way, tuple(modules), data
        self.group = limits.control_group() if way != UNSAFE else None
        self.processor, self.claim = None, None
        if way != UNSAFE and not (self.group and self.group.shares_processors):
            self.processor, self.claim = limits.claim_processor()
        self.zygote: Process | None = None
        self.started: Process | None = None  # the last one
        self.closed = False
        self.lock = threading.Lock()  # a sandbox may be closed while another thread starts it

    def start(self) -> None:
        """Start the zygote, if this way has one and it is not there; Broken if it does not start."""
        if self.way != FORKED or (self.zygote and self.zygote.process.poll() is None):
            return
        self.stop()
        self.zygote = self.process()
        self.zygote.channel.settimeout(START_SECONDS)
        try:
            if self.zygote.channel.recv(1) != b"+":
                raise Broken(f"the sandbox does not start: {self.zygote.last_words()}")
        except TimeoutError as error:
            raise Broken(f"the sandbox does not start within {START_SECONDS} seconds") from error
        if self.group:
            self.group.limit(limits.MEMORY)

    def process(self) -> Process:
        """Start a process; Broken if this sandbox was closed."""
        with self.lock:
            if self.closed:
                raise Broken("the sandbox was closed")
            self.started = Process(self.way, self.modules, self.data, self.group)
        return self.started

    def stop(self) -> None:
        """End the zygote and all that it started."""
        zygote, self.zygote = self.zygote, None
        if zygote:
            zygote.end()

    def close(self) -> None:
        """End everything and leave nothing behind; what another thread does with it meanwhile is Broken."""
        with self.lock:
            self.closed = True
        self.stop()
        if self.started:
            self.started.process.kill()
        if self.group:
            self.group.remove()
            self.group = None
        if self.claim:
            self.claim.close()
            self.claim = None

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
                channel, handle, ending = self.fork(cleanup)
            else:
                if self.group:
                    self.group.limit(limits.MEMORY)
                process = self.process()
                cleanup.callback(process.end)
                channel, handle, ending = process.channel, process.handle, exit_of(process)
            try:
                child = Child(channel, handle, ending, self.group, self.processor, watched)
                if why := child.answer(0, replies.ready):
                    raise Stopped(why)
            except Stopped as stopped:
                words = "" if self.way == FORKED else f": {process.last_words()}"
                raise Broken(f"the sandbox does not start, {stopped}{words}") from stopped
            yield child

    def fork(self, cleanup: contextlib.ExitStack) -> tuple[socket.socket, int, Callable[[float], int | None]]:
        """Let the zygote fork a child; return its socket, its handle and its ending, see Child. Broken if it cannot."""
        ours, theirs = socket.socketpair()
        cleanup.callback(ours.close)
        ours.settimeout(FORK_SECONDS)
        try:
            with theirs:
                socket.send_fds(self.zygote.channel, [b"."], [theirs.fileno()])
            # the first byte is sent by the zygote's side, before any of the student's code runs
            first, files, _, _ = socket.recv_fds(ours, 1, 2)
            if first == b"+" and len(files) == 2:
                handle, told = files
                cleanup.callback(os.close, told)
                cleanup.callback(end, handle)
                return ours, handle, told_over(told)
            why = (
                ours.recv(BEHIND_THE_SCENES).decode(errors="replace")
                if first == b"-"
                else "the zygote is gone"
            )
        except OSError as error:
            why = str(error) or type(error).__name__
        raise Broken(f"the sandbox cannot be entered: {why}")

    def why(self, error: Stopped | Broken, killed_before: int) -> str:
        """Say why a run stopped, using what the kernel knows; an error of the sandbox's own is raised again."""
        if self.group and self.group.killed() > killed_before:
            return "it took more than 2 GB of memory"
        if isinstance(error, Broken):
            raise error
        return str(error)

    def run(self, exam: Exam, cells: Sequence[Mapping[str, Any]]) -> SubmissionTrial:
        """Try a notebook and report what came back.

        Broken if the sandbox, not the notebook, is at fault; child.Disturbed if others kept it waiting too long.
        """
        begun = time.monotonic()
        budget = Budget(most_seconds(exam))
        report = SubmissionTrial(way=self.way)
        left = self.attempt(exam, cells, report, exam.questions, budget, everything=False)
        if again := [q for q in exam.questions if lacks_a_name(q, report, left)]:
            # now also what was left out to save time, such as data that an answer takes from another cell
            whole = SubmissionTrial(way=self.way)
            self.attempt(exam, cells, whole, again, budget, everything=True)
            for question in again:
                if question.name in whole.outcomes:
                    report.outcomes[question.name] = whole.outcomes[question.name]
                    report.stopped.pop(question.name, None)
                    report.defined.add(question.name)
                if question.name in whole.stopped:
                    report.stopped[question.name] = whole.stopped[question.name]
                elif whole.given_up and question.name not in whole.outcomes:
                    # what it lacked could not be made: that it lacked it says nothing about the answer
                    report.outcomes.pop(question.name, None)
                    report.given_up = whole.given_up
            report.errors, report.skipped = whole.errors, report.skipped + whole.skipped
        report.seconds = time.monotonic() - begun
        return report

    def attempt(
        self,
        exam: Exam,
        cells: Sequence[Mapping[str, Any]],
        report: SubmissionTrial,
        questions: Sequence[Calls],
        budget: Budget,
        *,
        everything: bool,
    ) -> set[str]:
        """Load a notebook and ask the questions, reloading it after each that breaks it; return the names left out.

        It ends before something is begun for which the time that is left of the budget is too short.
        """
        waiting = list(questions)
        skip: list[tuple[int, int]] = []
        left_out: set[str] = set()
        while waiting and not report.given_up:
            if budget.left < LOAD_SECONDS + max(question.seconds for question in waiting):
                report.given_up = f"it took all of the {budget.whole:g} seconds that it may take in all"
                break
            killed = self.group.killed() if self.group else 0
            with self.child() as child:
                try:
                    with budget.spent_by(child):
                        left_out = load(child, exam, cells, report, skip, everything)
                except (Stopped, Broken) as error:
                    at, why = child.at, self.why(error, killed)
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
                        with budget.spent_by(child):
                            ask(child, exam, question, report)
                    except (Stopped, Broken) as error:
                        done = report.outcomes[question.name]
                        why = self.why(error, killed)
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

    def understand(*parts: Any) -> replies.About | replies.Loaded:
        return replies.loading(*parts, len(cells), functions)

    while isinstance(reply := child.answer(0, understand), replies.About):
        child.at = (reply.cell, reply.statement)
    report.answers, report.defined, report.errors = reply.answers, reply.defined, reply.errors
    return reply.left_out


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
        outcomes.append(child.answer(left, partial(replies.called, case=number)))
        left -= sum(value.nbytes for value in outcomes[-1].values or ())


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
    """Return the folder that drivers find as KERAS_HOME, or "" if the data sets are not here."""
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


def why_not() -> str:
    """Say why no submission can be run here; "" if one can."""
    try:
        usable(("numpy",)).close()
    except (Broken, OSError) as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class Owner:
    """Whose a kept sandbox is: a run's, with its settings, and a thread's."""

    run: str
    unsafe: bool
    modules: tuple[str, ...]
    thread: int


KEPT: dict[Owner, Sandbox] = {}  # of this process
ENDED: set[str] = set()  # runs whose sandboxes were ended here; what they still have to do is for nobody


def kept(exam: Exam) -> Sandbox:
    """Return this thread's sandbox for an exam, made once; Broken if none works, or the run has ended."""
    owner = Owner(exam.run, exam.unsafe, exam.modules, threading.get_ident())
    if owner not in KEPT:
        if exam.run in ENDED:
            raise Broken("the run has ended")
        KEPT[owner] = Sandbox(UNSAFE, (), data_folder()) if exam.unsafe else usable(exam.modules)
        if exam.run in ENDED:  # meanwhile
            close_kept(exam.run)
            raise Broken("the run has ended")
    return KEPT[owner]


def close_kept(run: str | None = None) -> None:
    """End the sandboxes that this process keeps: those of a run for good, or all of them.

    What workers of this machine that were killed have left is removed too.
    """
    if run is not None:
        ENDED.add(run)
    for owner in list(KEPT):
        if run in (None, owner.run) and (sandbox := KEPT.pop(owner, None)):
            sandbox.close()
    limits.sweep()


atexit.register(close_kept)


def try_notebook(exam: Exam, cells: Sequence[Mapping[str, Any]]) -> SubmissionTrial:
    """Try a notebook in this thread's sandbox. If that is Broken, start it again once; then Broken is raised."""
    sandbox = kept(exam)
    try:
        return sandbox.run(exam, cells)
    except Broken:
        sandbox.stop()
        return sandbox.run(exam, cells)


def try_each(trials: Sequence[tuple[Exam, Sequence[Mapping[str, Any]]]]) -> list[SubmissionTrial]:
    """Try several exams on notebooks, one after the other."""
    return [try_notebook(exam, cells) for exam, cells in trials]
