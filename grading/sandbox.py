"""Run a notebook's answers in bubblewrap, one question after the other, and bring back plain arrays.

Three ways; `usable` tries the first two in this order:

forked   one bubblewrap a worker. A zygote in it imports TensorFlow once, and for each submission forks a child into
         name spaces nested in those of bubblewrap: a submission harms neither the zygote nor the next one.
fresh    one bubblewrap a submission, where this machine does not let name spaces be nested. TensorFlow is imported
         each time.
unsafe   no bubblewrap. Only on demand; see `--unsafe-no-sandbox`.

What is expected of an answer never enters; it is compared outside, by `grading.judging`.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from grading import frames, limits
from grading.judging import Outcome

HERE = Path(__file__).resolve().parent
HOME = "/tmp"  # inside
VENV = Path("/grader/venv")  # where the grader's own virtual environment is inside
FORKED, FRESH, UNSAFE = "forked", "fresh", "unsafe"
START_SECONDS = 300  # importing TensorFlow from a cold disk on a busy machine
FORK_SECONDS = 30
LOAD_SECONDS = 10.0  # of a notebook's cells, all questions together
END_SECONDS = 30
LOOK_SECONDS = 0.1  # between two looks at the memory
MOST_PATIENCE = 4  # times a limit, where other programs take the processors away
MOST_SKIPPED = 3  # statements that may break a notebook before it is given up
NEEDED_ANYWAY = {"numpy", "tensorflow", "keras"}
BEHIND_THE_SCENES = 10_000  # bytes of what the zygote said on stderr

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # one thread each: submissions run beside each other, threads count as processes, and sums keep their order
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


class Broken(RuntimeError):  # noqa: N818 - it is the sandbox that is, and no fault of a submission
    """The sandbox itself does not work: not found, not allowed, or ended without having been told to."""


class Stopped(Exception):  # noqa: N818 - it says what happened to the submission
    """A submission was stopped or ended by itself; the text says why."""


@dataclass(frozen=True)
class Calls:
    """What one question asks of an answer, without what is expected of it."""

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
    modules: tuple[str, ...] = ("numpy",)  # imported before a notebook is
    unsafe: bool = False  # without bubblewrap


@dataclass
class Report:
    """What came of a submission: facts, no judgement."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)  # by question, one for each call
    stopped: dict[str, tuple[int, str]] = field(default_factory=dict)  # question: the call it was in, and why
    answers: dict[str, list[int]] = field(default_factory=dict)  # question: the cells that hold an answer
    defined: set[str] = field(default_factory=set)  # questions whose function is there
    errors: list[dict[str, Any]] = field(default_factory=list)  # of cells
    skipped: list[tuple[int, str]] = field(default_factory=list)  # cells with a statement that broke, and why
    given_up: str = ""  # why the notebook could not be run at all
    seconds: float = 0.0
    way: str = FORKED


def bubblewrap() -> str:
    """Return where bubblewrap is; Broken where it is not."""
    if found := shutil.which("bwrap"):
        return found
    raise Broken("bubblewrap is not installed (Debian, Ubuntu: sudo apt-get install bubblewrap)")


def inside(place: str) -> str:
    """Return where a path of the virtual environment is inside: a fixed place, since /tmp hides what lies below it."""
    path, prefix = Path(place), Path(sys.prefix)
    return (
        str(VENV / path.relative_to(prefix))
        if sys.prefix != sys.base_prefix and path.is_relative_to(prefix)
        else place
    )


def rooms(data: str) -> list[str]:
    """Return bubblewrap's options: what there is to see inside, all of it read-only but /tmp and /dev/shm."""
    options = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        place = Path("/") / name
        if place.is_symlink():
            options += ["--symlink", str(place.readlink()), str(place)]
        elif place.exists():
            options += ["--ro-bind", str(place), str(place)]
    bound = {inside(place): str(Path(place).resolve()) for place in (sys.base_prefix, sys.prefix)}
    bound |= {place: place for place in bound.values() if not place.startswith("/usr/") and place != "/usr"}
    bound["/grader/grading"] = str(HERE)
    if data:
        bound["/keras"] = data
    # named one by one, since those that bubblewrap makes unasked can be entered by root alone
    for folder in sorted({str(parent) for place in bound for parent in Path(place).parents} - {"/"}):
        options += ["--dir", folder]
    for place, source in sorted(bound.items()):
        options += ["--ro-bind", source, place]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for place, size in (("/tmp", 64 << 20), ("/dev/shm", 16 << 20)):
        options += ["--size", str(size), "--perms", "1777", "--tmpfs", place]
    return [*options, "--remount-ro", "/", "--chdir", "/tmp"]


def command(way: str, channel: int, info: int, data: str, modules: Sequence[str]) -> list[str]:
    """Return the command that starts a zygote or a single run, with or without bubblewrap."""
    script = HERE if way == UNSAFE else Path("/grader/grading")
    program = sys.executable if way == UNSAFE else inside(sys.executable)
    inner = [program, "-s", "-P", str(script / "inside.py")]
    inner += [{FORKED: "zygote", FRESH: "once", UNSAFE: "unsafe"}[way], str(channel), *modules]
    if way == UNSAFE:
        return inner
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if (
        os.geteuid() == 0
    ):  # no user name space, so that root's files can be bound; inside.py becomes nobody at once
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SYS_ADMIN"]
    else:
        options += ["--unshare-user"]
    return [bubblewrap(), *options, "--info-fd", str(info), *rooms(data), "--", *inner]


def environment(way: str, data: str, home: str) -> dict[str, str]:
    """Return the variables inside: none of the grader's own but those that Python may need to start."""
    variables = ENVIRONMENT | {k: os.environ[k] for k in ("LD_LIBRARY_PATH",) if k in os.environ}
    variables |= dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), home)
    if data:
        variables["KERAS_HOME"] = data if way == UNSAFE else "/keras"
    return variables


class Process:
    """A started bubblewrap, or Python without it, and the first process inside."""

    def __init__(self, way: str, modules: Sequence[str], data: str, group: limits.ControlGroup | None):
        self.way = way
        with contextlib.ExitStack() as on_failure:
            self.channel, theirs = socket.socketpair()
            on_failure.callback(self.channel.close)
            self.said = on_failure.enter_context(tempfile.TemporaryFile())
            home = HOME
            if way == UNSAFE:
                # /tmp is the machine's then, and what one run leaves in it would meet the next
                self.home = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
                on_failure.callback(self.home.cleanup)
                home = self.home.name
            told, info = os.pipe()
            with theirs, os.fdopen(told) as about:
                try:
                    started = command(way, theirs.fileno(), info, data, modules)
                    self.process = subprocess.Popen(
                        group.joined(started) if group else started,
                        env=environment(way, data, home),
                        pass_fds=(theirs.fileno(), info),
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=self.said,
                        start_new_session=True,  # Ctrl-C is for the grader alone
                        cwd="/",
                    )
                finally:
                    os.close(info)
                on_failure.callback(self.process.wait)
                on_failure.callback(self.process.kill)
                try:
                    # bubblewrap writes it once everything is in place; where it fails it writes nothing
                    pid = self.process.pid if way == UNSAFE else json.loads(about.read())["child-pid"]
                    self.handle = os.pidfd_open(pid)
                except (ValueError, KeyError, ProcessLookupError) as error:
                    raise Broken(f"bubblewrap does not start: {self.last_words()}") from error
            on_failure.pop_all()

    def last_words(self) -> str:
        """Return what was said on stderr, one line."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        self.said.seek(0)
        lines = self.said.read(BEHIND_THE_SCENES).decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")

    def end(self) -> None:
        """End everything inside and wait until it has ended."""
        self.channel.close()
        end(self.handle)
        if self.way == UNSAFE:  # no process space that ends with its first process: at least its group
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        try:
            self.process.wait(END_SECONDS)  # bubblewrap ends by itself, and takes notice of the one inside
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()
        if self.way == UNSAFE:
            self.home.cleanup()


def end(handle: int) -> None:
    """End the process that a handle stands for, wait for it, and close the handle.

    The first process of a process space is gone only after all others there are.
    """
    try:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        if not select.select([handle], [], [], END_SECONDS)[0]:
            raise Broken("a process of a submission does not end")
    finally:
        os.close(handle)


def pid_of(handle: int) -> int:
    """Return the number of the process that a handle stands for, as seen from here."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise Broken("the kernel does not say which process a handle stands for")


class Child:
    """One run of a notebook: the socket that it is asked over, and the handle of its first process."""

    def __init__(self, channel: socket.socket, handle: int, watched: bool):
        self.channel, self.handle, self.watched = channel, handle, watched
        self.pid = pid_of(handle)
        self.at: tuple[int, int] | None = None  # the statement that it was about to run, as (cell, statement)
        self.within(START_SECONDS)

    def within(self, seconds: float) -> None:
        """Set how long the next answers may take together."""
        self.allowed, self.begun = seconds, time.monotonic()
        self.waited_before = limits.waited(self.pid)

    def left(self) -> float:
        """Return the seconds that are left, by the clock.

        Time in which no processor was free for it does not count: a machine with too much to do costs nobody points.
        Only up to a point, since a submission can be what keeps the processors busy.
        """
        left = self.begun + self.allowed - time.monotonic()
        if left > 0:
            return left
        waited = (t - self.waited_before.get(n, 0.0) for n, t in limits.waited(self.pid).items())
        return left + min(max(waited, default=0.0), (MOST_PATIENCE - 1) * self.allowed)

    def take(self, length: int) -> bytes:
        """Return exactly so many bytes that the child sent; Stopped where it ends, or takes too much time or memory."""
        data = bytearray()
        while len(data) < length:
            left = self.left()
            if left <= 0:
                raise Stopped(f"it took longer than {self.allowed:g} seconds")
            if self.watched and limits.memory_of(self.pid) > limits.MEMORY:
                raise Stopped("it took more than 2 GB of memory")
            if select.select([self.channel], [], [], min(left, LOOK_SECONDS) if self.watched else left)[0]:
                try:
                    # a plain recv: what files the student's code may send along are thrown away
                    part = self.channel.recv(min(length - len(data), 1 << 20))
                except ConnectionError:
                    part = b""
                if not part:
                    raise Stopped("it ended its own process")
                data += part
        return bytes(data)

    def ask(self, message: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> None:
        """Send a message; Stopped where nobody reads it."""
        try:
            self.channel.settimeout(max(self.left(), 0.1))
            self.channel.sendall(frames.pack(message, arrays))
        except TimeoutError as error:
            raise Stopped(f"it took longer than {self.allowed:g} seconds") from error
        except OSError as error:
            raise Stopped("it ended its own process") from error

    def answer(self, most_bytes: int) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Return the next message; Stopped where it breaks a rule."""
        try:
            return frames.read(self.take, most_bytes)
        except frames.Malformed as error:
            raise Stopped(f"what it returned cannot be read: {error}") from error


class Sandbox:
    """What a worker keeps from one submission to the next: a zygote, or nothing but the settings for a fresh start."""

    def __init__(self, way: str = FORKED, modules: Sequence[str] = ("numpy",), data: str = ""):
        self.way, self.modules, self.data = way, tuple(modules), data
        self.group = limits.control_group() if way != UNSAFE else None
        self.zygote: Process | None = None

    def start(self) -> None:
        """Start the zygote, if this way has one and it is not there; Broken where it does not start."""
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
        """Start a run, and end all of it afterwards; Broken where it does not start."""
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
        """Let the zygote fork a child and return the socket and the handle; Broken where it cannot."""
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
        """Say why a run stopped, with what the kernel knows of it."""
        if self.group and self.group.killed() > killed_before:
            return "it took more than 2 GB of memory"
        return str(stopped)

    def run(self, exam: Exam, cells: Sequence[Mapping[str, Any]]) -> Report:
        """Try a notebook and report what came back; Broken where the sandbox, not the notebook, is at fault."""
        begun = time.monotonic()
        report = Report(way=self.way)
        left = self.attempt(exam, cells, report, exam.questions, everything=False)
        if again := [q for q in exam.questions if lacks_a_name(q, report, left)]:
            # only now what was left out to save time, such as the data that an answer takes from another cell
            whole = Report(way=self.way)
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
        report: Report,
        questions: Sequence[Calls],
        *,
        everything: bool,
    ) -> set[str]:
        """Load a notebook and ask the questions, anew after each that breaks it; return the names left out."""
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
                        done += [Outcome(None, f"Stopped: {why}")] * missing
                        break
        return left_out


def load(
    child: Child,
    exam: Exam,
    cells: Sequence[Mapping[str, Any]],
    report: Report,
    skip: Sequence[tuple[int, int]],
    everything: bool,
) -> set[str]:
    """Let a child run a notebook's cells, note what came of it, and return the names that were left out.

    Where that is Stopped, the child says `at` which statement.
    """
    child.within(LOAD_SECONDS)
    functions = {question.name: question.function for question in exam.questions}
    child.ask({"cells": list(cells), "questions": functions, "skip": list(skip), "everything": everything})
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


def ask(child: Child, exam: Exam, question: Calls, report: Report) -> None:
    """Let a child make the calls of a question; the outcomes so far are noted even where it is Stopped."""
    outcomes = report.outcomes[question.name] = []
    child.within(question.seconds)
    arrays: list[np.ndarray] = []
    calls = [
        {"arguments": frames.flatten(arguments, arrays), "driver": driver}
        for arguments, driver in question.calls
    ]
    child.ask({"function": question.function, "calls": calls, "drivers": exam.drivers}, arrays)
    left = question.most_bytes
    for number in range(len(calls)):
        message, values = child.answer(left)
        left -= sum(value.nbytes for value in values)
        match message:
            case {"case": int(case), "error": str(error)} if case == number:
                outcomes.append(Outcome(None, error[:400]) if error else Outcome(values))
            case _:
                raise Stopped("what it returned cannot be read: it is not in order")


def lacks_a_name(question: Calls, report: Report, left_out: set[str]) -> bool:
    """Tell whether a question failed for want of a name that only statements give which were left out."""
    wanted = {f"NameError: name '{name}' is not defined" for name in left_out}
    if question.name in report.defined:
        said = [outcome.error for outcome in report.outcomes.get(question.name, ())]
    else:
        places = report.answers.get(question.name, ())
        said = [error["error"] for error in report.errors if error["cell"] in places]
    return any(error.startswith(name) for error in said for name in wanted)


def data_folder() -> str:
    """Return the folder that students' code finds as KERAS_HOME, or "" where the data sets are not here."""
    folder = Path(os.environ.get("KERAS_HOME") or HERE.parent / ".keras").resolve()
    return str(folder) if (folder / "datasets").is_dir() else ""


def usable(modules: Sequence[str]) -> Sandbox:
    """Return a sandbox of the best way that works here, tried by a fork or a start; Broken where none does."""
    sandbox = Sandbox(FORKED, modules, data_folder())
    try:
        with sandbox.child():
            return sandbox
    except Broken as forked:
        sandbox.close()
        # each run imports for itself, so only what it surely needs
        sandbox = Sandbox(FRESH, [m for m in modules if m in NEEDED_ANYWAY], data_folder())
        try:
            with sandbox.child():
                return sandbox
        except Broken as fresh:
            sandbox.close()
            raise fresh from forked


KEPT: dict[tuple[bool, tuple[str, ...], int], Sandbox] = {}  # of this process, one a thread


def kept(unsafe: bool, modules: tuple[str, ...]) -> Sandbox:
    """Return this thread's sandbox for these settings, made once; Broken where none works."""
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


def try_notebook(exam: Exam, cells: Sequence[Mapping[str, Any]]) -> Report:
    """Try a notebook in this thread's sandbox. One that broke is started anew once; then Broken is raised."""
    sandbox = kept(exam.unsafe, exam.modules)
    try:
        return sandbox.run(exam, cells)
    except Broken:
        sandbox.stop()
        return sandbox.run(exam, cells)
