"""Wait for something outside the test: for the condition itself, with a deadline that only a fault reaches.

What another process, a kernel, a socket or a browser does takes a moment, and on a busy machine a long one. A test
that looks only once, or sleeps and then looks, fails by chance.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

PATIENCE = 60  # seconds; what tests wait for takes a fraction of one

Found = TypeVar("Found")


def until(find: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """Call `find` until it returns something true, and return that; AssertionError with `what` if it never does."""
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, f"not seen within {seconds} seconds: {what}"
        time.sleep(0.02)
    return found


def last_of(find: Callable[[], list[Found]], seconds: float = 10) -> list[Found]:
    """Call `find` until it returns nothing, and return what it returned last: [] if everything went away in time."""
    end = time.monotonic() + seconds
    while (found := find()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those of some processes that have not ended; a zombie has ended."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found
