"""Whoever is killed in the middle of a call: the tables become those of an undisturbed run, and nothing is left."""

import contextlib

import psutil
import pytest
from handing_in import RIGHT, answers
from real_processes import grading_on, hand_in, results_of, sandboxes, start_scheduler, start_worker
from waiting import alive, last_of, until

from grading import __main__
from grading.sandbox import limits

STUDENTS = 18
IN_A_CALL = "in-a-call"
# computes for a while, and says so by the name of its process, which is seen outside
BUSY = f"""
import ctypes, time
import numpy as np
def sigmoid(z):
    rename = ctypes.CDLL(None).prctl
    rename(15, b"{IN_A_CALL}")
    end = time.process_time() + 0.1
    while time.process_time() < end: pass
    rename(15, b"python")
    return 1 / (1 + np.exp(-np.asarray(z)))
"""
WRONG = RIGHT["sigmoid"].replace("-np", "np")
KINDS = [{"sigmoid": BUSY}, {}, {"sigmoid": BUSY, "bce": "def bce(y, p): return 1 / 0"}, {"sigmoid": WRONG}]


@pytest.fixture(scope="module")
def undisturbed(needs_sandbox, tmp_path_factory):
    """Return the submissions, and the files that grading them makes where nobody is killed."""
    top = tmp_path_factory.mktemp("undisturbed")
    students = {f"s{number:03d}": answers(**KINDS[number % len(KINDS)]) for number in range(STUDENTS)}
    source = hand_in(top / "in", **students)
    run = grading_on("", source, top / "out")
    _, said = run.communicate(timeout=600)
    assert run.returncode == __main__.DONE, said
    return source, files_of(top / "out")


def files_of(out):
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def below(one):
    """Return the processes that one has started, and those that these have."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(one.pid).children(recursive=True)
    return []


def above(busy, workers):
    """Return by name the processes above one that is in a call."""
    parents = psutil.Process(busy.pid).parents()  # the nearest first
    first = next(number for number, process in enumerate(parents) if process.name() == "bwrap")
    outer = max(number for number, process in enumerate(parents) if process.name() == "bwrap")
    nanny = next(process for process in parents if process.pid in {one.pid for one in workers})
    return {
        "the run's own process": busy,
        "the zygote": parents[first - 1],
        "bubblewrap's first process inside": parents[first],
        "bubblewrap": parents[outer],
        "a worker": parents[outer + 1],
        "a nanny": nanny,
    }


WHO = [
    "the run's own process",
    "the zygote",
    "bubblewrap's first process inside",
    "bubblewrap",
    "a worker",
    "a nanny",
]


def in_a_call(workers):
    """Return the processes that run a student's function below some workers."""
    found = []
    for process in (process for one in workers for process in below(one)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            found += [process] if process.name() == IN_A_CALL else []
    return found


def groups_of(processes):
    """Return the control groups that some processes made."""
    found = [folder for parent in limits.hierarchies().values() for folder in parent.glob("grading-*-*")]
    return [folder for folder in found if int(folder.name.split("-")[1]) in processes]


@pytest.fixture
def watch():
    """Wait for a call below some workers, and keep in mind what is there."""

    def look(run, workers, more=lambda: True):
        busy = until(lambda: run.poll() is not None or (more() and in_a_call(workers)), "a call")
        assert run.poll() is None, run.communicate()[1]
        look.boxes.extend(sandboxes(*workers))
        look.seen.update(process.pid for one in workers for process in below(one))
        return busy[0]

    look.boxes, look.seen = [], set()
    return look


def ends(run, code, last=""):
    """Wait for a grader's end; check how, and the last line that it says."""
    _, said = run.communicate(timeout=600)
    assert run.returncode == code, said
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith(last), said


def test_after_kills_the_tables_are_those_of_an_undisturbed_run_and_nothing_is_left(
    undisturbed, tmp_path, dask, watch
):
    source, wanted = undisturbed
    out = tmp_path / "out"
    _, address = start_scheduler(dask)
    workers = [start_worker(dask, address)]  # one, so that no submission is disturbed twice
    run = grading_on(address, source, out)
    done = -1
    for who in WHO:
        if who == "a nanny":
            workers.append(start_worker(dask, address))
        busy = watch(run, workers, lambda done=done: len(results_of(out)) > done)
        done = len(results_of(out))
        above(busy, workers)[who].kill()
    ends(run, __main__.DONE)
    assert files_of(out) == wanted
    assert last_of(lambda: [*alive(watch.boxes), *sandboxes(*workers)]) == []
    watch.seen.update(process.pid for one in workers for process in below(one))
    assert last_of(lambda: groups_of(watch.seen)) == []


def test_so_it_is_after_the_scheduler_was_killed_and_the_command_given_again(
    undisturbed, tmp_path, dask, watch
):
    source, wanted = undisturbed
    out = tmp_path / "out"
    central, address = start_scheduler(dask)
    workers = [start_worker(dask, address)]
    run = grading_on(address, source, out)
    watch(run, workers, lambda: len(results_of(out)) > STUDENTS // 2)
    central.kill()
    ends(run, __main__.NOT_ALL, "the scheduler is gone. What was graded is kept; the same command continues")
    assert STUDENTS // 2 < len(results_of(out)) < STUDENTS
    assert last_of(lambda: [*alive(watch.boxes), *sandboxes(*workers)]) == []
    _, address = start_scheduler(dask)
    start_worker(dask, address)
    ends(grading_on(address, source, out), __main__.DONE)
    assert files_of(out) == wanted
    assert last_of(lambda: groups_of(watch.seen)) == []
