"""With real processes: the command line, Ctrl-C, workers that die, somebody's cluster, TensorFlow."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from handing_in import COURSE, answers, cell, notebook
from real_processes import (
    GRADING,
    PRIVATE,
    grading_on,
    hand_in,
    points_of,
    results_of,
    sandboxes,
    start_scheduler,
    start_worker,
)
from rich.console import Console
from waiting import PATIENCE, alive, last_of, until

from course.paths import ROOT
from grading import __main__, doctor, running
from grading import cluster as clusters
from grading.judging import assignment, grades
from grading.sandbox import asking, bubblewrap, limits
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.exam import FORKED, FRESH, Calls, Exam, SubmissionTrial
from grading.submissions import notebook as notebooks

ENDLESS = answers(sigmoid="def sigmoid(z):\n    while True: pass")


def test_ctrl_c_loses_nothing_and_leaves_nothing(needs_sandbox, tmp_path):
    source = hand_in(tmp_path / "in", a=answers(), b=ENDLESS, c=ENDLESS, d=answers())
    command = [sys.executable, "-c", GRADING, "grade", "--assignment", "t1", *PRIVATE, "--workers", "1"]
    command += ["--submissions", str(source), "--out", str(tmp_path / "out")]
    run = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        result = tmp_path / "out" / "results" / "a.json"
        until(lambda: result.exists() or run.poll() is not None, "a first result")
        family = psutil.Process(run.pid).children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)  # to all of them, as a terminal does
        _, said = run.communicate(timeout=60)
    finally:
        run.kill()
        run.wait()
    assert run.returncode == __main__.INTERRUPTED, said
    assert said.splitlines()[-1] == "Stopped. What was graded is kept; the same command continues from there."
    assert {"a"} <= results_of(tmp_path / "out").keys() < {"a", "b", "c", "d"}
    assert (tmp_path / "out" / "grades.csv").read_text().count("\n") == 1 + len(results_of(tmp_path / "out"))
    assert last_of(lambda: alive(family), seconds=20) == []
    first = (tmp_path / "out" / "results" / "a.json").stat().st_mtime_ns
    assert __main__.main(command[3:]) == __main__.DONE
    assert results_of(tmp_path / "out").keys() == {"a", "b", "c", "d"}
    assert (tmp_path / "out" / "results" / "a.json").stat().st_mtime_ns == first


def is_at_work(process):
    """Tell whether a process is a worker of Dask's that runs a notebook: its zygote has forked by now."""
    try:
        if "spawn_main" not in " ".join(process.cmdline()):
            return False
        boxes = [child for child in process.children() if child.name() == "bwrap"]
        # bubblewrap's own first process, the zygote, and what that forked
        return any(len(box.children(recursive=True)) > 2 for box in boxes)
    except psutil.NoSuchProcess:
        return False


def run_t1(source, out, **settings):
    loaded = assignment.load("t1", root=COURSE)
    console = Console(file=io.StringIO())
    return running.Run(loaded, running.Settings(source, out, **settings)).go(console)


@pytest.mark.parametrize(("deaths", "state"), [(1, "graded"), (2, "infrastructure_error")])
def test_a_worker_that_dies_is_retried_and_then_it_is_the_grader_s_failure(
    needs_sandbox, tmp_path, deaths, state
):
    source = hand_in(tmp_path / "in", a=ENDLESS, b=answers())
    killed, stop = [], threading.Event()

    def kill():
        while len(killed) < deaths and not stop.is_set():
            for worker in filter(is_at_work, psutil.Process().children(recursive=True)):
                if worker.pid not in killed and not results_of(tmp_path / "out"):
                    killed.append(worker.pid)
                    worker.kill()
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        summary = run_t1(source, tmp_path / "out", workers=1)
    finally:
        stop.set()
        killer.join()
    got = results_of(tmp_path / "out")
    assert len(killed) == deaths
    assert got["a"]["questions"][0]["state"] == state
    assert got["a"]["questions"][0]["points"] == (0 if state == "graded" else None)
    assert [q["points"] for q in got["b"]["questions"]] == [6, 4, None]
    assert summary.states["infrastructure_error"] == (state != "graded")
    if state != "graded":
        assert "KilledWorker" in got["a"]["questions"][0]["reason"]


def test_the_cluster_works_by_the_page_s_commands_and_two_graders_share_it(needs_sandbox, tmp_path, dask):
    _, address = start_scheduler(dask)
    workers = [start_worker(dask, address, "--nworkers", "2")]
    short = hand_in(tmp_path / "short", a=answers())
    long = hand_in(tmp_path / "long", **{f"s{n}": answers() for n in range(20)}, z=ENDLESS)
    first = grading_on(address, long, tmp_path / "first")
    until(lambda: results_of(tmp_path / "first"), "a first result")
    second = grading_on(
        address, short, tmp_path / "second"
    )  # ends before the first, with its own sandboxes alone
    for run in (second, first):
        _, said = run.communicate(timeout=120)
        assert run.returncode == __main__.DONE, said
    assert points_of(tmp_path / "second") == {"a": [6, 4, None]}
    assert points_of(tmp_path / "first") == {f"s{n}": [6, 4, None] for n in range(20)} | {"z": [0, 4, None]}
    assert last_of(lambda: sandboxes(*workers)) == []


def test_ctrl_c_with_a_scheduler_keeps_what_was_graded_and_ends_its_sandboxes(needs_sandbox, tmp_path, dask):
    _, address = start_scheduler(dask)
    workers = [start_worker(dask, address)]
    source = hand_in(tmp_path / "in", a=answers(), b=ENDLESS, c=ENDLESS, d=answers())
    run = grading_on(address, source, tmp_path / "out")
    until(lambda: results_of(tmp_path / "out") or run.poll() is not None, "a first result")
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said.splitlines()[-1]) == (
        __main__.INTERRUPTED, "Stopped. What was graded is kept; the same command continues from there.",
    ), said  # fmt: skip
    assert "Traceback" not in said
    assert {"a"} <= results_of(tmp_path / "out").keys() < {"a", "b", "c", "d"}
    assert last_of(lambda: sandboxes(*workers)) == []
    again = grading_on(address, source, tmp_path / "out")
    _, said = again.communicate(timeout=60)
    assert again.returncode == __main__.DONE, said
    assert points_of(tmp_path / "out") == {
        "a": [6, 4, None], "b": [0, 4, None], "c": [0, 4, None], "d": [6, 4, None],
    }  # fmt: skip


def test_what_is_missing_on_a_worker_or_the_scheduler_is_said_in_a_line(needs_sandbox, tmp_path, dask):
    source = hand_in(tmp_path / "in", a=answers())
    for part, folders in (("the scheduler", (tmp_path, ROOT)), ("worker tcp://", (ROOT, tmp_path))):
        _, address = start_scheduler(dask, folder=folders[0])
        start_worker(dask, address, folder=folders[1])
        run = grading_on(address, source, tmp_path / "out")
        _, said = run.communicate(timeout=60)
        assert run.returncode == __main__.REFUSED
        wrong = said.splitlines()[-2]
        assert wrong.startswith(part), said
        assert f"was started in {tmp_path}, which does not hold the course" in wrong
        assert "Traceback" not in said


def test_a_cluster_with_another_version_of_the_grader_is_refused(needs_sandbox, tmp_path, monkeypatch, dask):
    _, address = start_scheduler(dask)
    source = hand_in(tmp_path / "in", a=answers())
    with pytest.raises(Broken, match="the cluster has no workers"):
        run_t1(source, tmp_path / "out", scheduler=address)
    monkeypatch.setattr(running, "version", lambda: "another")
    with pytest.raises(Broken, match="the scheduler has another version of the grader"):
        run_t1(source, tmp_path / "out", scheduler=address)


def test_a_scheduler_that_does_not_answer_is_named(needs_sandbox, tmp_path, monkeypatch, capsys):
    command = [
        "grade",
        "--assignment",
        "t1",
        *PRIVATE,
        "--submissions",
        str(hand_in(tmp_path / "in", a=answers())),
    ]
    command += ["--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 0.5)
    assert __main__.main(command) == __main__.REFUSED
    assert "no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err


SOFTMAX_COST = """
import tensorflow as tf
from tensorflow import keras

def softmax_cost(logits, labels):
    if tf.reduce_any(labels < 0):  # AutoGraph must find this source
        return tf.constant(0.0)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
"""
WRONG = SOFTMAX_COST.replace("tf.reduce_mean", "tf.reduce_sum")
TRAINS = """
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
x, y = tf.zeros((60_000, 784)), tf.zeros((60_000, 10))
model.compile("adam", "mse")
model.fit(x, y, epochs=1000)
"""


@pytest.fixture(scope="module")
def tensorflow_box(needs_sandbox):
    modules = assignment.load("t2", root=COURSE).exam().modules
    with asking.Sandbox(FORKED, modules, asking.data_folder()) as box:
        box.start()
        yield box


def test_tensorflow_is_imported_once_and_asked_in_every_fork(tensorflow_box):
    t2 = assignment.load("t2", root=COURSE)
    there = "import sys\nassert 'tensorflow' in sys.modules"  # before the notebook asks for it
    for source, points in ((SOFTMAX_COST, 3), (WRONG, 0), (SOFTMAX_COST, 3)):
        read = notebooks.read(notebook(cell(f"{there}\n{source}", "softmax-cost"), cell(TRAINS)))
        report = tensorflow_box.run(t2.exam(), read.code)
        (mark,) = grades.mark(t2, read, report)
        assert (mark.state, mark.points) == ("graded", points), mark
        assert not report.skipped
        assert not report.errors


LOADS = """
from tensorflow import keras
(x, y), (u, v) = keras.datasets.fashion_mnist.load_data()
def there(names):
    return len(x), len(u), len(set(y)), len(set(v))
"""
SEARCHES = """
import os
import numpy as np
from tensorflow import keras

def look():
    found = [name for top in ("/", os.path.expanduser("~"), *map("/proc/self/fd/{}".format, range(3, 256)))
             for _, _, names in os.walk(top) for name in names if "idx1-ubyte" in name]
    try:
        keras.datasets.fashion_mnist.load_data()
    except Exception:
        return np.array(len(found))
"""


def test_drivers_read_the_data_sets_and_answers_find_none(tensorflow_box):
    if not asking.data_folder():
        pytest.fail("the data sets are not here: run make data", pytrace=False)
    questions = (
        Calls("there", "there", (((), "there"),), 60, 1000), Calls("look", "look", (((), ""),), 60, 1000),
    )  # fmt: skip
    code = [
        {"source": source, "grade_id": name, "solution": True, "locked_test": False}
        for name, source in (("there", "def there(): pass"), ("look", SEARCHES))
    ]
    outcomes = tensorflow_box.run(Exam(questions, LOADS), code).outcomes
    got = {
        name: (one.error, [value.tolist() for value in one.values or ()]) for name, (one,) in outcomes.items()
    }
    assert got == {"there": ("", [60000, 10000, 10, 1]), "look": ("", [0])}


@pytest.mark.parametrize("way", [FORKED, FRESH])
def test_what_debian_has_of_them_is_not_seen(needs_sandbox, monkeypatch, t1, way):
    monkeypatch.setattr(bubblewrap, "DEBIAN", Path("/usr/share/doc"))
    assert list(bubblewrap.DEBIAN.iterdir())
    looks = """
import os
import numpy as np
def look():
    try:
        os.mkdir("/usr/share/doc/x")
    except OSError:
        return np.array(len(os.listdir("/usr/share/doc")))
"""
    question = Calls("look", "look", (((), ""),), 60, 1000)
    code = {"source": looks, "grade_id": "look", "solution": True, "locked_test": False}
    with asking.Sandbox(way, ("numpy",)) as box:
        (outcome,) = box.run(Exam((question,)), [code]).outcomes["look"]
    assert (outcome.error, [value.tolist() for value in outcome.values or ()]) == ("", [0])


# --- where there is no sandbox


@pytest.fixture
def no_bubblewrap(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)


def test_without_a_sandbox_nothing_is_run(no_bubblewrap, tmp_path, capsys):
    command = [
        "grade",
        "--assignment",
        "t1",
        *PRIVATE,
        "--submissions",
        str(hand_in(tmp_path / "in", a=answers())),
    ]
    assert __main__.main([*command, "--out", str(tmp_path / "out")]) == __main__.REFUSED
    said = capsys.readouterr().err
    assert "bubblewrap is not installed (Debian, Ubuntu: sudo apt-get install bubblewrap)" in said
    assert "Nothing was run." in said
    assert not (tmp_path / "out").exists()


REFUSES = """
import sys
from grading.sandbox.inside import isolation, zygote

def refuse(*arguments):
    raise OSError(1, "unshare: Operation not permitted")

def become_nobody():
    isolation.become_nobody()
    isolation.{what} = refuse

zygote.become_nobody = become_nobody
zygote.main(*sys.argv[1:])
"""


def refusing(monkeypatch, what):
    """Make a zygote whose kernel refuses a step on the way into new namespaces."""
    command = bubblewrap.command

    def started(way, *arguments):
        made = command(way, *arguments)
        if way == FORKED:
            module = made.index("grading.sandbox.inside")
            made[module - 1 : module + 1] = ["-c", REFUSES.format(what=what)]
        return made

    monkeypatch.setattr(bubblewrap, "command", started)


@pytest.mark.parametrize("what", ["new_namespaces", "mount"])
def test_where_name_spaces_cannot_be_nested_each_run_is_a_bubblewrap(needs_sandbox, monkeypatch, t1, what):
    refusing(monkeypatch, what)
    with (
        asking.Sandbox(FORKED, ("numpy",)) as box,
        pytest.raises(Broken) as broken,
        box.child(),
    ):
        pass
    assert "unshare: Operation not permitted" in str(broken.value)
    read = notebooks.read(answers())
    with asking.usable(("numpy", "matplotlib.pyplot")) as box:
        assert (box.way, box.modules) == (FRESH, ("numpy",))
        report = box.run(t1.exam(), read.code)
    assert [mark.points for mark in grades.mark(t1, read, report)] == [6, 4, None]


def test_the_doctor_says_where_name_spaces_cannot_be_nested(needs_sandbox, monkeypatch):
    refusing(monkeypatch, "new_namespaces")
    found = doctor.running()
    assert found.ok is None
    assert "TensorFlow is imported for each submission" in found.says


def test_a_module_that_is_missing_inside_is_named(needs_sandbox):
    with (
        asking.Sandbox(FORKED, ("no_such_module",)) as box,
        pytest.raises(Broken, match="does not start: ModuleNotFoundError: No module named 'no_such_module'"),
    ):
        box.start()


@pytest.mark.parametrize("way", [FORKED, FRESH])
def test_a_bubblewrap_that_does_not_start_is_named(monkeypatch, way):
    monkeypatch.setattr(bubblewrap, "bubblewrap", lambda: "/bin/false")
    with (
        asking.Sandbox(way, ("numpy",)) as box,
        pytest.raises(Broken, match="bubblewrap does not start: it gave no reason"),
        box.child(),
    ):
        pass


def test_a_sandbox_that_broke_is_tried_once_more(monkeypatch):
    tried = []

    class Box:
        def run(self, exam, cells):
            tried.append("run")
            if len(tried) == 1:
                raise Broken("x")
            return "report"

        def stop(self):
            tried.append("stop")

        close = stop

    monkeypatch.setattr(asking, "KEPT", {})
    monkeypatch.setattr(asking, "usable", lambda modules: Box())
    exam = Exam((), modules=("x",))
    assert asking.try_notebook(exam, []) == "report"
    asking.close_kept()
    assert tried == ["run", "stop", "run", "stop"]
    assert not asking.KEPT


def test_the_doctor_finds_what_is_there(needs_sandbox, capsys):
    code = __main__.main(["doctor"])
    said = capsys.readouterr().err
    assert code == __main__.DONE, said
    assert "ok      sandbox: works" in said
    for what in (
        "system",
        "bubblewrap",
        "namespaces",
        "memory limit",
        "tensorflow",
        "data sets",
        "processors",
    ):
        assert f" {what}: " in said


def test_the_doctor_names_what_is_missing(no_bubblewrap, monkeypatch, capsys, tmp_path):
    switch = tmp_path / "switch"
    switch.write_text("0\n")
    monkeypatch.setattr(
        doctor, "SWITCHES", ((str(switch), "0", "sudo sysctl x=1"), (str(tmp_path / "no"), "0", "y"))
    )
    monkeypatch.setattr(doctor.limits, "control_group", lambda: None)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert __main__.main(["doctor"]) == __main__.NOT_ALL
    said = capsys.readouterr().err
    assert "MISSING bubblewrap: bubblewrap is not installed" in said
    assert "MISSING sandbox: bubblewrap is not installed" in said
    assert "but it cannot be imported in the sandbox: bubblewrap is not installed" in said
    assert "note    namespaces: sudo sysctl x=1\n" in said
    assert "note    memory limit: checked ten times a second" in said
    assert "note    data sets: not here" in said


def test_the_doctor_says_where_it_cannot_be(monkeypatch, capsys):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Darwin")
    assert __main__.main(["doctor"]) == __main__.NOT_ALL
    assert (
        capsys.readouterr().err == "MISSING system: Darwin: grade on Linux, or in a virtual machine with it\n"
    )


def test_a_tensorflow_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda name: raises(name))
    assert doctor.tensorflow() == doctor.Finding("tensorflow", False, "not installed: run make setup")


def raises(name):
    raise doctor.importlib.metadata.PackageNotFoundError(name)


def test_the_command_line_says_what_is_wrong(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(running, "worker_check", lambda: None)
    (tmp_path / "in").mkdir()
    command = ["--submissions", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    assert __main__.main(["grade", "--assignment", "t9", *command]) == __main__.REFUSED
    assert "there is no assignment 't9'" in capsys.readouterr().err
    assert __main__.main(["grade", "--assignment", "t1", *PRIVATE, *command]) == __main__.REFUSED
    assert "holds no submissions" in capsys.readouterr().err
    for wrong in (["--seed", "-1"], ["--workers", "0"]):
        with pytest.raises(SystemExit):
            __main__.main(["grade", "--assignment", "t1", *command, *wrong])


def test_release_is_the_masters_own(monkeypatch):
    asked = []
    monkeypatch.setattr("authoring.masters.main", lambda arguments: asked.append(arguments) or 0)
    assert __main__.main(["release", "a1", "--check"]) == 0
    assert __main__.main(["release"]) == 0
    assert asked == [["a1", "--check"], []]


@pytest.mark.parametrize("sweep", [limits.sweep, lambda: asking.close_kept("a run")])
def test_groups_of_a_grader_or_a_worker_that_was_killed_are_swept(tmp_path, monkeypatch, sweep):
    monkeypatch.setattr(limits, "hierarchies", lambda: {"memory": tmp_path, "pids": tmp_path})
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    left, used = tmp_path / f"grading-{int(gone.stdout)}-1", tmp_path / f"grading-{os.getpid()}-1"
    left.mkdir()
    used.mkdir()
    sweep()
    assert (left.exists(), used.exists()) == (False, True)


@pytest.mark.parametrize("version", [1, 2])
def test_a_control_group_ends_what_takes_too_much_memory_in_the_kernel(version):
    """This one is real: a group of this machine's kernel."""
    there = 2 if (limits.MOUNTED / "cgroup.controllers").exists() else 1
    if version != there:
        pytest.skip(f"the control groups of this machine are those of version {there}")
    group = limits.control_group()
    if group is None:
        pytest.skip("this user may not make control groups on this machine")
    try:
        group.limit(64 << 20)
        assert group.killed() == 0
        takes = [sys.executable, "-c", "print(len(bytearray({} << 20)), flush=True)"]
        for mib, code in ((16, 0), (512, -signal.SIGKILL)):
            command = group.joined([*takes[:2], takes[2].format(mib)])
            assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == code
        until(lambda: group.killed() == 1, "what the kernel counted")
    finally:
        until(
            lambda: group.remove() or not any(folder.exists() for folder in group.folders), "the group's end"
        )


def test_the_second_version_s_control_groups_are_used_where_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOUNTED", tmp_path)
    (tmp_path / "cgroup.controllers").write_text("memory pids")
    assert limits.control_group() is None  # a folder without the kernel's files is not a group
    assert [path.name for path in tmp_path.iterdir()] == ["cgroup.controllers"]

    real = Path.mkdir

    def mkdir(self, *arguments, **options):
        real(self, *arguments, **options)
        for name, text in {
            "memory.max": "max", "memory.current": "1000", "memory.events": "oom 3\noom_kill 0\n", "pids.max": "max",
            "cpu.max": "max 100000", "cpu.stat": "usage_usec 1500000\nuser_usec 7\n",
        }.items():  # fmt: skip
            (self / name).write_text(text)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    group = limits.control_group()
    (folder,) = group.folders
    group.limit(500)
    assert (folder / "memory.max").read_text() == "1500"
    assert (folder / "cpu.max").read_text() == "100000 100000"
    assert (group.shares_processors, group.seconds()) == (True, 1.5)
    (folder / "memory.events").write_text("oom 1\noom_kill 2\n")
    assert group.killed() == 2
    # the whole machine was short of memory: that is not this group's limit
    (folder / "memory.events").write_text("oom 0\noom_kill 2\n")
    assert group.killed() == 0
    assert f'echo $$ > "{folder}/cgroup.procs" && exec "$@"' in group.joined(["true"])


@pytest.mark.parametrize("back", [True, False])
def test_where_no_worker_is_left_another_cluster_is_started_and_then_the_run_ends(
    monkeypatch, tmp_path, back
):
    from distributed import Client, LocalCluster

    monkeypatch.setattr(clusters, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(clusters, "WORKERLESS_SECONDS", 0.3)
    monkeypatch.setattr(running, "worker_check", lambda: None)
    monkeypatch.setattr(asking, "try_notebook", lambda exam, cells: SubmissionTrial(given_up="tried"))
    started = []

    @contextlib.contextmanager
    def cluster(workers, *about):
        started.append(workers)
        there = int(back and len(started) == 2)
        with (
            LocalCluster(n_workers=there, processes=False, dashboard_address="127.0.0.1:0") as local,
            Client(local) as client,
        ):
            if there:
                client.wait_for_workers(there, timeout=PATIENCE)
            yield client

    monkeypatch.setattr(running, "cluster", cluster)
    run_t1(hand_in(tmp_path / "in", a=answers(), b=answers()), tmp_path / "out")
    reasons = {result["questions"][0]["reason"] for result in results_of(tmp_path / "out").values()}
    assert reasons == ({"tried"} if back else {"no worker is left, and none came back"})
    assert len(started) == (2 if back else running.CLUSTERS)
