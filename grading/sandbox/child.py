"""One run of a notebook in a sandbox: its clock, and the socket that it is asked over."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from grading.sandbox import limits
from grading.sandbox.bubblewrap import pid_of
from grading.sandbox.inside import messages

START_SECONDS = 300  # importing TensorFlow from a cold disk on a busy machine
LOOK_SECONDS = 0.1  # between two checks of the memory
MOST_PATIENCE = (
    4  # times its limit, by the clock, is what a call may take while other programs keep the processors busy
)


class Stopped(Exception):  # noqa: N818 - it says what happened to the submission
    """A submission was stopped or ended by itself; the text says why."""


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
        But only up to a limit, because the submission itself may be what keeps the processors busy.
        """
        left = self.begun + self.allowed - time.monotonic()
        if left > 0:
            return left
        waited = (t - self.waited_before.get(n, 0.0) for n, t in limits.waited(self.pid).items())
        return left + min(max(waited, default=0.0), (MOST_PATIENCE - 1) * self.allowed)

    def take(self, length: int) -> bytes:
        """Return exactly `length` bytes from the child; Stopped if it ends, or takes too much time or memory."""
        data = bytearray()
        while len(data) < length:
            left = self.left()
            if left <= 0:
                raise Stopped(f"it took longer than {self.allowed:g} seconds")
            if self.watched and limits.memory_of(self.pid) > limits.MEMORY:
                raise Stopped("it took more than 2 GB of memory")
            if select.select([self.channel], [], [], min(left, LOOK_SECONDS) if self.watched else left)[0]:
                try:
                    # a plain recv: files that the student's code may send along are dropped
                    part = self.channel.recv(min(length - len(data), 1 << 20))
                except ConnectionError:
                    part = b""
                if not part:
                    raise Stopped("it ended its own process")
                data += part
        return bytes(data)

    def ask(self, message: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> None:
        """Send a message; Stopped if nobody reads it."""
        try:
            self.channel.settimeout(max(self.left(), 0.1))
            self.channel.sendall(messages.pack(message, arrays))
        except TimeoutError as error:
            raise Stopped(f"it took longer than {self.allowed:g} seconds") from error
        except OSError as error:
            raise Stopped("it ended its own process") from error

    def answer(self, most_bytes: int) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Return the next message; Stopped if it breaks a rule."""
        try:
            return messages.read(self.take, most_bytes)
        except messages.Malformed as error:
            raise Stopped(f"what it returned cannot be read: {error}") from error
