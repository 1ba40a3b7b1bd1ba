"""A plugin of pytest: nbval starts its kernels as `make sync` does, and each notebook stays on one worker.

With `-n auto` there is one worker more than processors: now and then each waits, for a browser, a kernel or a limit.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Generator
from typing import Any

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager
from xdist.scheduler import LoadScopeScheduling

from course import lesson_kernel

kept = contextlib.ExitStack()  # the folders of the kernels' sockets, until pytest ends
atexit.register(kept.close)
os.environ.update(lesson_kernel.environment())


def manager(**options: Any) -> KernelManager:
    """Return a kernel manager whose kernel does not listen on TCP ports."""
    return KernelManager(**options, **kept.enter_context(lesson_kernel.sockets()))


def start_new_kernel(*arguments: Any, start: Any = nbval.kernel.start_new_kernel, **options: Any) -> Any:
    """Start a kernel for nbval, and once more if it dies before its first answer."""
    return lesson_kernel.once_more(lambda: start(*arguments, **options))


nbval.kernel.KernelManager = manager
nbval.kernel.start_new_kernel = start_new_kernel


class NotebooksWhole(LoadScopeScheduling):
    """Spread tests one by one over pytest-xdist's workers, but the cells of a notebook together: they share a kernel.

    Notebooks begin first, since they take longest. xdist's own `--dist loadgroup` would do if it marked tests as
    pytest 9.2 requires.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(".ipynb") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> NotebooksWhole:
    """Make pytest-xdist spread tests in this way, whatever `--dist` says."""
    return NotebooksWhole(config, log)


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Return for `-n auto` one more than pytest-xdist's own number, but the very number that its variable asks for."""
    return (yield) + (0 if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else 1)
