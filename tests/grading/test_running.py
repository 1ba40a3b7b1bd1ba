"""From a folder of submissions to results: states, bad input, what a second run does, overrides, tables, pages."""

import argparse
import csv
import io
import json
import os
import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from handing_in import COURSE, RIGHT, answers, cell, notebook
from rich.console import Console

from course import assignments
from course.addresses import site_address
from course.assignments import WRITE_HERE
from course.paths import NOTEBOOKS
from course.tables import BadTable
from grading import __main__, cluster, own_code, running, terminal
from grading.judging import assignment
from grading.results import gradebooks, store
from grading.results.store import CannotKeep
from grading.sandbox import asking
from grading.sandbox.asking import Sandbox
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.child import Disturbed
from grading.submissions.finding import file_name

QUIET = Console(file=io.StringIO())
MINUS = "import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(np.asarray(z)))"


@pytest.fixture(scope="module")
def client(needs_sandbox):
    """A Dask cluster inside this process: the same code, without the seconds that processes take to start."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": cluster.DEATHS}),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
        ) as local,
        Client(local) as made,
    ):
        yield made


@pytest.fixture
def grade(tmp_path, client, monkeypatch):
    """Grade files, given by name, as assignment t1 and return the results by student."""
    import contextlib

    monkeypatch.setattr(running, "cluster", lambda *about: contextlib.nullcontext(client))
    monkeypatch.setattr(running, "worker_check", lambda: None)

    def run(files=None, seed=0, source=None, **settings):
        for name, data in (files or {}).items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        loaded = assignment.load("t1", seed, root=COURSE)
        chosen = running.Settings(source or run.source, run.out, **settings)
        run.summary = running.Run(loaded, chosen).go(QUIET)
        read = [json.loads(path.read_text()) for path in (tmp_path / "out" / "results").glob("*.json")]
        return {result["student"]: result for result in read}

    run.out = tmp_path / "out"
    run.source = tmp_path / "in"
    return run


def states(result):
    return {q["question"]: (q["state"], q["points"]) for q in result["questions"]}


def reasons(result):
    return {q["question"]: q["reason"] for q in result["questions"]}


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_right_a_wrong_an_untouched_and_an_endless_one(grade):
    stub = 'def {}:\n    raise NotImplementedError("{} is not written yet")'
    got = grade(
        {
            "right/t1.ipynb": answers(),
            "wrong/t1.ipynb": answers(sigmoid=MINUS),
            "stub/t1.ipynb": answers(
                sigmoid=stub.format("sigmoid(z)", "sigmoid"), bce=stub.format("bce(y, p)", "bce")
            ),
            "endless/t1.ipynb": answers(sigmoid="def sigmoid(z):\n    while True: pass"),
        }
    )
    assert states(got["right"]) == {
        "sigmoid": ("graded", 6),
        "bce": ("graded", 4),
        "explain": ("needs_review", None),
    }
    assert states(got["wrong"])["sigmoid"] == ("graded", 0)
    assert got["wrong"]["questions"][0]["mistake"] == "minus-forgotten"
    assert got["wrong"]["questions"][0]["read"] == "01-sigmoid.ipynb"
    assert states(got["stub"])["bce"] == ("graded", 0)
    assert got["stub"]["questions"][1]["feedback"] == "This question was not answered."
    assert states(got["endless"]) == {
        "sigmoid": ("graded", 0),
        "bce": ("graded", 4),
        "explain": ("needs_review", None),
    }
    assert got["endless"]["questions"][0]["feedback"] == (
        "This was tried: one number. The call was stopped: it took longer than 2 seconds."
    )
    assert {(r["assignment"], r["sandbox"], r["max_points"], r["points"]) for r in got.values()} == {
        ("t1", "bubblewrap", 12, None)
    }
    assert grade.summary.tried == 4


OTHER = notebook(
    cell("def compute_cost(): pass", assignments.questions("a1")[0].name + "-x"), cell("x = 1", "no-name")
)
BAD = {
    "truncated": (answers()[:200], "is not a notebook, or was cut off"),
    "empty": (b"", "the file is empty"),
    "blank": (b" \n", "the file is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "not text in UTF-8"),
    "a list": (b"[]", "no list of cells"),
    "format 3": (b'{"worksheets": [], "nbformat": 3}', "no list of cells"),
    "cells of text": (b'{"cells": ["x"]}', "an entry in its list of cells is not a cell"),
    "sources of numbers": (
        b'{"cells": [{"cell_type": "code", "source": 3}]}',
        "the source of one of its cells is not text",
    ),
    "too deep": (b'{"cells": ' + b"[" * 100_000, "is not a notebook"),
    "a zip": (b"PK\x03\x04\xff\xfe", "not text in UTF-8"),
    "much code": (answers(bce="x = 1\n" * 100_000), "more than 500,000 characters"),
    "many cells": (notebook(*[cell("x = 1")] * 2001), "it has 2,001 cells; more than 2,000 are not read"),
    "many values": (b'{"cells": [' + b"{}," * 900_000 + b"{}]}", "more than 300,000 values"),
    "many texts": (b'{"cells": ["' + b'"",' * 700_000 + b'""]}', "more than 300,000 texts"),
    "nested": (b'{"cells": ' + b"[" * 101 + b"]" * 101 + b"}", "nested more than 100 deep"),
    "王小明 a-b": (b"", "the file is empty"),
}


def test_what_is_no_notebook_waits_for_a_person_with_the_reason_and_the_run_goes_on(grade):
    got = grade({f"{name}/t1.ipynb": data for name, (data, _) in BAD.items()} | {"right/t1.ipynb": answers()})
    assert states(got["right"])["sigmoid"] == ("graded", 6)
    for name, (_, reason) in BAD.items():
        assert set(states(got[name]).values()) == {("needs_review", None)}, name
        assert all(reason in text for text in reasons(got[name]).values()), (name, reasons(got[name]))
    assert grade.summary.tried == 1
    assert {row["student"] for row in rows(grade.out / "review.csv")} == set(got)


def test_a_file_of_200_mb_is_not_read(grade):
    grade.source.mkdir()
    with (grade.source / "alice.ipynb").open("wb") as stream:
        stream.truncate(200_000_000)
    got = grade()
    assert "more than 20,000,000 are not read" in reasons(got["alice"])["sigmoid"]


def test_an_lms_zip_is_graded_as_it_is_bomb_and_all(grade, tmp_path):
    source = tmp_path / "submissions.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doejane_12345_1_t1.ipynb", answers())
        archive.writestr("roe_2_3_t1.ipynb", bytes(30_000_000))
        archive.writestr("../../up_4_5_t1.ipynb", answers(bce=None))
    got = grade(source=source)
    assert states(got["doejane_12345"])["bce"] == ("graded", 4)
    assert "are not read" in reasons(got["roe_2"])["bce"]
    assert not (tmp_path.parent / "up_4_5_t1.ipynb").exists()
    assert rows(grade.out / "canvas.csv")[1]["ID"] == "12345"


def test_a_notebook_of_another_assignment_is_named(grade):
    a1 = (NOTEBOOKS / "assignments" / "a1.ipynb").read_bytes()
    renamed = a1.replace(b'"sigmoid"', b'"sigmoid-of-a1"').replace(b"GRADED: sigmoid", b"GRADED: x")
    renamed = renamed.replace(b'"explain"', b'"explain-a1"').replace(b"GRADED: explain", b"GRADED: y")
    got = grade({"alice/t1.ipynb": renamed.replace(b"def sigmoid", b"def s")})
    assert set(states(got["alice"]).values()) == {("needs_review", None)}
    assert "no answer was found" in reasons(got["alice"])["sigmoid"]


def test_a_notebook_that_is_marked_for_another_assignment_says_which(grade, monkeypatch):
    monkeypatch.setattr(running, "names", lambda: ["t1", "t2"])
    monkeypatch.setattr(
        running,
        "questions",
        lambda name: assignments.load(COURSE / "assignments" / name / "questions.py").QUESTIONS,
    )
    got = grade({"alice/t1.ipynb": notebook(cell("def softmax_cost(): pass", "softmax-cost"))})
    assert set(reasons(got["alice"]).values()) == {"this is the notebook of another assignment, t2"}
    assert grade.summary.tried == 0


def test_cells_that_cannot_be_tried_wait_for_a_person_with_the_reason(grade):
    got = grade(
        {
            "missing/t1.ipynb": answers(bce=None, explain=None),
            "python2/t1.ipynb": answers(bce="def bce(y, p):\n    print 'cost'\n    return 0"),
            "imports/t1.ipynb": answers(
                bce="import no_such_module as m\ndef bce(y, p):\n    return m.cost(y, p)"
            ),
            "inside/t1.ipynb": answers(bce="def bce(y, p):\n    import no_such_module\n    return 0"),
            "renamed/t1.ipynb": answers(bce="def binary_cross_entropy(y, p):\n    return 0"),
            "failed/t1.ipynb": answers(bce="raise ValueError('x')"),
            "skipped/t1.ipynb": answers(bce="import os\nif True:\n    os._exit(1)\n    def bce(y, p): pass"),
            "breaks/t1.ipynb": answers(bce="import os\n" + "os._exit(0)\n" * 5),
            "unneeded/t1.ipynb": answers(bce=f"import no_such_module\n{RIGHT['bce']}"),
            "wrong/t1.ipynb": answers(bce="import no_such_module\ndef bce(y, p):\n    return 0.0"),
        }
    )
    for student, reason in {
        "missing": "no answer was found: no cell is named 'bce'",
        "python2": "code cell 2 is not Python 3: “SyntaxError",
        "imports": "imports a module that the grader does not have: no_such_module",
        "inside": "imports a module that the grader does not have: no_such_module",
        "renamed": "code cell 2 does not define bce",
        "failed": "code cell 2 failed: “ValueError: x”",
        "skipped": "code cell 2 could not be run: it ended its own process",
    }.items():
        assert states(got[student])["bce"] == ("needs_review", None), student
        assert reason in reasons(got[student])["bce"], reasons(got[student])
        assert states(got[student])["sigmoid"] == ("graded", 6), student
    assert set(reasons(got["breaks"]).values()) == {
        "its cells cannot be run: it ended its own process", "answered in words",
    }  # fmt: skip
    assert reasons(got["missing"])["explain"] == "the cell for this answer is not there"
    assert states(got["unneeded"])["bce"] == ("graded", 4)
    assert states(got["wrong"])["bce"] == ("graded", 0)


def test_two_notebooks_of_one_student_wait_for_a_person(grade):
    got = grade({"alice/t1.ipynb": answers(), "alice/t1-new.ipynb": answers(bce="x = 1")})
    assert all("2 notebooks were handed in" in reason for reason in reasons(got["alice"]).values())


def test_data_of_another_cell_is_found_by_running_everything_after_all(grade):
    uses = "def sigmoid(z):\n    return 1 / (1 + np.exp(-np.asarray(z) * data[0]))"
    sources = [
        cell("import numpy as np\ndef prepare():\n    return [1.0]\ndata = prepare()"),
        cell(uses, "sigmoid"),
        cell("def bce(y, p):\n    return 1 / 0", "bce"),
    ]
    got = grade({"alice/t1.ipynb": notebook(*sources)})
    assert states(got["alice"])["sigmoid"] == ("graded", 6)
    assert got["alice"]["questions"][1]["feedback"] == (
        "This was tried: labels and probabilities as lists. The call failed with the error"
        " “ZeroDivisionError: division by zero”."
    )


def test_an_answer_in_words_comes_with_its_text(grade):
    got = grade({"alice/t1.ipynb": answers(), "bob/t1.ipynb": answers(explain=WRITE_HERE)})
    assert got["alice"]["questions"][2]["answer"] == "The cost is the mean of the losses."
    assert reasons(got["bob"])["explain"] == "answered in words; nothing was written"
    assert rows(grade.out / "review.csv")[0]["answer"] == "The cost is the mean of the losses."


def test_a_second_run_grades_only_what_is_new_or_changed(grade):
    grade({"alice/t1.ipynb": answers(), "bob/t1.ipynb": answers()})
    assert grade.summary.tried == 2
    before = (grade.out / "results" / "alice.json").stat().st_mtime_ns
    got = grade({"bob/t1.ipynb": answers(bce="def bce(y, p):\n    return 0.0"), "carol/t1.ipynb": answers()})
    assert grade.summary.tried == 2
    assert states(got["bob"])["bce"] == ("graded", 0)
    assert (grade.out / "results" / "alice.json").stat().st_mtime_ns == before
    grade(seed=1)
    assert grade.summary.tried == 3
    assert "Results of seed 0 are made again with seed 1." in QUIET.file.getvalue()


def test_a_name_that_is_no_utf_8_is_one_student_s_and_readable(grade, capsys):
    files = {f"{name}/t1.ipynb": answers() for name in ("alice", "bad\udcff", "zoe")}
    got = grade({**files, "mu\udcfc.ipynb": answers()})
    assert {name: states(result)["bce"] for name, result in got.items()} == dict.fromkeys(
        ("alice", "bad\\xff", "mu\\xfc", "zoe"), ("graded", 4)
    )
    assert {row["student"] for row in rows(grade.out / "grades.csv")} == set(got)


def test_terminal_codes_of_a_name_are_shown_and_not_obeyed(tmp_path, capsys):
    make = tmp_path / "in" / "a\x1b[2Jb\nc\u202ed"
    make.mkdir(parents=True)
    command = [
        "collect",
        "--assignment",
        "t1",
        "--from",
        str(tmp_path / "in"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert __main__.main(command) == 0
    said = capsys.readouterr().err
    assert not {"\x1b", "\u202e"} & set(said)
    assert said.count("\n") == 2


@pytest.mark.parametrize("place", ["in", "in/results"])
def test_results_are_not_written_among_the_submissions(grade, place, monkeypatch):
    monkeypatch.setattr(grade, "out", grade.source.parent / place)
    with pytest.raises(BadTable, match="is in the folder of the submissions: name one outside of it"):
        grade({"alice/t1.ipynb": answers()})
    assert sorted(path.name for path in grade.source.iterdir()) == ["alice"]


def test_results_are_not_taken_for_submissions(grade):
    with pytest.raises(BadTable, match="is in the folder of the results"):
        grade({"../out/results/alice/t1.ipynb": answers()}, source=grade.out / "results")


def test_results_of_other_submissions_are_left_alone(grade, tmp_path):
    grade({"alice/t1.ipynb": answers()})
    shutil.copytree(grade.source, tmp_path / "moved")
    with pytest.raises(BadTable, match=r"holds results of the submissions in .*in: name another folder"):
        grade(source=tmp_path / "moved")
    (grade.out / "run.json").unlink()
    grade(source=tmp_path / "moved")
    assert grade.summary.tried == 0


def test_results_of_students_who_are_gone_are_told_before_anything_is_run(grade):
    grade({"alice/t1.ipynb": answers(), "bob/t1.ipynb": answers()})
    shutil.rmtree(grade.source / "bob")
    grade()
    assert "1 of the results belong to nobody" in QUIET.file.getvalue()
    assert "are deleted: bob" in QUIET.file.getvalue()


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_run(grade, monkeypatch):
    def closed(path, *arguments):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(store, "write_whole", closed)
    monkeypatch.setattr(asking, "try_notebook", None)
    with pytest.raises(CannotKeep, match=r"out/run\.json cannot be written: Permission denied"):
        grade({"alice/t1.ipynb": answers()})
    grade.out.write_text("a file")
    with pytest.raises(BadTable, match="is a file: name a folder"):
        grade()


def test_a_full_disk_is_a_line_and_the_same_command_continues(grade, monkeypatch):
    real, written = store.write_whole, []

    def full(path, *arguments):
        written.append(path.name)
        if len(written) > 3:
            raise OSError(28, "No space left on device", str(path))
        real(path, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_whole", full)
        with pytest.raises(CannotKeep, match=r"No space left on device\. What was graded is kept"):
            grade({f"{name}/t1.ipynb": answers() for name in "abcd"})
    kept = len(list((grade.out / "results").glob("*.json")))
    assert kept == 2
    grade()
    assert grade.summary.tried == 4 - kept


def test_a_folder_that_cannot_be_looked_into_is_named(grade, monkeypatch):
    real = os.scandir

    def closed(path):
        if str(path).endswith("bob"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    got = grade({"alice/t1.ipynb": answers(), "bob/t1.ipynb": answers()})
    assert states(got["alice"])["bce"] == ("graded", 4)
    assert set(reasons(got["bob"]).values()) == {"its folder bob cannot be read: Permission denied"}


def test_without_a_seed_one_is_drawn_told_and_kept(grade, tmp_path):
    out = tmp_path / "out"
    first, drawn = running.seed_for(out, None)
    assert drawn
    assert first != running.seed_for(out, None)[0]
    grade({"alice/t1.ipynb": answers()}, seed=first)
    assert running.seed_for(out, None) == (first, False)
    (out / "run.json").unlink()  # results from before there was such a file
    assert running.seed_for(out, None) == (first, False)
    assert running.seed_for(out, 7) == (7, False)


def test_away_from_a_terminal_each_tenth_and_each_half_minute_is_a_line(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=lambda: now[0]))
    log = Console(file=io.StringIO())
    with terminal.HowFar(log, "t1", 40) as how_far:
        for _ in range(8):
            now[0] += 1
            how_far.one_more()
            how_far.look()
        now[0] += 29
        how_far.look()
        assert log.file.getvalue().splitlines() == [
            "4 of 40 tried, 1.0 a second; about 36 seconds left",
            "8 of 40 tried, 1.0 a second; about 32 seconds left",
        ]
        now[0] += 1
        how_far.look()
        how_far.look()
    assert log.file.getvalue().splitlines()[2:] == ["8 of 40 tried, 0.2 a second; about 3 minutes left"]


def test_a_result_that_cannot_be_read_is_made_anew(grade):
    grade({"alice/t1.ipynb": answers()})
    (grade.out / "results" / "alice.json").write_text("{")
    with pytest.raises(BadTable, match="damaged"):
        grade()


def test_other_code_of_the_grader_grades_again(grade, monkeypatch):
    grade({"alice/t1.ipynb": answers()})
    monkeypatch.setattr(running, "version", lambda: "another")
    grade()
    assert grade.summary.tried == 1


@pytest.mark.parametrize(
    "file", ["course/question.py", "grading/sandbox/inside/cells.py", "grading/running.py"]
)
def test_a_changed_file_that_a_grade_depends_on_grades_again(grade, monkeypatch, tmp_path, file):
    copies = tuple(tmp_path / folder.name for folder in own_code.CODE)
    for folder, copy in zip(own_code.CODE, copies, strict=True):
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(own_code, "CODE", copies)
    tried = []
    for more in ("", "# a changed line\n", ""):
        with (tmp_path / file).open("a", encoding="utf-8") as stream:
            stream.write(more)
        grade({"alice/t1.ipynb": answers()})
        tried.append(grade.summary.tried)
    assert tried == [1, 1, 0]


def test_the_same_seed_gives_the_same_results(grade):
    files = {
        "alice/t1.ipynb": answers(sigmoid="import numpy as np\ndef sigmoid(z):\n    return np.random.rand()")
    }
    files["bob/t1.ipynb"] = answers(sigmoid=MINUS)
    first = grade(files, seed=3)
    for path in (grade.out / "results").glob("*.json"):
        path.unlink()
    assert grade(seed=3) == first
    again = grade(seed=4)
    assert {s: states(r) for s, r in again.items()} == {s: states(r) for s, r in first.items()}


def test_a_sandbox_that_broke_is_no_word_about_the_answer(grade, monkeypatch):
    def broken(exam, cells):
        raise Broken("the zygote is gone")

    with monkeypatch.context() as patched:
        patched.setattr(asking, "try_notebook", broken)
        got = grade({"alice/t1.ipynb": answers()})
    assert set(states(got["alice"]).values()) == {("infrastructure_error", None)}
    assert reasons(got["alice"])["sigmoid"] == "Broken: the zygote is gone"
    assert rows(grade.out / "grades.csv")[0] | {"max_points": "", "sandbox": ""} == {
        "student": "alice", "state": "infrastructure_error", "sigmoid": "", "bce": "", "explain": "",
        "points": "", "max_points": "", "sandbox": "",
    }  # fmt: skip
    got = grade()
    assert grade.summary.tried == 1
    assert states(got["alice"])["sigmoid"] == ("graded", 6)


TRY_NOTEBOOK, TRIED = asking.try_notebook, []


def disturbed_twice(exam, cells):
    """Stand for a machine on which others disturb one submission, the first two times that it is tried."""
    slow = "slow" in cells[0]["source"]
    TRIED.append("slow" if slow else "other")
    if slow and TRIED.count("slow") <= 2:
        raise Disturbed("other programs kept the processors busy")
    return TRY_NOTEBOOK(exam, cells)


def test_what_was_disturbed_is_tried_again_alone_and_never_becomes_a_zero(grade, monkeypatch):
    monkeypatch.setattr(asking, "try_notebook", disturbed_twice)
    files = {f"{name}/t1.ipynb": answers() for name in ("b", "c")}
    files["a/t1.ipynb"] = answers(sigmoid=f"slow = 1\n{RIGHT['sigmoid']}")
    TRIED.clear()
    got = grade(files)
    assert TRIED == ["slow", "other", "other", "slow"]
    assert set(states(got["a"]).values()) == {("infrastructure_error", None)}
    assert reasons(got["a"])["sigmoid"] == "Disturbed: other programs kept the processors busy"
    got = grade()
    assert TRIED[4:] == ["slow"]
    assert states(got["a"])["sigmoid"] == ("graded", 6)


def test_data_that_are_missing_are_told_before_anything_is_run(tmp_path):
    (tmp_path / "t1").mkdir()
    (tmp_path / "t1" / "questions.py").write_text(
        "from course.question import Question\n"
        "def cases(rng):\n    raise FileNotFoundError('run make data first')\n"
        "TITLE, QUESTIONS = 'x', [Question('sigmoid', 'sigmoid', cases)]\n"
    )
    with pytest.raises(assignment.NoAssignment, match="t1 cannot be graded here: run make data first"):
        assignment.load("t1", private=tmp_path, root=COURSE)


def test_a_question_whose_own_code_fails_costs_nobody_anything(grade, monkeypatch):
    monkeypatch.setattr("grading.judging.grades.judge", lambda *a: 1 / 0)
    got = grade({"alice/t1.ipynb": answers()})
    assert states(got["alice"])["sigmoid"] == ("infrastructure_error", None)
    assert "judging failed with ZeroDivisionError" in reasons(got["alice"])["sigmoid"]


def test_a_zygote_that_was_killed_is_started_again(grade):
    grade({"alice/t1.ipynb": answers()})
    for box in kept_boxes():
        box.zygote.process.kill()
        box.zygote.process.wait()
    got = grade({"bob/t1.ipynb": answers()})
    assert states(got["bob"])["sigmoid"] == ("graded", 6)


def kept_boxes():
    import gc

    return [thing for thing in gc.get_objects() if isinstance(thing, Sandbox) and thing.zygote]


# --- overrides


def override(out, *lines):
    out.mkdir(exist_ok=True)
    (out / "overrides.csv").write_text(
        "student,question,points,comment\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )


def test_a_person_s_points_count_and_are_never_overwritten(grade):
    grade({"alice/t1.ipynb": answers(sigmoid=MINUS)})
    override(
        grade.out, 'alice,explain,1.5,"Half of it, <b>see</b> lesson 3"', "alice,sigmoid,2,", "bob,bce,1,"
    )
    written = (grade.out / "overrides.csv").read_text()
    got = grade()
    assert grade.summary.tried == 0
    assert states(got["alice"]) == {
        "sigmoid": ("graded", 2),
        "bce": ("graded", 4),
        "explain": ("graded", 1.5),
    }
    assert (got["alice"]["points"], got["alice"]["state"]) == (7.5, "graded")
    assert [q["graded_by"] for q in got["alice"]["questions"]] == ["a person", "grader", "a person"]
    assert got["alice"]["questions"][0]["mistake"] == "minus-forgotten"
    assert got["alice"]["questions"][2]["feedback"] == "Half of it, <b>see</b> lesson 3"
    assert grade.summary.remarks == ["overrides: no submission of bob"]
    assert rows(grade.out / "grades.csv")[0]["points"] == "7.5"
    assert rows(grade.out / "review.csv") == []
    # a new submission keeps the person's points; without the override the grader's own come back
    got = grade({"alice/t1.ipynb": answers()})
    assert states(got["alice"])["sigmoid"] == ("graded", 2)
    assert (grade.out / "overrides.csv").read_text() == written
    override(grade.out)
    got = grade()
    assert states(got["alice"]) == {
        "sigmoid": ("graded", 6),
        "bce": ("graded", 4),
        "explain": ("needs_review", None),
    }


def test_the_table_of_what_waits_can_be_filled_in_and_used(grade, tmp_path):
    grade({"=1+1/t1.ipynb": answers(), "alice/t1.ipynb": answers(explain="=HYPERLINK(1)")})
    waiting = rows(grade.out / "review.csv")
    assert {row["student"]: row["answer"][:2] for row in waiting} == {"'=1+1": "Th", "alice": "'="}
    text = (grade.out / "review.csv").read_text(encoding="utf-8-sig")
    filled = [line.replace("explain,,,", "explain,2,good,") for line in text.splitlines()]
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join(filled), encoding="utf-8")
    got = grade(overrides=mine)
    assert {student: result["points"] for student, result in got.items()} == {"=1+1": 12, "alice": 12}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("alice,no-question,1,", "line 2: no question 'no-question'; there are sigmoid, bce, explain"),
        ("alice,bce,many,", "line 2: 'many' is not a number of points"),
        ("alice,bce,5,", "line 2: 5 points, but only 0 to 4 are possible"),
        ("alice,bce,nan,", "line 2: nan points"),
        ("alice,bce,1,\nalice,bce,2,", "line 3: a second row for alice, bce"),
    ],
)
def test_a_wrong_row_is_told_before_anything_is_run(grade, line, says):
    override(grade.out, line)
    with pytest.raises(BadTable, match=says):
        grade({"alice/t1.ipynb": answers()})
    assert not (grade.out / "results").exists()


def test_tables_of_spreadsheets_with_decimal_commas_are_read(grade):
    grade.out.mkdir()
    (grade.out / "overrides.csv").write_text(
        "\ufeffstudent;question;points;comment\nalice;bce;1,5;x\n", encoding="utf-8"
    )
    assert states(grade({"alice/t1.ipynb": answers()})["alice"])["bce"] == ("graded", 1.5)


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"student,points\n", "has no column question, comment"), (b"\xff\xfe", "cannot be read")],
)
def test_a_table_that_is_none_is_named(grade, data, says):
    grade.out.mkdir()
    (grade.out / "overrides.csv").write_bytes(data)
    with pytest.raises(BadTable, match=says):
        grade({"alice/t1.ipynb": answers()})


def test_results_of_another_assignment_are_left_alone(grade):
    grade({"alice/t1.ipynb": answers()})
    path = grade.out / "results" / "alice.json"
    path.write_text(path.read_text().replace('"assignment": "t1"', '"assignment": "a9"'))
    with pytest.raises(BadTable, match="holds results of a9: name another folder for t1"):
        grade()


# --- tables and pages


def marked(grade):
    """Grade three submissions of which only the first has a total."""
    override(grade.out, "doejane_12345,explain,2,")
    return grade(
        {
            "doejane_12345_1_t1.ipynb": answers(sigmoid=MINUS),
            "Roe John_777_assignsubmission_file_/t1.ipynb": answers(),
            "alice/t1.ipynb": b"",
        }
    )


def test_only_what_was_graded_becomes_a_number(grade):
    marked(grade)
    grades = {row["student"]: row for row in rows(grade.out / "grades.csv")}
    assert {s: (r["state"], r["sigmoid"], r["points"]) for s, r in grades.items()} == {
        "doejane_12345": ("graded", "0", "6"),
        "Roe John_777": ("needs_review", "6", ""),
        "alice": ("needs_review", "", ""),
    }
    canvas = rows(grade.out / "canvas.csv")
    assert list(canvas[0]) == [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "Sigmoid and its cost",
    ]
    assert canvas[0]["Student"].strip() == "Points Possible"
    assert canvas[0]["Sigmoid and its cost"] == "12"
    assert {row["Student"]: row["Sigmoid and its cost"] for row in canvas[1:]} == {
        "doejane": "6", "Roe John": "", "alice": "",
    }  # fmt: skip
    moodle = {row["Full name"]: row for row in rows(grade.out / "moodle.csv")}
    assert (moodle["Roe John"]["Identifier"], moodle["Roe John"]["Grade"]) == ("Participant 777", "")
    assert (moodle["doejane"]["Grade"], moodle["doejane"]["Maximum grade"]) == ("6", "12")
    assert "the exponent carries a minus sign" in moodle["doejane"]["Feedback comments"]


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Sigmoid and its cost (4711),Final Score
    Points Possible,,,,,12,(read only)
"Doe, Jane",12345,u1,jdoe@example.edu,A,,
"Lidell, Alice",3,u3,alice@example.edu,B,5,
"Student, Test",9,,x,A,,
"""
MOODLE = """Identifier,Full name,ID number,Email address,Grade,Maximum Grade,Last modified (grade),Feedback comments
Participant 777,John Roe,,r@example.edu,,12.00,"Monday, 1 June 2026, 10:00",
Participant 778,Doejane,s1,d@example.edu,3.00,12.00,-,old
"""


def test_exports_of_the_lms_are_filled_in(grade, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    (tmp_path / "moodle.csv").write_text(MOODLE)
    marked(grade)
    grade(rosters=(tmp_path / "canvas.csv", tmp_path / "moodle.csv"))
    canvas = {row["Student"]: row for row in rows(grade.out / "canvas.csv")}
    assert set(canvas) == {"    Points Possible", "Doe, Jane", "Lidell, Alice"}
    assert canvas["Doe, Jane"]["Sigmoid and its cost (4711)"] == "6"
    assert canvas["Doe, Jane"]["SIS Login ID"] == "jdoe@example.edu"
    assert canvas["Lidell, Alice"]["Sigmoid and its cost (4711)"] == ""
    moodle = {row["Identifier"]: row for row in rows(grade.out / "moodle.csv")}
    assert moodle["Participant 778"]["Grade"] == "6"
    assert "minus sign" in moodle["Participant 778"]["Feedback comments"]
    assert moodle["Participant 777"]["Grade"] == ""
    assert moodle["Participant 777"]["Last modified (grade)"] == "Monday, 1 June 2026, 10:00"
    assert sorted(grade.summary.remarks) == [
        f"{tmp_path / 'canvas.csv'}: no row clearly belongs to Roe John_777",
        f"{tmp_path / 'moodle.csv'}: no row clearly belongs to alice",
    ]


MOODLE_DE = """Kennung,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Änderbar,Kommentar
Teilnehmer/in777,John Roe,r@example.edu,Abgegeben,,"12,00",Ja,
Teilnehmer/in778,Doejane,=cmd@example.edu,Abgegeben,"3,00","12,00",Ja,-
"""
CANVAS_FR = """Étudiant,ID,SIS User ID,SIS Login ID,Section,Sigmoid and its cost (4711)
    Points possibles,,,,,12
"Doe, Jane",12345,u1,jdoe@example.edu,A,
=Lidell,3,u3,alice,B,5
"""


def test_exports_in_other_languages_are_filled_in(grade, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS_FR)
    (tmp_path / "moodle.csv").write_text(MOODLE_DE)
    marked(grade)
    grade(rosters=(tmp_path / "canvas.csv", tmp_path / "moodle.csv"))
    canvas = {row["Étudiant"]: row for row in rows(grade.out / "canvas.csv")}
    assert canvas["Doe, Jane"]["Sigmoid and its cost (4711)"] == "6"
    assert "'=Lidell" in canvas
    moodle = {row["Kennung"]: row for row in rows(grade.out / "moodle.csv")}
    assert moodle["Teilnehmer/in778"]["Bewertung"] == "6"
    assert "minus sign" in moodle["Teilnehmer/in778"]["Kommentar"]
    assert moodle["Teilnehmer/in778"]["E-Mail-Adresse"] == "'=cmd@example.edu"
    assert moodle["Teilnehmer/in777"]["Bewertung"] == ""


def test_columns_that_are_not_found_by_their_place_are_named_by_an_option(tmp_path):
    path = tmp_path / "moodle.csv"
    path.write_text("Wert,Nummer,Name\n,Person 1,Ann\n,Person 2,Bob\n")
    with pytest.raises(BadTable, match=r"--column 'Identifier=Wert' --column 'Grade=\.\.\.'"):
        gradebooks.read_roster(path)
    found = gradebooks.read_roster(
        path, dict([__main__.column("Identifier=Nummer"), __main__.column("Grade = Wert")])
    )
    assert (found.lms, found.value(found.rows[1], "Identifier")) == ("Moodle", "Person 2")
    with pytest.raises(argparse.ArgumentTypeError, match="should be like Grade=Bewertung"):
        __main__.column("Grade")


def test_what_students_write_is_no_html_in_moodle_s_table(grade):
    grade({"alice/t1.ipynb": answers(bce="def bce(y, p):\n    raise ValueError('<img src=x onerror=y>')")})
    (row,) = rows(grade.out / "moodle.csv")
    assert "&lt;img src=x onerror=y&gt;" in row["Feedback comments"]
    assert "<img" not in row["Feedback comments"]
    assert "<br>\n" in row["Feedback comments"]


def test_an_export_that_is_none_is_named(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadTable, match="is neither Canvas's gradebook"):
        gradebooks.read_roster(tmp_path / "x.csv")


def test_the_page_names_the_mistake_links_the_lesson_and_shows_no_expected_value(grade):
    marked(grade)
    page = BeautifulSoup((grade.out / "feedback" / "doejane_12345.html").read_text(), "html.parser")
    assert page.h1.text == "Sigmoid and its cost"
    assert "6 of 12 points." in page.p.text
    assert [h.text for h in page.find_all("h2")] == ["sigmoid", "bce", "explain"]
    assert "the exponent carries a minus sign" in page.section.text
    assert page.section.a["href"] == f"{site_address()}notebooks/01-sigmoid.html"
    assert page.html["lang"] == "en"
    assert not page.find_all(["script", "link", "img", "iframe"])
    case = assignment.load("t1", root=COURSE).cases["sigmoid"][1]
    assert not any(f"{value:.4f}" in page.text for value in [*case.expected, *case.arguments[0]])


def test_a_page_of_what_waits_says_so(grade):
    marked(grade)
    text = BeautifulSoup(
        (grade.out / "feedback" / file_name("Roe John_777")).with_suffix(".html").read_text(),
        "html.parser",
    ).text
    assert "10 of 10 points so far; 2 more are not decided yet" in " ".join(text.split())
    assert "A person will look at this answer." in text


def test_what_students_write_is_shown_and_not_interpreted(grade):
    evil = "<script>alert(1)</script><img src=x onerror=y>\\x1b[31m\\u202e"
    got = grade({"<b>x.ipynb": answers(bce=f"def bce(y, p):\n    raise ValueError('{evil}')", explain=evil)})
    assert "ValueError: <script>" in got["<b>x"]["questions"][1]["feedback"]
    page = (grade.out / "feedback" / f"{file_name('<b>x')}.html").read_text()
    assert "<script>" not in page
    assert "onerror=y&gt;" in page
    assert not {"\x1b", "\u202e"} & set(page)
    assert "<b>x" not in page


def test_names_become_files_that_no_other_student_has():
    names = [
        "alice",
        "a/b",
        "a_b",
        "../../etc/passwd",
        "王小明",
        "a b",
        "",
        ".",
        "..",
        "x" * 300,
        "CON",
        "\ud800",
    ]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert files[0] == "alice"
    assert files[4] == "王小明"
    assert all(
        name and "/" not in name and not name.startswith(".") and len(name.encode()) < 250 for name in files
    )


def test_unsafe_results_are_stamped(grade, monkeypatch):
    got = grade({"alice/t1.ipynb": answers()}, unsafe=True)
    assert got["alice"]["sandbox"] == "none (--unsafe-no-sandbox)"
    assert states(got["alice"])["sigmoid"] == ("graded", 6)
    assert rows(grade.out / "grades.csv")[0]["sandbox"] == "none (--unsafe-no-sandbox)"
    assert "Graded without a sandbox" in (grade.out / "feedback" / "alice.html").read_text()
    # and a run with a sandbox does not take them over
    assert grade()["alice"]["sandbox"] == "bubblewrap"
    assert grade.summary.tried == 1


def test_without_a_sandbox_a_submission_has_a_folder_of_its_own_that_does_not_stay(
    grade, monkeypatch, tmp_path
):
    monkeypatch.setattr(asking, "data_folder", lambda: str(tmp_path))
    monkeypatch.setattr(asking, "KEPT", {})  # a sandbox kept by another test does not know that folder
    shared = Path("/tmp/.keras")
    shared_before = shared.is_symlink() and shared.readlink()
    where = (
        "import os, tempfile\ndef bce(y, p):\n    open('left', 'x').close()\n"
        "    raise ValueError(f\"in {os.getcwd()} {tempfile.gettempdir()} {os.path.expanduser('~')}.\")"
    )
    got = grade({f"{name}/t1.ipynb": answers(bce=where) for name in ("alice", "bob")}, unsafe=True)
    homes = {
        name: re.search(
            r"ValueError: in (\S+) (\S+) (\S+?)\.”", got[name]["questions"][1]["feedback"]
        ).groups()
        for name in got
    }
    assert all(len(set(home)) == 1 for home in homes.values()), homes
    assert homes["alice"] != homes["bob"]
    assert not any(Path(home[0]).exists() for home in homes.values())
    assert shared_before == (shared.is_symlink() and shared.readlink())


# --- private questions


PRIVATE = """
from course.question import Case, Question
TITLE = "Another title"
QUESTIONS = [Question("sigmoid", "sigmoid", lambda rng: [Case("zero", (0.0,), 0.5)])]
"""


def test_private_questions_replace_the_published_ones(tmp_path):
    (tmp_path / "t2").mkdir()
    (tmp_path / "t2" / "questions.py").write_text(PRIVATE)
    loaded = assignment.load("t2", private=tmp_path, root=COURSE)
    assert (loaded.title, loaded.max_points) == ("Another title", 1)
    assert "in_a_graph" in loaded.drivers
    (tmp_path / "t2" / "drivers.py").write_text("def other(names): return 1")
    assert assignment.load("t2", private=tmp_path, root=COURSE).drivers == "def other(names): return 1"
    assert loaded.digest != assignment.load("t2", root=COURSE).digest


@pytest.mark.parametrize(
    ("name", "private", "says"),
    [
        ("t9", None, "no assignment 't9'; there are: t1, t2"),
        ("t1", "nowhere", "that is where --private looks"),
    ],
)
def test_an_assignment_that_is_not_there_is_named(tmp_path, name, private, says):
    with pytest.raises(assignment.NoAssignment, match=says):
        assignment.load(name, private=tmp_path / private if private else None, root=COURSE)


def test_questions_without_title_are_refused(tmp_path):
    (tmp_path / "t1").mkdir()
    (tmp_path / "t1" / "questions.py").write_text("QUESTIONS = []")
    with pytest.raises(assignment.NoAssignment, match="must hold TITLE and QUESTIONS"):
        assignment.load("t1", private=tmp_path, root=COURSE)


def test_nothing_that_is_expected_is_sent_to_a_worker(t1):
    import pickle

    sent = pickle.dumps(t1.exam())
    for cases in t1.cases.values():
        for case in cases:
            import numpy as np

            for value in np.ravel(case.expected):
                assert np.float64(value).tobytes() not in sent
    assert np.float64(t1.cases["bce"][1].arguments[1][0]).tobytes() in sent


def test_what_the_student_version_imports_is_imported_once_a_worker(tmp_path):
    path = tmp_path / "x.ipynb"
    sources = [
        "import os.path as p, numpy\n!pip install x",
        "try:\n    from no_such.thing import y\nexcept ImportError:\n    from json import loads",
    ]
    path.write_bytes(notebook(*(cell(source) for source in sources), cell("import this", kind="markdown")))
    assert assignment.imports(path) == ["json", "numpy", "os.path"]
    assert assignment.imports(tmp_path / "none.ipynb") == []
    modules = assignment.load("a1").exam().modules
    assert modules[0] == "numpy"
    assert "sklearn.datasets" in modules
    assert "tensorflow" not in modules
    assert assignment.load("t2", root=COURSE).exam().modules == ("numpy", "tensorflow", "keras")


def test_each_of_a_group_is_graded_once_and_a_file_of_several_is_listed(grade, tmp_path):
    """Moodle puts a team's name before each member's; a folder that students name themselves says nothing to it."""
    for member in ("Team 1-Jane Doe_123", "Team 1-John Roe_124"):
        for part in ("file", "onlinetext"):
            name = "t1.ipynb" if part == "file" else "onlinetext.html"
            path = tmp_path / "in" / f"{member}_assignsubmission_{part}_" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(answers())
    roster = tmp_path / "worksheet.csv"
    roster.write_text(
        "Identifier,Full name,Grade,Maximum grade,Feedback comments\n"
        "Participant 123,Jane Doe,,12,\nParticipant 124,John Roe,,12,\nParticipant 125,Ann Poe,,12,\n"
        "Participant 126,Max Coe,,12,\n"
    )
    got = grade({"Ann Poe and Max Coe/t1.ipynb": answers()}, rosters=[roster])
    assert set(got) == {"Team 1-Jane Doe_123", "Team 1-John Roe_124", "Ann Poe and Max Coe"}
    assert {states(result)["sigmoid"] for result in got.values()} == {("graded", 6)}
    assert [remark for remark in grade.summary.remarks if "no row" in remark] == [
        f"{roster}: no row clearly belongs to Ann Poe and Max Coe"
    ]
