"""Who ended a submission is known, its time is its own, and it gets no more of the machine than its share."""

import contextlib
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import psutil
import pytest
from handing_in import RIGHT, answers
from waiting import until

from course import processes
from grading.judging import grades
from grading.sandbox import asking, child, limits
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.exam import FORKED, FRESH
from grading.submissions import notebook

# computes for a fifth of a second of processor time, then answers right
BUSY = """
import time
import numpy as np
def sigmoid(z):
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
    return 1 / (1 + np.exp(-np.asarray(z)))
"""
SPINS = """
import os
def sigmoid(z):
    for _ in range(57):
        if not os.fork():
            os.setsid()
            while True: pass
    while True: pass
"""


def points(t1, data, report):
    return [mark.points for mark in grades.mark(t1, notebook.read(data), report)]


def in_a_call(monkeypatch, act):
    """Do something once, while the first call of a question runs."""
    real, done = child.Child.answer, []

    def answer(self, most_bytes, understand):
        if "called" in repr(understand) and not done:
            done.append(self)
            act(self)
        return real(self, most_bytes, understand)

    monkeypatch.setattr(child.Child, "answer", answer)
    return done


def parents(pid):
    """Return the processes above another one, up to this one's children: bubblewrap, ..., whoever waits for it."""
    above = [process for process in psutil.Process(pid).parents() if process.pid != os.getpid()]
    mine = {process.pid for process in psutil.Process().children(recursive=True)}
    return [process for process in above if process.pid in mine]


WHO = {
    "bubblewrap": lambda pid: parents(pid)[-1].pid,
    "bubblewrap's first process inside": lambda pid: parents(pid)[-2].pid,
    "the zygote": lambda pid: parents(pid)[-3].pid,
    "the run's own process": lambda pid: pid,
}


@pytest.mark.parametrize("who", WHO)
def test_what_was_killed_from_outside_is_tried_again_and_never_a_zero(who, needs_sandbox, t1, monkeypatch):
    data = answers(sigmoid=BUSY)
    exam, cells = t1.exam(), notebook.read(data).code
    monkeypatch.setattr(asking, "KEPT", {})
    in_a_call(monkeypatch, lambda one: os.kill(WHO[who](one.pid), signal.SIGKILL))
    real, broken = asking.Sandbox.run, []

    def run(self, *arguments):
        try:
            return real(self, *arguments)
        except Broken as error:
            broken.append(str(error))
            raise

    monkeypatch.setattr(asking.Sandbox, "run", run)
    try:
        assert points(t1, data, asking.try_notebook(exam, cells)) == [6, 4, None]
    finally:
        asking.close_kept()
    (why,) = broken
    assert "from outside" in why


@pytest.mark.parametrize("who", ["bubblewrap", "bubblewrap's first process inside"])
def test_so_it_is_where_each_run_is_a_bubblewrap(who, needs_sandbox, t1, monkeypatch):
    in_a_call(monkeypatch, lambda one: os.kill(bubblewraps(one.pid)[who], signal.SIGKILL))
    with (
        asking.Sandbox(FRESH, ("numpy",)) as box,
        pytest.raises(Broken, match="from outside"),
    ):
        box.run(t1.exam(), notebook.read(answers(sigmoid=BUSY)).code)


def bubblewraps(pid):
    return {"bubblewrap": psutil.Process(pid).ppid(), "bubblewrap's first process inside": pid}


ENDS = {
    "as if it were killed": "os._exit(137)",
    "as if all were well": "os._exit(0)",
    "by a crash": "import ctypes; ctypes.string_at(0)",
    "by abort": "os.abort()",
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_itself_loses_the_points_of_that_question(how, box, t1, try_answers):
    data = answers(sigmoid=f"import os\ndef sigmoid(z):\n    {ENDS[how]}")
    _, report = try_answers(data)
    assert report.stopped == {"sigmoid": (0, "it ended its own process")}
    assert points(t1, data, report) == [0, 4, None]


def test_no_signal_of_its_own_ends_it(t1, try_answers):
    kills = RIGHT["sigmoid"].replace("(z):", "(z):\n    import os; os.kill(os.getpid(), 9)")
    data = answers(sigmoid=kills)
    assert points(t1, data, try_answers(data)[1]) == [6, 4, None]


@pytest.mark.parametrize("groups", [True, False])
def test_a_neighbour_that_spins_58_processes_costs_nobody_a_point(needs_sandbox, t1, monkeypatch, groups):
    if not groups:
        monkeypatch.setattr(limits, "control_group", lambda: None)
    exam, data = t1.exam(), answers(sigmoid=BUSY)
    endless = replace(exam, questions=tuple(replace(question, seconds=600.0) for question in exam.questions))

    def spin(box):
        with contextlib.suppress(Broken):  # it spins until it is killed
            box.run(endless, notebook.read(answers(sigmoid=SPINS)).code)

    with (
        asking.Sandbox(FORKED, ("numpy",)) as spinning,
        asking.Sandbox(FORKED, ("numpy",)) as box,
        ThreadPoolExecutor() as threads,
    ):
        spinning.start()
        box.start()
        spinner = threads.submit(spin, spinning)
        try:
            until(lambda: len(processes.family(spinning.zygote.process.pid)) > 50, "the processes that spin")
            report = patiently(lambda: box.run(exam, notebook.read(data).code))
        finally:
            spinning.zygote.process.kill()
        spinner.result(60)
    assert points(t1, data, report) == [6, 4, None], report


def patiently(run):
    """Run something again while other programs disturb it: this machine may be busy with more than this test."""
    for _ in range(5):
        with contextlib.suppress(child.Disturbed):
            return run()
    return run()


@pytest.mark.parametrize("groups", [True, False])
def test_what_spins_costs_no_more_than_its_limit(needs_sandbox, t1, monkeypatch, groups):
    if not groups:
        monkeypatch.setattr(limits, "control_group", lambda: None)
    budgets = []

    def budget(whole):
        budgets.append(real(whole))
        return budgets[-1]

    real = asking.Budget
    monkeypatch.setattr(asking, "Budget", budget)
    with asking.Sandbox(FORKED, ("numpy",)) as box:
        report = patiently(lambda: box.run(t1.exam(), notebook.read(answers(sigmoid=SPINS)).code))
    assert report.stopped["sigmoid"] == (0, "it took longer than 2 seconds")
    assert 2 <= budgets[-1].whole - budgets[-1].left < 3


# --- the clock


class Clock:
    """A child's clock without a child: what it used and how long its threads waited is set by the test."""

    def __init__(self, monkeypatch, seconds=10):
        self.now, self.used, self.waited = 0.0, 0.0, {1: 7.0, 2: 1.0}
        monkeypatch.setattr(child, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(limits, "waited", lambda family: dict(self.waited))
        monkeypatch.setattr(limits, "seconds_of", lambda family: self.used)
        monkeypatch.setattr(child, "pid_of", lambda handle: os.getpid())
        self.child = child.Child(None, 0, lambda seconds: None, watched=False)
        self.child.within(seconds)

    def at(self, now, used, **waited):
        self.now, self.used = now, used
        self.waited |= {int(name[1:]): seconds for name, seconds in waited.items()}
        return self.child.left()


def test_time_without_a_processor_does_not_count(monkeypatch):
    clock = Clock(monkeypatch)
    assert clock.at(6, 6) == 4
    assert clock.at(12, 12) == -2
    # six seconds lost by one thread; the others waited meanwhile, so these are the same six
    assert clock.at(12, 6, t1=8.0, t2=7.0, t3=1.0) == 4


def test_threads_that_wait_for_each_other_lose_nothing(monkeypatch):
    clock = Clock(monkeypatch)
    assert clock.at(11, 11, t3=500.0, t4=500.0) == -1
    assert clock.at(14, 12, t3=600.0) == -2


def test_who_never_gets_its_time_is_disturbed_and_not_slow(monkeypatch):
    clock = Clock(monkeypatch)
    assert clock.at(60, 3, t1=64.0) == 7
    with pytest.raises(child.Disturbed, match=r"in 60 seconds it had 4\.0 of the 10 that it may have"):
        clock.at(61, 3, t1=64.0)


def test_time_without_a_processor_is_known():
    (seconds,) = [t for n, t in limits.waited([psutil.Process()]).items() if n == os.getpid()]
    assert seconds > 0
    assert limits.waited([SimpleNamespace(pid=2**22 + 1)]) == {}


def test_each_sandbox_claims_another_processor_while_there_are_some(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 1})
    held = [limits.claim_processor() for _ in range(3)]
    try:
        free = [number for number, claim in held if claim]
        assert len(set(free)) == len(free)
        assert {number for number, _ in held} <= {1, 3}
        assert held[2][1] is None
    finally:
        for _, claim in held:
            if claim:
                claim.close()


def test_what_leaves_its_processor_is_brought_back(needs_sandbox, monkeypatch):
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one processor")
    monkeypatch.setattr(limits, "control_group", lambda: None)
    with asking.Sandbox(FORKED, ("numpy",)) as box, box.child() as one:
        assert os.sched_getaffinity(one.pid) == {box.processor}
        os.sched_setaffinity(one.pid, os.sched_getaffinity(0))
        one.looked = 0
        one.look()
        assert os.sched_getaffinity(one.pid) == {box.processor}
