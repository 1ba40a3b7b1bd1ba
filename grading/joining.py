"""What a worker and a scheduler do before they can import the grader: look for the course where they were started.

The script `dask` does not put that folder on Python's path. All of this is sent as it stands, not by its name
(`cloudpickle.register_pickle_by_value`), so nothing of the course's may be imported here, except inside `join`.
"""

from __future__ import annotations

from distributed import WorkerPlugin


def join() -> tuple[str, str]:
    """Find the course and return the version of its grader and "", or "" and what is missing."""
    import os
    import sys

    folder = os.getcwd()  # noqa: PTH109 - nothing but the modules above may be needed
    if folder not in sys.path and os.path.isfile(os.path.join(folder, "grading", "joining.py")):  # noqa: PTH113, PTH118
        sys.path.insert(0, folder)
    try:
        from grading import own_code
    except ImportError as error:
        return "", f"started in {folder}, which does not hold the course ({error})"
    return own_code.VERSION, ""


class Join(WorkerPlugin):
    """Lets each worker of a cluster join, those too that replace one which died."""

    name = "from-sigmoid-to-softmax"

    def setup(self, worker: object) -> None:
        """Look for the course; what is missing is told when a grader asks."""
        join()
