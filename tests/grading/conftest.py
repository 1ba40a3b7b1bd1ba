import os
import subprocess
import sys
from pathlib import Path

import pytest
from handing_in import COURSE

from course.paths import ROOT
from grading.judging import assignment
from grading.sandbox import asking, install
from grading.sandbox.exam import FORKED
from grading.submissions import notebook

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def needs_sandbox():
    """Set bubblewrap up, or fail with the one line that says what to do."""
    if sys.platform != "linux":
        pytest.skip("submissions are run in bubblewrap, which is only there on Linux")
    if install.main() != 0:
        pytest.fail(install.HOW, pytrace=False)


@pytest.fixture(scope="session")
def box(needs_sandbox):
    """A sandbox that forks, for questions of NumPy."""
    with asking.Sandbox(FORKED, ("numpy", "scipy.special")) as made:
        yield made


@pytest.fixture(scope="session")
def t1():
    return assignment.load("t1", root=COURSE)


@pytest.fixture
def try_answers(box, t1):
    """Run the file of a notebook of t1 and return it, read, with what came back."""

    def run(data, using=box):
        read = notebook.read(data)
        return read, using.run(t1.exam(), read.code)

    return run


@pytest.fixture
def dask(tmp_path):
    """Start Dask's own commands, as the instructors' page gives them, and end them afterwards."""
    started = []

    def start(what, *arguments, folder=ROOT):
        file = tmp_path / f"{what}-{len(started)}.log"
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        with file.open("w") as log:
            command = [Path(sys.executable).parent / "dask", what, *arguments]
            process = subprocess.Popen(command, cwd=folder, stderr=log, env=environment)
        started.append(process)
        process.said = file
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
