"""What the instructors' page promises under "What the sandbox promises", tried from inside by a student's code.

The promises about time, endings, other ways to run and the judging outside are in test_own_end.py, test_attacks.py,
test_cluster.py, test_running.py and test_mutated.py.
"""

import re

import numpy as np
import pytest
from waiting import last_of

from course.paths import ROOT
from grading.sandbox import limits
from grading.sandbox.exam import Calls, Exam
from grading.sandbox.inside import isolation
from grading.submissions import notebook

PAGE = (ROOT / "book" / "instructors.md").read_text(encoding="utf-8")


@pytest.fixture
def inside(box):
    """Run the body of a function inside and return the outcome of its call."""

    def run(body, *, seconds=10.0, most_bytes=1_000_000, argument=0):
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        source = f"import os, socket, subprocess, sys, time\nimport numpy as np\ndef look(given):\n{lines}"
        question = Calls("look", "look", (((argument,), ""),), seconds, most_bytes)
        cell = {"source": source, "grade_id": "look", "solution": True, "locked_test": False}
        (outcome,) = box.run(Exam((question,)), [cell]).outcomes["look"]
        return outcome

    return run


def test_without_network(inside):
    said = inside("socket.create_connection(('192.0.2.1', 80), 2)").error
    assert "unreachable" in said


def test_on_a_read_only_system(inside):
    for place in ("/", "/usr", "/grader"):
        assert "Read-only file system" in inside(f"open({place!r} + '/x', 'w')").error


def test_in_namespaces_of_its_own_for_files_and_processes(inside, tmp_path):
    (tmp_path / "mine").write_text("x")
    outcome = inside(
        f"return np.array([os.getpid(), os.path.exists({str(tmp_path)!r}), len(os.listdir('/tmp'))])"
    )
    assert outcome.values[0].tolist() == [1, 0, 0]


def test_as_a_user_without_rights(inside):
    outcome = inside(
        "return np.array([line for line in open('/proc/self/status') if line.startswith('CapEff')])"
    )
    assert str(outcome.values[0][0]).split()[1] == "0" * 16
    assert inside("os.setuid(0)\nreturn os.geteuid()").error.startswith("PermissionError") or (
        inside("return os.geteuid()").values[0] != 0
    )


def test_it_is_given_inputs_and_hands_back_plain_arrays(inside):
    assert inside("return given * 2", argument=np.arange(3.0)).values[0].tolist() == [0, 2, 4]
    assert inside("return {'a': 1}").error == "NotPlain: returned a dict, where numbers were expected"


def test_afterwards_all_its_processes_are_ended_and_its_files_are_gone(inside, box):
    inside("open('/tmp/left', 'w').close(); subprocess.Popen(['sleep', '98765432'], start_new_session=True)")
    assert inside("return len(os.listdir('/tmp'))").values[0] == 0
    assert last_of(lambda: [line for line in commands() if "98765432" in line]) == []


def commands():
    import psutil

    return [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]


def test_the_limit_of_time(inside):
    assert inside("while True: pass", seconds=0.5).error == "Stopped: it took longer than 0.5 seconds"


def test_the_limit_of_memory(inside):
    assert limits.MEMORY == 2 << 30
    outcome = inside("return len(np.ones(3 << 27))")  # 3 GB
    assert outcome.values is None
    assert "2 GB" in outcome.error or "MemoryError" in outcome.error


def test_the_limit_of_processes_and_threads(inside):
    assert limits.PROCESSES == isolation.PROCESSES == 64
    outcome = inside("""
import threading
held, stop = 0, threading.Event()
try:
    while held < 100:
        threading.Thread(target=stop.wait, daemon=True).start()
        held += 1
except RuntimeError:
    pass
stop.set()
return held
""")
    assert 50 < outcome.values[0] < 64


def test_the_limit_of_what_it_returns(inside):
    assert inside("return np.zeros(120_000)").values[0].nbytes == 960_000
    assert "1,000,000 are allowed" in inside("return np.zeros(130_000)").error


def test_what_it_prints_is_thrown_away(inside, capfd):
    assert inside("print('x' * 1_000_000, flush=True)\nos.write(2, b'y')\nreturn 1").values[0] == 1
    assert capfd.readouterr() == ("", "")


def test_the_limit_of_what_it_writes(inside):
    body = "with open('/tmp/x', 'wb') as file:\n    [file.write(bytes(1 << 20)) for _ in range({})]\nreturn 1"
    assert inside(body.format(60)).values[0] == 1
    assert "OSError" in inside(body.format(70)).error


def test_the_page_names_the_limits_that_hold():
    table = PAGE[PAGE.index("| what | limit for a question |") :].partition("\n\n")[0]
    assert "10 seconds of its own" in table
    for limit in (f"{limits.MEMORY >> 30} GB", str(limits.PROCESSES), "1 MB", "64 MB"):
        assert f"| {limit}" in table
    found = re.search(r"at most (\d+) MB, ([\d,]+) cells, and ([\d,]+) characters of code", PAGE)
    assert [int(number.replace(",", "")) for number in found.groups()] == [
        notebook.MOST_BYTES // 1_000_000, notebook.MOST_CELLS, notebook.MOST_CODE,
    ]  # fmt: skip


def test_in_all_a_submission_costs_no_more_than_the_sum_of_its_limits(box, monkeypatch):
    from grading.sandbox import asking

    monkeypatch.setattr(asking, "LOAD_SECONDS", 0.4)
    questions = tuple(Calls(name, name, (((), ""),), 0.3, 100) for name in ("a", "b", "c"))
    exam = Exam(questions)
    assert asking.most_seconds(exam) == pytest.approx(0.4 * (3 + 3) + 0.9)
    spins = "while True: pass"
    cells = [
        {"source": source, "grade_id": name, "solution": True, "locked_test": False}
        for name, source in [("", spins)] * 2 + [(q.name, f"def {q.name}():\n    {spins}") for q in questions]
    ]
    budgets, real = [], asking.Budget
    monkeypatch.setattr(asking, "Budget", lambda whole: budgets.append(real(whole)) or budgets[-1])
    report = box.run(exam, cells)
    assert set(report.stopped) == {"a", "b", "c"}
    assert budgets[0].left >= 0
