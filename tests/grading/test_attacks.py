"""Every attack gets its honest score, the other questions are kept, and the machine is as it was."""

import os
import subprocess
from pathlib import Path

import psutil
import pytest
from handing_in import ATTACKS, LEFT, SLEEP, answers, attack
from waiting import alive, last_of, until

from grading.judging import grades
from grading.sandbox import asking, limits
from grading.sandbox.bubblewrap import pid_of
from grading.sandbox.exam import FORKED, FRESH, UNSAFE, Calls, Exam
from grading.submissions import notebook

PLACES = ("/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/usr", "grading")


def left_behind(box):
    """Return the processes and files of an attack that are there now."""
    marks = (LEFT, SLEEP)
    processes = [
        p.info["cmdline"]
        for p in psutil.process_iter(["cmdline"])
        if any(mark in part for mark in marks for part in p.info["cmdline"] or ())
    ]
    files = [place for place in PLACES if (Path(place) / LEFT).exists()]
    # bubblewrap twice, its first process inside and the zygote: nothing else lives in the sandbox between two runs
    inside = psutil.Process(box.zygote.process.pid).children(recursive=True) if box.zygote else []
    return [*processes, *files, *inside[2:]]


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_it_gets_its_honest_score_and_leaves_nothing(path, t1, box, try_answers, monkeypatch):
    monkeypatch.setattr(asking, "LOAD_SECONDS", 2.0)
    data, scores = attack(path)
    read, report = try_answers(data)
    marks = {mark.question: mark for mark in grades.mark(t1, read, report)}
    assert {name: (marks[name].state, marks[name].points) for name in scores} == {
        name: ("graded", points) for name, points in scores.items()
    }, {name: (mark.feedback, mark.reason) for name, mark in marks.items()}
    assert last_of(lambda: left_behind(box)) == []


def test_the_next_submission_finds_the_sandbox_as_new(t1, try_answers):
    for path in ATTACKS:
        if path.stem in ("numpy_patched", "written_elsewhere", "os_exit"):
            try_answers(attack(path)[0])
    read, report = try_answers(answers())
    assert [mark.points for mark in grades.mark(t1, read, report)] == [6, 4, None]


LOOK_AROUND = """
import os, socket, subprocess, numpy as np
def look(what):
    status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
    found = {
        "uid": str(os.getuid()),
        "rights": status["CapEff"].strip() + status["CapPrm"].strip() + status["CapBnd"].strip(),
        "no new rights": status["NoNewPrivs"].strip(),
        "processes": " ".join(name for name in os.listdir("/proc") if name.isdigit()),
        "root": " ".join(sorted(os.listdir("/"))),
        "tmp": " ".join(os.listdir("/tmp")),
        "interfaces": " ".join(name for _, name in socket.if_nameindex()),
        "environment": " ".join(sorted(os.environ)),
        "host": socket.gethostname(),
    }
    return np.array(found[what])
"""
SEEN = {
    "rights": "0" * 48,
    "no new rights": "1",
    "processes": "1",
    "tmp": "",
    "interfaces": "lo",
    "host": "sandbox",
}


@pytest.fixture(scope="module")
def seen(box):
    names = ("uid", "root", "environment", *SEEN)
    question = Calls("look", "look", tuple(((name,), "") for name in names), 10, 100_000)
    cell = {"source": LOOK_AROUND, "grade_id": "look", "solution": True, "locked_test": False}
    outcomes = box.run(Exam((question,)), [cell]).outcomes["look"]
    assert [outcome.error for outcome in outcomes] == [""] * len(names)
    return {name: str(outcome.values[0]) for name, outcome in zip(names, outcomes, strict=True)}


@pytest.mark.parametrize("what", SEEN)
def test_inside_there_is_little_to_see_and_nothing_to_use(seen, what):
    assert seen[what] == SEEN[what]


def test_students_code_is_nobody_where_the_grader_is_root(seen):
    assert seen["uid"] == (str(65534) if os.geteuid() == 0 else str(os.geteuid()))


def test_neither_home_nor_configuration_of_the_machine_is_there(seen):
    assert not set(seen["root"].split()) & {"home", "etc", "var", "run", "sys", "boot", "mnt", "srv", "media"}
    assert not [
        name for name in seen["environment"].split() if "TOKEN" in name or "KEY" in name or "USER" in name
    ]


def test_files_of_the_course_are_not_there_but_the_grader_s_own_code(box):
    source = """
import os, numpy as np
def look():
    found = []
    for at, inner, files in os.walk("/"):
        inner[:] = [name for name in inner if not name.startswith(("proc", "usr", "dev", "python3"))]
        found += [os.path.join(at, file) for file in files]
    return np.array(" ".join(f for f in found if f.endswith((".md", ".yml", "questions.py", "drivers.py", ".ipynb"))))
"""
    question = Calls("look", "look", (((), ""),), 10, 100_000)
    cell = {"source": source, "grade_id": "look", "solution": True, "locked_test": False}
    (outcome,) = box.run(Exam((question,)), [cell]).outcomes["look"]
    assert (outcome.error, [str(value) for value in outcome.values]) == ("", [""])


def test_after_the_end_of_a_sandbox_nothing_is_left(needs_sandbox):
    with asking.Sandbox(FORKED, ("numpy",)) as box, box.child() as child:
        inside = pid_of(child.handle)
        family = []

        def whole():  # while the child changes parents, it is nobody's for a moment
            family[:] = psutil.Process(box.zygote.process.pid).children(recursive=True)
            return inside in {process.pid for process in family}

        until(whole, "the child among the sandbox's processes")
        group = box.group
    assert last_of(lambda: alive(family)) == []
    assert not group or not any(folder.exists() for folder in group.folders)


def test_a_sandbox_ends_with_a_grader_that_was_killed(needs_sandbox):
    code = (
        "import os, signal, psutil\nfrom grading.sandbox import asking\nbox = asking.Sandbox('forked', ('numpy',))\n"
        "with box.child():\n"
        "    family = []\n"
        "    while len(family) < 4:\n"  # while the child changes parents, it is nobody's for a moment
        "        family = psutil.Process().children(recursive=True)\n"
        "    print(*[p.pid for p in family], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [os.sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    family = [int(pid) for pid in done.stdout.split()]
    assert len(family) >= 4, done.stderr
    assert last_of(lambda: [pid for pid in family if is_alive(pid)]) == []
    assert last_of(groups_of_the_dead) == []


def is_alive(pid):
    try:
        return bool(alive([psutil.Process(pid)]))
    except psutil.NoSuchProcess:
        return False


def groups_of_the_dead():
    """Return the control groups of graders that have ended, after a sweep."""
    limits.sweep()
    groups = [group for folder in limits.hierarchies().values() for group in folder.glob("grading-*")]
    return [group for group in groups if not psutil.pid_exists(int(group.name.split("-")[1]))]


@pytest.mark.parametrize("way", [FRESH, UNSAFE])
@pytest.mark.parametrize("name", ["endless_loop", "os_exit", "memory_taken"])
def test_the_other_ways_give_the_same_scores(way, name, needs_sandbox, t1, monkeypatch):
    monkeypatch.setattr(asking, "LOAD_SECONDS", 10.0)
    data, scores = attack(next(path for path in ATTACKS if path.stem == name))
    read = notebook.read(data)
    with asking.Sandbox(way, ("numpy",)) as box:
        report = box.run(t1.exam(unsafe=way == UNSAFE), read.code)
    marks = {mark.question: mark for mark in grades.mark(t1, read, report)}
    assert {name: marks[name].points for name in scores} == scores
    assert report.way == way


def test_memory_is_held_without_a_control_group_too(needs_sandbox, t1, monkeypatch):
    monkeypatch.setattr(limits, "control_group", lambda: None)
    data, scores = attack(next(path for path in ATTACKS if path.stem == "memory_shared_out"))
    read = notebook.read(data)
    with asking.Sandbox(FORKED, ("numpy",)) as box:
        report = box.run(t1.exam(), read.code)
    assert report.stopped["sigmoid"][1] in (
        "it took more than 2 GB of memory",
        "it took longer than 2 seconds",
    )
    marks = {mark.question: mark.points for mark in grades.mark(t1, read, report)}
    assert {name: marks[name] for name in scores} == scores
