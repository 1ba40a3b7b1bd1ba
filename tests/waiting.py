"""Wait for something outside the test: for the condition itself, with a deadline that only a fault reaches.

What another process, a kernel, a socket or a browser does takes a moment, and on a busy machine a longer one. A test
that takes one look, or sleeps and then looks, is red by chance.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

PATIENCE = 60  # seconds; what is waited for takes a small part of one

Found = TypeVar("Found")


def until(find: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """Call `find` until it returns something true, and return that; AssertionError with `what` if it never does."""
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, f"in {seconds} seconds not seen: {what}"
        time.sleep(0.02)
    return found


def last_of(find: Callable[[], list[Found]], seconds: float = 10) -> list[Found]:
    """Call `find` until it returns nothing, and return what it returned last: [] if everything went away in time."""
    end = time.monotonic() + seconds
    while (found := find()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those of some processes that have not ended; one that only waits to be asked for has ended."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found
