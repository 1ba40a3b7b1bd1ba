"""Grade with real processes: the command line, and clusters that are started by Dask's own commands."""

import contextlib
import json
import re
import subprocess
import sys

import psutil
from handing_in import COURSE
from waiting import until

PRIVATE = ["--private", str(COURSE / "assignments")]

# a shell has its background jobs ignore this signal, and whoever they start inherits that
GRADING = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from grading.__main__ import main; sys.exit(main())"
)


def hand_in(folder, **files):
    for student, data in files.items():
        (folder / student).mkdir(parents=True, exist_ok=True)
        (folder / student / "t1.ipynb").write_bytes(data)
    return folder


def results_of(out):
    return {path.stem: json.loads(path.read_text()) for path in (out / "results").glob("*.json")}


def start_scheduler(dask, **where):
    made = dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0", **where
    )
    address = re.compile(r"Scheduler at:\s+(tcp://\S+)")
    return made, until(lambda: address.search(made.said.read_text()), "the scheduler's address")[1]


def start_worker(dask, address, *arguments, **where):
    options = ("--nthreads", "1", "--dashboard-address", "127.0.0.1:0", *arguments)
    made = dask("worker", address, *options, **where)
    until(lambda: "Registered to" in made.said.read_text(), "the worker")
    return made


def grading_on(address, source, out):
    """Start the grader; without an address it makes its own cluster."""
    command = [sys.executable, "-c", GRADING, "grade", "--assignment", "t1", *PRIVATE, "--seed", "1"]
    command += ["--submissions", str(source), "--out", str(out), "--scheduler", address]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def sandboxes(*processes):
    """Return the bubblewraps that run below some processes."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            below = psutil.Process(process.pid).children(recursive=True)
            found += [child for child in below if child.name() == "bwrap"]
    return found


def points_of(out):
    return {name: [q["points"] for q in result["questions"]] for name, result in results_of(out).items()}
