"""What processes that compute beside each other are given, and how much memory each uses with all that it started."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import psutil

# Read when NumPy and TensorFlow are imported. With more threads than cores each waits for the others, busily.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all its descendants; an empty list if it is gone."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(processes: Sequence[psutil.Process]) -> int:
    """Return the bytes that processes hold in memory; pages that two of them share count twice."""
    total = 0
    for one in processes:
        # it has just ended, or is ending
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += one.memory_info().rss
    return total


def proportional(processes: Sequence[psutil.Process]) -> int:
    """Return the bytes that processes hold in memory, shared pages once; slower than `resident`."""
    total = 0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += one.memory_full_info().pss
    return total
