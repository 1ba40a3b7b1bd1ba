"""Answer what the grader asks over a socket: load one notebook, then call its answers."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grading.sandbox.inside import answering, cells, messages

MOST_REQUEST = 1 << 30  # bytes of the grader's own messages


def settle_down(data: int | None) -> None:
    """Go to the empty home and link the data sets there, which may be an open folder.

    In bubblewrap it is /tmp, where Keras looks when its own home cannot be written.
    """
    home = Path.home()
    os.chdir(home)
    if "KERAS_HOME" in os.environ:
        (home / ".keras").symlink_to(os.environ["KERAS_HOME"] if data is None else f"/proc/self/fd/{data}")


def take_away(data: int) -> None:
    """Close the open folder of the data sets, which nobody reaches after that."""
    (Path.home() / ".keras").unlink()
    os.close(data)


def seed_everything() -> None:
    """Seed the global generators that an answer may draw from, so that the same answer gets the same grade."""
    random.seed(0)
    np.random.seed(0)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(0)


class Asked:
    """Answer what the grader asks over a socket: load a notebook, then call its answers."""

    def __init__(self, channel: socket.socket, data: int | None):
        self.data = data
        self.stream = channel.makefile("rwb")
        self.module = ModuleType("__main__")
        self.loaded: cells.Loaded | None = None
        self.drivers: ModuleType | None = None

    def take(self, length: int) -> bytes:
        """Return exactly `length` bytes; EOFError if the grader is gone."""
        data = self.stream.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def say(self, message: dict[str, Any], arrays: list[np.ndarray] | tuple = ()) -> None:
        """Send one message."""
        self.stream.write(messages.pack(message, arrays))
        self.stream.flush()

    def run(self) -> None:
        """Answer until the grader hangs up."""
        self.say({"ready": True})
        with contextlib.suppress(EOFError):
            while True:
                message, arrays = messages.read(self.take, MOST_REQUEST, lambda *parts: parts)
                if "cells" in message:
                    self.load(message)
                else:
                    self.call(message, arrays)

    def load(self, message: dict[str, Any]) -> None:
        """Run the cells of a notebook and say what came of it."""
        if message["drivers"]:  # before the student's code, which could put its own into the libraries
            self.drivers = ModuleType("drivers")
            exec(compile(message["drivers"], "drivers.py", "exec"), vars(self.drivers))
        if self.data is not None:
            take_away(self.data)
            self.data = None
        sys.modules["__main__"] = self.module
        seed_everything()
        loaded = cells.load(
            message["cells"],
            message["questions"],
            self.module,
            skip=[tuple(place) for place in message["skip"]],
            everything=message["everything"],
            about_to=lambda cell, statement: self.say({"at": [cell, statement]}),
        )
        self.loaded = loaded
        self.say(
            {
                "answers": loaded.answers,
                "defined": [
                    name for name, function in message["questions"].items() if function in loaded.names
                ],
                "errors": loaded.errors[:100],
                "left_out": sorted(loaded.left_out)[:200],
            }
        )

    def call(self, message: dict[str, Any], arrays: list[np.ndarray]) -> None:
        """Make the calls of one question, and send what each returns."""
        seed_everything()
        for number, call in enumerate(message["calls"]):
            try:
                values, error = answering.call(
                    self.loaded.names,
                    message["function"],
                    messages.rebuild(call["arguments"], arrays),
                    call["driver"],
                    self.drivers,
                )
                values = [
                    v.astype(np.float64) if v.dtype.itemsize > 8 and v.dtype.kind == "f" else v
                    for v in values or []
                ]
            except BaseException as raised:  # KeyboardInterrupt, say: an error of the answer like any other
                values, error = [], answering.said(raised)
            try:
                self.say({"case": number, "error": error}, values)
            except messages.Malformed as refused:
                self.say({"case": number, "error": f"NotPlain: {refused}"})


def serve(channel: socket.socket, data: int | None = None) -> None:
    """Run one notebook with nothing to read from and nowhere to print to, and end.

    `data` is the open folder of the data sets, if they are for drivers alone.
    """
    settle_down(data)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    Asked(channel, data).run()
    os._exit(0)
