"""The runner's side of a contender: its process, a new one for each round, and what it answers."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.protocol import REPLY, ProtocolError, read
from course import lesson_kernel
from course.environments import complaint
from course.paths import ROOT

PATIENCE = 900  # seconds without an answer after which a contender is taken to hang


class FailedError(Exception):
    """A contender did not answer as it should; the text is the reason, in one line."""


class Contender:
    """A running contender. Use it in a `with` block: at its end the process is gone, whatever happened.

    `module` names a file of benchmarks/contenders, `python` the interpreter.
    """

    def __init__(self, module: str, python: str) -> None:
        self._command = [python, "-m", module]

    def __enter__(self) -> Contender:
        """Start the process and wait for its first line. Raises FailedError."""
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=os.environ | lesson_kernel.environment() | {"MPLBACKEND": "agg", "CUDA_VISIBLE_DEVICES": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            start_new_session=True,  # Ctrl-C is for the runner, which then ends the contender
        )
        try:
            self.versions: dict[str, str] = self._answer({"versions": dict})["versions"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def work(self, examples: int, batch_size: int, epochs: int, warm: int) -> dict[str, Any]:
        """Give a job and return the reply, see benchmarks/protocol.py. Raises FailedError."""
        job = {"examples": examples, "batch_size": batch_size, "epochs": epochs, "warm": warm}
        try:
            print(json.dumps(job), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise FailedError(self._reason()) from None
        return self._answer(REPLY)

    def __exit__(self, *_: object) -> None:
        """End the process and what it may have started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            try:
                stream.close()
            except BrokenPipeError:  # the last thing written was never read
                continue

    def _answer(self, fields: dict[str, type]) -> dict[str, Any]:
        readable, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        if not readable:
            raise FailedError(f"no answer within {PATIENCE} s")
        line = self._process.stdout.readline()
        if not line:
            raise FailedError(self._reason())
        try:
            return read(line, fields)
        except ProtocolError as error:
            raise FailedError(str(error)) from None

    def _reason(self) -> str:
        code = self._process.wait()
        self._complaints.seek(0)
        return f"ended with exit status {code}: {complaint(self._complaints.read())}"


def module_of(path: Path) -> str:
    """Return the name by which `python -m` starts a contender's file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
