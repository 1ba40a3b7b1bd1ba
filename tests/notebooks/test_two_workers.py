"""The two workers of lesson 10 end: after their work, when one is killed, when the notebook is interrupted or killed.

What is tested is the code of the lesson itself, taken from its notebook. The pictures are zeros, since nothing here
depends on what is learned.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import time

import nbformat
import numpy as np
import psutil
import pytest
from waiting import last_of, until

from course.paths import ROOT

IMPORTS = (
    "import json, os, signal, socket, subprocess, sys, time\nfrom pathlib import Path\n"
    # a shell starts background programs with this signal ignored, and they pass that on
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
)
DEFINED = ["def free_ports(", "WORKER = '''", "def run_workers("]
CALL = """
answers = run_workers(2, sys.argv[1], {"epochs": int(sys.argv[2]), "everything": False})
print(json.dumps([answer["losses"] for answer in answers]))
"""
PATIENCE = 240  # seconds; a few on a quiet machine, most of them for importing TensorFlow twice
FOREVER = 1_000_000  # epochs


def lesson_code():
    """Return the cells of the lesson that define how workers are run, without the line that shows an example."""
    notebook = nbformat.read(ROOT / "notebooks" / "10-fast-and-far.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    found = [
        next(source for source in sources if re.search(rf"^{re.escape(d)}", source, re.M)) for d in DEFINED
    ]
    return IMPORTS + "\n\n".join(found)


@pytest.fixture
def start(tmp_path):
    """Start a process that plays the notebook; whatever a failing test leaves behind is ended afterwards."""
    folder = tmp_path / "workers"
    folder.mkdir()
    np.savez_compressed(
        folder / "start.npz",
        pictures=np.zeros((60000, 784), np.float32),
        labels=np.zeros(60000, np.int32),
        start=np.zeros((784, 10), np.float32),
    )
    script = tmp_path / "notebook.py"
    script.write_text(lesson_code() + CALL, encoding="utf-8")
    started = []

    def begin(epochs):
        process = subprocess.Popen(
            [sys.executable, str(script), str(folder), str(epochs)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return folder, process

    yield begin
    for process in started:
        process.kill()
        process.communicate()
    for worker in workers_of(folder):
        worker.kill()


def workers_of(folder):
    """Return the running worker processes of one test, worker 0 first."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder / "worker.py") in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has ended meanwhile, or belongs to somebody else
    return sorted(found, key=lambda process: (process.create_time(), process.pid))


def is_idle(process):
    """Tell whether a process computes nothing for a second, as one that waits in TensorFlow for another."""
    before = process.cpu_times()
    time.sleep(1)
    after = process.cpu_times()
    return after.user + after.system - before.user - before.system < 0.05


def wait_for_words(folder, words):
    """Wait until the logs of both workers hold some words: "waiting" for each other, "done" with an epoch."""
    paths = [folder / "worker-0.log", folder / "worker-1.log"]
    until(lambda: all(p.exists() and words in p.read_text() for p in paths), f"two workers {words}", PATIENCE)


def test_workers_end_after_their_work(start):
    folder, notebook = start(1)
    said, complaint = notebook.communicate(timeout=PATIENCE)
    assert notebook.returncode == 0, complaint
    losses = np.array(json.loads(said.splitlines()[-1]))
    assert losses.shape == (2, 1)
    # zeros as pictures and one label: only its bias learns, so the loss falls from ln 10 towards 0
    assert losses[0, 0] == losses[1, 0] < np.log(10) / 2
    assert last_of(lambda: workers_of(folder)) == []


def test_when_one_worker_is_killed_the_other_says_so_and_ends(start):
    folder, notebook = start(FOREVER)
    wait_for_words(folder, "done")
    workers_of(folder)[1].kill()
    _, complaint = notebook.communicate(timeout=PATIENCE)
    assert notebook.returncode != 0
    assert "worker 1 ended with -9" in complaint
    assert re.search(
        r"worker 0 ended with 1: .*(?:Unavailable|Aborted|Internal|Cancelled)\w*Error", complaint
    )
    assert last_of(lambda: workers_of(folder)) == []


def test_an_interrupt_ends_the_workers(start):
    folder, notebook = start(FOREVER)
    wait_for_words(folder, "done")
    notebook.send_signal(signal.SIGINT)
    _, complaint = notebook.communicate(timeout=PATIENCE)
    assert "KeyboardInterrupt" in complaint
    assert last_of(lambda: workers_of(folder)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the time limit ends them, after minutes")
def test_a_killed_notebook_takes_its_workers_along(start):
    """Even while they wait for each other, when TensorFlow lets no Python run in them."""
    folder, notebook = start(FOREVER)
    wait_for_words(folder, "waiting")
    workers_of(folder)[1].suspend()  # so that worker 0 keeps waiting
    until(lambda: is_idle(workers_of(folder)[0]), "worker 0 waits for worker 1", PATIENCE)
    assert len(workers_of(folder)) == 2
    notebook.kill()
    assert last_of(lambda: workers_of(folder), PATIENCE) == []


def test_ports_are_free_and_differ():
    lesson = {}
    exec(lesson_code(), lesson)
    ports = lesson["free_ports"](20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", port))
