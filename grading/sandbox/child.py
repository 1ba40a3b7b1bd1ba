"""One run of a notebook in a sandbox: its clock, the socket that it is asked over, and how it ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import psutil

from course import processes
from grading.sandbox import limits
from grading.sandbox.bubblewrap import Broken, Process, pid_of
from grading.sandbox.inside import messages

START_SECONDS = 300  # importing TensorFlow from a cold disk on a busy machine
LOOK_SECONDS = 0.1  # between two checks of the memory
MOST_PATIENCE = 6  # times its limit, by the clock, is what a call may take while others keep it waiting

Understood = TypeVar("Understood")


class Stopped(Exception):  # noqa: N818 - it says what happened to the submission
    """A submission reached a limit or ended by itself; the text says which."""


class Disturbed(Exception):  # noqa: N818 - it says what happened to the submission
    """Other programs kept a submission from having its time, so nothing is known of it; the text says of what."""


class Child:
    """One run of a notebook: its socket, the handle of its first process, and how to learn how that one ended.

    `ending` is given seconds to wait and returns the exit code, negative for a signal, or None if it has not ended;
    Broken if whoever should tell has ended too. `processor` is the one that it is to stay on, if the kernel does not
    limit its share.
    """

    def __init__(
        self,
        channel: socket.socket,
        handle: int,
        ending: Callable[[float], int | None],
        group: limits.ControlGroup | None = None,
        processor: int | None = None,
        watched: bool = True,
    ):
        self.channel, self.handle, self.ending = channel, handle, ending
        self.group, self.processor, self.watched = group, processor, watched
        self.pid = pid_of(handle)
        self.at: tuple[int, int] | None = None  # the statement that it was about to run, as (cell, statement)
        self.looked = 0.0
        self.look()
        self.within(START_SECONDS)

    def within(self, seconds: float) -> None:
        """Set how long the next answers may take together."""
        self.allowed, self.begun = seconds, time.monotonic()
        first = []  # to look for all of its processes would take longer than most calls
        with contextlib.suppress(psutil.NoSuchProcess):
            first = [psutil.Process(self.pid)]
        self.before = self.used(first), limits.waited(first)

    def used(self, family: Sequence[psutil.Process]) -> float:
        """Return the processor time that this run used so far; without a control group, some may be hidden."""
        seconds = self.group.seconds() if self.group else None
        return limits.seconds_of(family) if seconds is None else seconds

    def own(self) -> float:
        """Return the seconds since the limit was set that are its own: not those in which others kept it waiting.

        Some of its threads may have waited for each other. So it lost no more time than it left the processors idle.
        """
        passed = time.monotonic() - self.begun
        if passed <= self.allowed:
            return passed
        used_before, waited_before = self.before
        family = processes.family(self.pid)
        waited = (t - waited_before.get(n, 0.0) for n, t in limits.waited(family).items())
        idle = passed - (self.used(family) - used_before)
        return passed - min(max(waited, default=0.0), max(idle, 0.0))

    def left(self) -> float:
        """Return the seconds of its own that are left; Disturbed if it will never have them."""
        left = self.allowed - self.own()
        if left > 0 and time.monotonic() - self.begun > MOST_PATIENCE * self.allowed:
            raise Disturbed(
                f"other programs kept the processors busy: in {MOST_PATIENCE * self.allowed:g} seconds it had"
                f" {self.own():.1f} of the {self.allowed:g} that it may have"
            )
        return left

    def look(self) -> None:
        """Hold it to its memory and its processor, now and then, where the kernel does not; Stopped if it took more."""
        now = time.monotonic()
        if not (self.watched or self.processor is not None) or now - self.looked < LOOK_SECONDS:
            return
        self.looked, family = now, processes.family(self.pid)
        if self.processor is not None:
            limits.keep_on(self.processor, family)
        if self.watched and limits.memory_of(family) > limits.MEMORY:
            raise Stopped("it took more than 2 GB of memory")

    def too_long(self) -> Stopped:
        """Return what to say when its time is up."""
        return Stopped(f"it took longer than {self.allowed:g} seconds")

    def ended(self) -> Stopped:
        """Return what to say when nothing more can come; Broken if it did not end by itself.

        If it only closed the socket, it has the rest of its time to end.
        """
        while (code := self.ending(LOOK_SECONDS)) is None:
            if self.left() <= 0:
                return self.too_long()
        # no signal from inside can kill the first process of a namespace, and no other ends it in this way
        if code == -signal.SIGKILL:
            raise Broken("a submission's process was killed from outside the sandbox")
        return Stopped("it ended its own process")

    def take(self, length: int) -> bytes:
        """Return exactly `length` bytes from the child; Stopped if it ends, or takes too much time or memory."""
        data = bytearray()
        while len(data) < length:
            left = self.left()
            if left <= 0:
                raise self.too_long()
            self.look()
            if select.select([self.channel], [], [], min(left, LOOK_SECONDS))[0]:
                try:
                    # a plain recv: files that the student's code may send along are dropped
                    part = self.channel.recv(min(length - len(data), 1 << 20))
                except ConnectionError:
                    part = b""
                if not part:
                    raise self.ended()
                data += part
        return bytes(data)

    def ask(self, message: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> None:
        """Send a message; Stopped if nobody reads it."""
        data = memoryview(messages.pack(message, arrays))
        while data:
            if (left := self.left()) <= 0:
                raise self.too_long()
            if select.select([], [self.channel], [], left)[1]:
                try:
                    data = data[self.channel.send(data, socket.MSG_DONTWAIT) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise self.ended() from None

    def answer(
        self, most_bytes: int, understand: Callable[[dict[str, Any], list[np.ndarray]], Understood]
    ) -> Understood:
        """Return what `understand` makes of the next message; Stopped if it breaks a rule."""
        try:
            return messages.read(self.take, most_bytes, understand)
        except messages.Malformed as error:
            raise Stopped(f"what it returned cannot be read: {error}") from error


def told_over(pipe: int) -> Callable[[float], int | None]:
    """Return how to learn the exit code of a process that another one waits for and tells over a pipe."""

    def ending(seconds: float) -> int | None:
        if not select.select([pipe], [], [], seconds)[0]:
            return None
        if code := os.read(pipe, 16):
            return int(code)
        raise Broken("the sandbox was ended from outside")

    return ending


def exit_of(process: Process) -> Callable[[float], int | None]:
    """Return how to learn the exit code of a run that has a bubblewrap, or a process, to itself."""

    def ending(seconds: float) -> int | None:
        code = process.exit_code(seconds)
        # bubblewrap ends so if a signal ended what runs in it, and there the student's code can send itself one: it is
        # not known who did, and so it is not counted against the student
        return -signal.SIGKILL if code == 128 + signal.SIGKILL else code

    return ending
