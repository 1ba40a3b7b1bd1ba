"""The environment in which a lesson is executed, and the one way to start a kernel, the same for `make sync` and nbval.

A lesson knows nothing of this: on Colab it runs with Colab's own settings.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from course.paths import DATA, KERNEL

CELL_SECONDS = 600  # a cell of a lesson is meant to take less than 30
NAME = "python3"

Started = TypeVar("Started")


def environment() -> dict[str, str]:
    """Return the variables that a lesson's kernel is started with, on top of the caller's own."""
    return {
        "IPYTHONDIR": str(KERNEL),
        "MATPLOTLIBRC": str(KERNEL / "matplotlibrc"),
        "KERAS_HOME": os.environ.get("KERAS_HOME", str(DATA)),
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel of the same name in the user's home must not win
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


@contextlib.contextmanager
def sockets() -> Iterator[dict[str, str]]:
    """Yield the settings of a kernel manager that make a kernel and its client talk over files of their own.

    By default they meet at TCP ports which the client found free a moment before the kernel binds them. If another
    process has taken one by then, the kernel ends without a message.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        yield {"transport": "ipc", "ip": f"{folder}/socket"}


def once_more(start: Callable[[], Started], has_begun: Callable[[], bool] = lambda: False) -> Started:
    """Return what `start` returns; if a kernel died before it had begun to work, say so and start once more."""
    try:
        return start()
    except RuntimeError as error:  # which jupyter_client and nbclient raise when a kernel is gone
        if has_begun():
            raise
        print(f"a kernel died at its start, and is started once more: {error}", file=sys.stderr)
        return start()


def execute(notebook: Any, folder: Path) -> None:
    """Execute a notebook in place, in a fresh kernel whose working directory is `folder`.

    Raises nbclient's CellExecutionError if a cell fails, CellTimeoutError if it takes longer than CELL_SECONDS,
    DeadKernelError if it ends its kernel.
    """
    # imported here, because nbval uses this module too, also with another TensorFlow and then without nbclient
    import nbclient
    from traitlets.config import Config

    done = []

    def run() -> None:
        with sockets() as places:
            nbclient.NotebookClient(
                notebook,
                timeout=CELL_SECONDS,
                kernel_name=NAME,
                resources={"metadata": {"path": str(folder)}},
                record_timing=False,
                coalesce_streams=True,
                shutdown_kernel="immediate",  # ipykernel does not always answer a request to shut down
                on_cell_executed=lambda **_: done.append(True),
                config=Config(KernelManager=places),
            ).execute(env=os.environ | environment(), stderr=subprocess.DEVNULL)

    once_more(run, has_begun=lambda: bool(done))
