"""The benchmark's protocol, statistics, runner and page, and what its contenders compute. No time is tested."""

import copy
import gzip
import json
import os
import sys

import numpy as np
import pytest
import waiting

from benchmarks import bench, course_cost, environments, lesson_code, machine, page, protocol, summary, task
from benchmarks.contender import Contender, FailedError
from course.environments import NotInstalledError
from course.paths import ROOT

JOB = {"examples": 600, "batch_size": 256, "epochs": 2, "warm": 1}


# --- protocol


def test_a_line_that_is_right_is_read():
    assert protocol.read(json.dumps(JOB), protocol.JOB) == JOB


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Epoch 1/10", "expected one JSON object"),
        ("[1]", "expected the fields"),
        ('{"examples": 1}', "expected the fields"),
        (json.dumps(JOB | {"warm": "1"}), "warm: found str '1', expected int"),
        (json.dumps(JOB | {"warm": True}), "warm: found bool True, expected int"),
    ],
)
def test_a_line_that_is_wrong_says_what_was_found(line, told):
    with pytest.raises(protocol.ProtocolError, match=told.replace("[", r"\[")):
        protocol.read(line, protocol.JOB)


def test_work_times_preparing_first_and_warm_apart(monkeypatch):
    monkeypatch.setattr(protocol, "load", lambda examples, batch_size: (examples, batch_size))
    given = []

    def prepare(task):
        given.append(task)
        return lambda epochs: {"loss": np.ones(epochs, np.float32)}

    reply = protocol.work(prepare, JOB)
    assert protocol.read(json.dumps(reply), protocol.REPLY) == reply
    assert given == [(600, 256)]
    assert len(reply["warm"]) == 1
    assert len(reply["others"]) == 2
    assert reply["curves"] == {"loss": [1.0, 1.0]}


def test_clock_tells_own_work_from_that_of_others(monkeypatch):
    busy, own = iter([100.0, 104.0]), iter([10.0, 11.0])
    now = iter([0.0, 3.0])
    monkeypatch.setattr(protocol, "busy_seconds", lambda: next(busy))
    monkeypatch.setattr(protocol.time, "process_time", lambda: next(own))
    monkeypatch.setattr(protocol.time, "perf_counter", lambda: next(now))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with protocol.Clock() as clock:
        pass
    assert (clock.seconds, clock.others) == (3.0, 0.5)  # 3 of 6 processor seconds went to other programs


# --- the runner's side of a contender

FAKES = {
    "right": """
        print("noise of a library", file=sys.stderr)
        print(json.dumps({"versions": {"fake": "1"}}), flush=True)
        for line in sys.stdin:
            reply = {"prepare": 0.5, "first": 1.0, "warm": [1.0], "others": [0.0, 0.0], "curves": {}}
            print(json.dumps(reply), flush=True)
        """,
    "without_packages": "raise ImportError('No module named torch')",
    "talkative": "print('Epoch 1/10', flush=True); time.sleep(60)",
    "hanging": "time.sleep(60)",
    "dying": """
        print(json.dumps({"versions": {}}), flush=True)
        sys.stdin.readline()
        raise MemoryError("no room")
        """,
}


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Return a contender that runs one of FAKES."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def made(name):
        body = "\n".join(line.removeprefix(" " * 8) for line in FAKES[name].splitlines())
        (tmp_path / f"fake_{name}.py").write_text(f"import json, sys, time\n{body}\n", encoding="utf-8")
        return Contender(f"fake_{name}", sys.executable)

    return made


def test_contender_answers_and_is_gone_afterwards(fake):
    with fake("right") as contender:
        assert contender.versions == {"fake": "1"}
        assert contender.work(**JOB)["warm"] == [1.0]
        number = contender._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("without_packages", "exit status 1: ImportError: No module named torch"),
        ("talkative", "expected one JSON object"),
        ("hanging", "no answer within 0.2 s"),
    ],
)
def test_contender_that_does_not_begin_says_why(fake, monkeypatch, name, told):
    if name == "hanging":
        monkeypatch.setattr("benchmarks.contender.PATIENCE", 0.2)
    with pytest.raises(FailedError, match=told), fake(name):
        raise AssertionError("it began")


def test_contender_that_dies_at_work_says_why(fake):
    with fake("dying") as contender, pytest.raises(FailedError, match="MemoryError: no room"):
        contender.work(**JOB)


# --- environments


def test_peer_that_cannot_be_installed_says_why_without_addresses(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "PEERS", {"none": ["./no-such-folder-of-a-package"]})
    with pytest.raises(NotInstalledError, match="no-such-folder"):
        environments.python("none")


# --- the task


def test_idx_file_is_read_and_another_type_refused(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03" + bytes(range(6))))
    assert task.read_idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]
    path.write_bytes(gzip.compress(b"\0\0\x0d\x01\0\0\0\x01" + bytes(4)))
    with pytest.raises(ValueError, match="found the header 00000d01"):
        task.read_idx(path)


def test_start_is_the_same_file_twice_and_too_many_examples_are_refused(tmp_path):
    for name in ("a.npz", "b.npz"):
        task.write_start(tmp_path / name)
    first, second = (np.load(tmp_path / name) for name in ("a.npz", "b.npz"))
    assert sorted(first["order"]) == list(range(task.EXAMPLES))
    assert all(np.array_equal(first[name], second[name]) for name in ("weights", "order"))
    with pytest.raises(ValueError, match="expected 6 to 60000"):
        task.load(60_001, 256, tmp_path / "a.npz")


# --- functions out of a lesson

CELLS = [
    "%matplotlib inline\ndef double(x):\n    return twice * once(x)",
    "def once(x):\n    return x\n\nonce(3)",
]


def test_functions_of_a_lesson_see_each_other_and_what_is_given():
    found = lesson_code.defined_in(CELLS, ["double", "once"], {"twice": 2}, "10-x")
    assert found["double"](4) == 8


@pytest.mark.parametrize(("cells", "times"), [(CELLS[1:], 0), (CELLS * 2, 2)])
def test_function_must_be_defined_exactly_once(cells, times):
    with pytest.raises(LookupError, match=f"defines double {times} times"):
        lesson_code.defined_in(cells, ["double"], {}, "10-x")


# --- do all contenders do the same work?


@pytest.fixture(scope="module")
def small():
    """A task of 600 pictures in batches of 256, the last one shorter."""
    random = np.random.default_rng(0)
    return task.Task(
        random.integers(0, 256, (600, 28, 28), dtype=np.uint8),
        random.integers(0, 10, 600, dtype=np.uint8),
        random.integers(0, 256, (100, 28, 28), dtype=np.uint8),
        random.integers(0, 10, 100, dtype=np.uint8),
        random.normal(0, 0.01, (784, 10)).astype(np.float32),
        np.zeros(10, np.float32),
        256,
    )


@pytest.mark.parametrize("name", ["jax_scan", "scikit_learn", "lesson_10", "keras_fit", "train_ch3"])
def test_contender_of_the_course_learns_what_numpy_learns(name, small, monkeypatch, capsys):
    """Twice, because the second training must begin from the same weights as the first."""
    import importlib

    import matplotlib as mpl

    mpl.use("agg")
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    expected = importlib.import_module("benchmarks.contenders.numpy_loop").prepare(small)(2)
    train = importlib.import_module(f"benchmarks.contenders.{name}").prepare(small)
    for _ in range(2):
        curves = train(2)
        for curve, values in curves.items():
            np.testing.assert_allclose(
                np.array(values, float), expected[curve], atol=1e-3 if curve == "loss" else 0.011
            )
        assert set(curves) >= {"loss", "test accuracy"}


def test_every_contender_has_a_file_and_a_title():
    files = {path.stem for path in (ROOT / "benchmarks" / "contenders").glob("*.py")}
    assert files == set(bench.CONTENDERS) == set(page.TITLES)
    assert set(bench.CONTENDERS.values()) == {"course", *environments.PEERS}


# --- the runner


def test_steps_alternate_and_are_all_there():
    rounds = [(name, numbers) for kind, name, numbers in bench.steps() if kind == "round"]
    assert len(rounds) == len(set(rounds)) == bench.PASSES * bench.ROUNDS * len(bench.CONTENDERS)
    size = len(bench.CONTENDERS)
    turns = [rounds[start : start + size] for start in range(0, len(rounds), size)]
    assert all(len({numbers for _, numbers in turn}) == 1 for turn in turns)
    assert len({turn[0][0] for turn in turns[: bench.ROUNDS]}) == bench.ROUNDS


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """A benchmark whose contenders answer at once, with its files in tmp_path; returns the list of its jobs."""
    jobs = []

    class Quick:
        versions = {"fake": "1"}  # noqa: RUF012

        def __init__(self, module, python):
            self.name = module.rpartition(".")[2]

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def work(self, examples, batch_size, epochs, warm):
            jobs.append((self.name, examples, batch_size, epochs))
            if jobs.count(jobs[-1]) > 1 and behaviour.get(self.name):
                raise behaviour[self.name]
            curves = {} if self.name == "floor" else dict.fromkeys(["loss", "test accuracy"], [0.8] * epochs)
            seconds = 0.1 * (1 + list(bench.CONTENDERS).index(self.name))
            others = [disturbance.get(self.name, 0.0)] * (1 + warm)
            return {
                "prepare": 0.1,
                "first": 2 * seconds,
                "warm": [seconds] * warm,
                "others": others,
                "curves": curves,
            }

    behaviour, disturbance = {}, {}
    monkeypatch.setattr(bench, "Contender", Quick)
    monkeypatch.setattr(bench, "python", lambda name: sys.executable)
    monkeypatch.setattr(bench, "write_start", lambda: None)
    monkeypatch.setattr(bench, "STATE", tmp_path / "state.json")
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results.json")
    written = []
    monkeypatch.setattr(page, "write", lambda: written.append(True))
    quick.jobs, quick.behaviour, quick.disturbance, quick.written = jobs, behaviour, disturbance, written
    return quick


def results():
    return json.loads(page.RESULTS.read_text(encoding="utf-8"))


def test_interrupted_benchmark_goes_on_where_it_stopped(quick):
    quick.behaviour["pytorch_loop"] = KeyboardInterrupt()
    assert bench.main([]) == 130
    before = len(quick.jobs)
    assert not page.RESULTS.exists()
    assert before > 9
    quick.behaviour.clear()
    assert bench.main([]) == 0
    assert quick.written == [True]
    rounds = bench.PASSES * bench.ROUNDS
    assert {len(found["rounds"]) for found in results()["contenders"].values()} == {rounds}
    assert len(quick.jobs) == 9 * (rounds + 8) + 1  # the interrupted one was asked twice
    assert not bench.STATE.exists()


def test_benchmark_stops_when_its_minutes_are_over(quick, capsys):
    assert bench.main(["--minutes", "0.000001"]) == 3
    assert "the next make bench continues" in capsys.readouterr().out


def test_contender_that_fails_is_reported_and_not_dropped(quick):
    quick.behaviour["jax_scan"] = FailedError("no answer")
    assert bench.main([]) == 0
    assert results()["contenders"]["jax_scan"]["missing"] == "failed: no answer"
    assert "failed: no answer" in page.table(results())


def test_contender_that_is_not_installed_is_reported(quick, monkeypatch):
    def python(name):
        if name == "torch":
            raise NotInstalledError("no matching distribution")
        return sys.executable

    monkeypatch.setattr(bench, "python", python)
    assert bench.main([]) == 0
    assert (
        "| PyTorch, eager | not installed: no matching distribution |"
        in page.pages(results())["benchmark-results.md"]
    )


def test_disturbed_run_is_repeated_and_then_told(quick, capsys):
    quick.disturbance["keras_fit"] = 0.5
    assert bench.main([]) == 0
    assert all(each["attempts"] == bench.ATTEMPTS for each in results()["contenders"]["keras_fit"]["rounds"])
    assert sum(job[0] == "keras_fit" and job[3] == bench.EPOCHS for job in quick.jobs) == 10 * bench.ATTEMPTS
    assert "In 10 of 90 runs other programs" in page.conditions(results())
    assert "other programs 50%" in capsys.readouterr().out


def test_other_machine_does_not_go_on_with_these_times(quick, capsys):
    bench.STATE.write_text(json.dumps({"machine": {"cores": 999}, "contenders": {}}), encoding="utf-8")
    assert bench.main([]) == 1
    assert "make bench FRESH=1" in capsys.readouterr().err
    assert bench.main(["--fresh"]) == 0


def test_machine_is_named_by_its_processor():
    assert machine.processor("processor\t: 0\nmodel name\t: A: B\n") == "A: B"
    assert machine.processor("") != ""
    assert machine.machine()["cores"] == os.cpu_count()


# --- statistics


def one_round(number, turn, warm, loss=0.8):
    curves = {"loss": [loss, loss], "test accuracy": [0.8, 0.83]}
    return {
        "pass": number,
        "round": turn,
        "prepare": 1.0,
        "first": 2.0,
        "warm": [warm],
        "others": [0.0, 0.0],
        "curves": curves,
    }


@pytest.fixture
def timed():
    """Two contenders: the second takes three times as long in the first pass and four times in the second."""
    return {
        "contenders": {
            "numpy_loop": {"rounds": [one_round(p, r, 1.0) for p in (1, 2) for r in (1, 2, 3)]},
            "keras_fit": {"rounds": [one_round(p, r, 2.0 + p) for p in (1, 2) for r in (1, 2, 3)]},
            "pytorch_loop": {"missing": "not installed: no"},
        }
    }


def test_spread_is_median_and_quartiles():
    assert summary.spread([1, 2, 3, 4, 100]) == (3, 2, 4)
    with pytest.raises(ValueError, match="found 1 times"):
        summary.spread([1])


def test_cold_counts_preparation_and_warm_does_not(timed):
    rounds = timed["contenders"]["keras_fit"]["rounds"]
    assert summary.times(rounds, "cold") == [3.0] * 6
    assert summary.times(rounds, "warm") == [3.0] * 3 + [4.0] * 3
    with pytest.raises(ValueError, match="expected 'warm' or 'cold'"):
        summary.times(rounds, "hot")


def test_ratios_and_their_disagreement_between_passes(timed):
    assert summary.ratios(timed, "numpy_loop", "warm") == {"numpy_loop": 1, "keras_fit": 3.5}
    assert summary.ratios(timed, "numpy_loop", "warm", only_pass=2)["keras_fit"] == 4
    assert summary.disagreement(timed, "numpy_loop", "warm") == pytest.approx(1 / 3)
    assert summary.disagreement(timed, "numpy_loop", "cold") == 0


@pytest.mark.parametrize("loss", [0.81, float("nan")])
def test_contender_that_learned_something_else_is_found(timed, loss):
    assert summary.other_work(timed, 1e-3) == []
    timed["contenders"]["keras_fit"]["rounds"][4] = one_round(2, 2, 4.0, loss)
    (fault,) = summary.other_work(timed, 1e-3)
    assert fault.startswith("keras_fit: its loss is")


def test_contender_that_left_out_an_epoch_is_found(timed):
    timed["contenders"]["keras_fit"]["rounds"][0]["curves"]["loss"] = [0.8]
    assert summary.other_work(timed, 1e-3) == ["keras_fit: 1 epochs, not 2"]


def test_other_work_stops_the_benchmark(quick, monkeypatch, capsys):
    monkeypatch.setattr(bench, "other_work", lambda state, tolerance: ["keras_fit: its loss is 1 away"])
    assert bench.main([]) == 1
    assert not page.RESULTS.exists()
    assert "the work was not the same" in capsys.readouterr().err


# --- the page


@pytest.mark.parametrize(
    ("value", "told"), [(0.0061, "0.0061"), (0.94, "0.94"), (9.44, "9.4"), (31.4, "31"), (250.4, "250")]
)
def test_numbers_have_two_figures(value, told):
    assert page.number(value) == told


def test_page_is_the_same_twice_and_follows_the_numbers(quick):
    assert bench.main([]) == 0
    once = page.pages(results())
    assert once == page.pages(copy.deepcopy(results()))
    changed = results()
    for each in changed["contenders"]["d2l_train_ch3"]["rounds"]:
        each["warm"] = [9.0]
    other = page.pages(changed)
    assert [name for name in once if once[name] != other[name]] == ["benchmark-results.md", "benchmark.svg"]
    assert "**22 times** as fast" in other["benchmark-results.md"]
    assert "Date" not in once["benchmark.svg"]


def test_page_shows_the_results():
    """Stale otherwise: run make bench-page."""
    expected = page.pages(json.loads(page.RESULTS.read_text(encoding="utf-8")))
    found = {name: (page.BOOK / name).read_text(encoding="utf-8") for name in expected}
    assert found == expected


def test_page_is_written_or_says_what_is_missing(quick, monkeypatch, tmp_path, capsys):
    monkeypatch.undo()
    monkeypatch.setattr(page, "RESULTS", tmp_path / "none.json")
    assert page.main() == 1
    assert "run make bench first" in capsys.readouterr().err


# --- the course's own cost


def test_notebooks_that_are_executed_are_found(tmp_path):
    folder = tmp_path / "assignments" / "course"  # the names of folders above it do not matter
    for name in (
        "01-a.ipynb",
        "sub/02-b.ipynb",
        "assignments/a1.ipynb",
        ".ipynb_checkpoints/01-a-checkpoint.ipynb",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    found = [path.relative_to(folder).as_posix() for path in course_cost.notebooks(folder)]
    assert found == ["01-a.ipynb", "sub/02-b.ipynb"]


def test_cost_counts_the_memory_of_children_and_keeps_the_status():
    child = "b = bytearray(200_000_000); import time; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); sys.exit(3)"
    cost = course_cost.cost([sys.executable, "-c", parent])
    assert cost.status == 3
    assert 190 < cost.memory < 1000


def test_interrupted_cost_leaves_no_process(monkeypatch):
    started = []
    made = course_cost.psutil.Popen
    monkeypatch.setattr(
        course_cost.psutil, "Popen", lambda *a, **k: started.append(made(*a, **k)) or started[-1]
    )

    def interrupt(process):
        raise KeyboardInterrupt

    monkeypatch.setattr(course_cost.processes, "resident", interrupt)
    with pytest.raises(KeyboardInterrupt):
        course_cost.cost([sys.executable, "-c", "import time; time.sleep(60)"])
    assert started[0].wait(waiting.PATIENCE) == -9


@pytest.fixture
def costs(monkeypatch, tmp_path):
    """`make bench-course` with commands that are not run; returns what they cost, by a word in the command."""
    monkeypatch.setattr(course_cost, "TABLE", tmp_path / "course-cost.md")
    monkeypatch.setattr(course_cost, "ROOT", tmp_path)
    monkeypatch.setattr(course_cost, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(course_cost, "notebooks", lambda: [tmp_path / "notebooks" / "sub" / "01-a.ipynb"])
    found = {"pytest": course_cost.Cost(12.4, 900.6, 0), "website.build": course_cost.Cost(30.0, 500.0, 0)}
    monkeypatch.setattr(course_cost, "cost", lambda command: found[command[2]])
    return found


def test_costs_are_tabled(costs):
    assert course_cost.main(["--", "--nbval"]) == 0
    table = course_cost.TABLE.read_text(encoding="utf-8")
    assert "| sub/01-a.ipynb | 12 | 901 |\n| the site's build | 30 | 500 |\n| together | 42 | |" in table


def test_failed_notebook_leaves_no_table(costs, capsys):
    costs["pytest"] = costs["pytest"]._replace(status=1)
    assert course_cost.main(["--", "--nbval"]) == 1
    assert not course_cost.TABLE.exists()
    assert "nothing was written: sub/01-a.ipynb" in capsys.readouterr().err


def test_course_cost_without_options_says_how_to_call_it(capsys):
    assert course_cost.main([]) == 2
    assert "PYTEST OPTIONS" in capsys.readouterr().err
