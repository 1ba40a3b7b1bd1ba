"""Whose file is it? Folders, LMS zips, downloads from Colab, and files that mean harm."""

import csv
import os
import zipfile

import pytest
from handing_in import answers

from grading import __main__
from grading.submissions import collecting, finding, notebook

NOTEBOOK = answers()
OTHER = answers(bce="def bce(y, p):\n    return 0.0")


def make_folder(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def make_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def found(source, assignment="t1"):
    return {s.student: s for s in finding.find(source, assignment)}


def test_a_folder_holds_a_folder_a_student_or_single_notebooks(tmp_path):
    make_folder(
        tmp_path,
        {
            "alice/t1.ipynb": NOTEBOOK,
            "bob b/deep/t1.ipynb": NOTEBOOK,
            "bob b/.ipynb_checkpoints/t1-checkpoint.ipynb": OTHER,
            "王小明/t1.ipynb": NOTEBOOK,
            "carol.ipynb": NOTEBOOK,
            "t1_dave.ipynb": NOTEBOOK,
            "roster.csv": b"x",
            ".hidden/t1.ipynb": NOTEBOOK,
        },
    )
    (tmp_path / "empty").mkdir()
    got = found(tmp_path)
    assert set(got) == {"alice", "bob b", "王小明", "carol", "dave", "empty"}
    assert got["empty"].problem == "no notebook was handed in"
    assert not any(s.problem for name, s in got.items() if name != "empty")


def test_links_are_not_followed(tmp_path):
    secret = make_folder(tmp_path / "elsewhere", {"t1.ipynb": NOTEBOOK})
    folder = make_folder(tmp_path / "in", {"alice/t1.ipynb": NOTEBOOK})
    (folder / "mallory").symlink_to(secret)
    (folder / "alice" / "more.ipynb").symlink_to(secret / "t1.ipynb")
    got = found(folder)
    assert set(got) == {"alice"}
    assert not got["alice"].problem


def test_two_notebooks_of_one_student_are_a_problem(tmp_path):
    make_folder(tmp_path, {"alice/t1.ipynb": NOTEBOOK, "alice.ipynb": OTHER, "bob/a.txt": b"x"})
    got = found(tmp_path)
    assert got["alice"].problem.startswith("2 notebooks were handed in: ")
    assert got["bob"].problem == "no notebook was handed in, only a.txt"


CANVAS = ["doejane_12345_678910_t1.ipynb", "roejohn_LATE_54321_678911_Copy of t1-2.ipynb"]
MOODLE = [
    "Jane Doe_123456_assignsubmission_file_/t1.ipynb",
    "王 小明_123457_assignsubmission_file_t1 (1).ipynb",
    "O'Neil, Sue_123458_assignsubmission_file/sub/t1.ipynb",
]


def test_canvas_names_files(tmp_path):
    got = found(make_zip(tmp_path / "finding.zip", [(name, NOTEBOOK) for name in CANVAS]))
    assert {s: (v.name, v.canvas_id) for s, v in got.items()} == {
        "doejane_12345": ("doejane", "12345"),
        "roejohn_54321": ("roejohn", "54321"),
    }


def test_moodle_names_folders_or_files(tmp_path):
    got = found(make_zip(tmp_path / "all.zip", [(name, NOTEBOOK) for name in MOODLE]))
    assert {(v.name, v.moodle_id) for v in got.values()} == {
        ("Jane Doe", "123456"),
        ("王 小明", "123457"),
        ("O'Neil, Sue", "123458"),
    }


def test_a_second_file_of_one_student_of_canvas_is_a_problem(tmp_path):
    files = [(CANVAS[0], NOTEBOOK), ("doejane_12345_678912_notes.ipynb", OTHER), ("roe_1_2_t1.pdf", b"x")]
    got = found(make_zip(tmp_path / "s.zip", files))
    assert "2 notebooks" in got["doejane_12345"].problem
    assert "only roe_1_2_t1.pdf" in got["roe_1"].problem


def test_what_moodle_s_form_holds_belongs_to_the_student_of_the_file(tmp_path):
    files = [
        ("Jane Doe_1_assignsubmission_file_/t1.ipynb", NOTEBOOK),
        ("Jane Doe_1_assignsubmission_onlinetext_/onlinetext.html", b"<p>done</p>"),
        ("Roe_2_assignsubmission_onlinetext_/onlinetext.html", b"<p>later</p>"),
    ]
    got = found(make_zip(tmp_path / "all.zip", files))
    assert {student: s.problem for student, s in got.items()} == {
        "Jane Doe_1": "",
        "Roe_2": "no notebook was handed in, only Roe_2_assignsubmission_onlinetext_/onlinetext.html",
    }


def test_leftovers_of_other_systems_are_no_submissions(tmp_path):
    files = {
        "alice/t1.ipynb": NOTEBOOK,
        "alice/Thumbs.db": b"x",
        "alice/desktop.ini": b"x",
        "alice/~$t1.ipynb": OTHER,
    }
    files |= {"alice/._t1.ipynb": OTHER, "__MACOSX/alice/._t1.ipynb": OTHER}
    got = found(make_folder(tmp_path / "in", files))
    assert {student: (s.problem, s.others) for student, s in got.items()} == {"alice": ("", [])}


def test_a_zip_that_a_student_handed_in_is_looked_into(tmp_path):
    inner = make_zip(
        tmp_path / "inner.zip", [("work/t1.ipynb", NOTEBOOK), ("work/.x.ipynb", OTHER)]
    ).read_bytes()
    bare = make_zip(tmp_path / "bare.zip", [("readme.txt", b"x")]).read_bytes()
    files = [("doe_1_2_work.zip", inner), ("roe_3_4_work.zip", bare), ("poe_5_6_work.zip", b"PK no")]
    got = found(make_zip(tmp_path / "s.zip", [*files, ("Ann_7_assignsubmission_file_/w.zip", inner)]))
    assert {student: s.problem for student, s in got.items()} == {
        "doe_1": "",
        "roe_3": "no notebook was handed in, only roe_3_4_work.zip",
        "poe_5": "no notebook was handed in, only poe_5_6_work.zip",
        "Ann_7": "",
    }
    assert got["doe_1"].notebooks[0].read() == NOTEBOOK
    assert got["doe_1"].notebooks[0].name == "doe_1_2_work.zip, in it work/t1.ipynb"
    on_disk = found(make_folder(tmp_path / "in", {"alice/work.zip": inner}))
    assert on_disk["alice"].notebooks[0].read() == NOTEBOOK


def test_the_same_file_twice_is_one(tmp_path):
    got = found(make_folder(tmp_path, {"alice/t1.ipynb": NOTEBOOK, "alice/t1 (1).ipynb": NOTEBOOK}))
    assert not got["alice"].problem
    got = found(make_folder(tmp_path, {"alice/t1 (2).ipynb": OTHER}))
    assert got["alice"].problem.startswith("2 notebooks were handed in")


def test_a_name_in_utf_8_that_does_not_say_so_is_read(tmp_path):
    source = make_zip(tmp_path / "s.zip", [("J\u00fcrgen/t1.ipynb", NOTEBOOK), ("王/t1.ipynb", NOTEBOOK)])
    raw = bytearray(source.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + at + 1] &= ~0x08  # the flag that says UTF-8
            place = raw.find(mark, place + 1)
    source.write_bytes(raw)
    assert set(found(source)) == {"Jürgen", "王"}


def test_a_folder_whose_name_is_no_utf_8_is_one_student_s_trouble(tmp_path):
    make_folder(tmp_path, {"alice/t1.ipynb": NOTEBOOK})
    odd = os.fsdecode(b"bad\xff")
    (tmp_path / odd).mkdir()
    (tmp_path / odd / "t1.ipynb").write_bytes(NOTEBOOK)
    got = found(tmp_path)
    assert set(got) == {"alice", "bad\\xff"}
    assert got["bad\\xff"].notebooks[0].read() == NOTEBOOK
    collecting.collect(tmp_path, "t1", tmp_path.parent / "out-of-odd")


def test_a_folder_around_everything_in_a_zip_is_looked_through(tmp_path):
    got = found(
        make_zip(tmp_path / "s.zip", [("hw/alice/t1.ipynb", NOTEBOOK), ("hw/bob/t1.ipynb", NOTEBOOK)])
    )
    assert set(got) == {"alice", "bob"}


def test_paths_in_a_zip_lead_nowhere(tmp_path):
    evil = [
        ("../../outside/t1.ipynb", NOTEBOOK),
        ("/etc/t1.ipynb", NOTEBOOK),
        ("..\\..\\w\\t1.ipynb", NOTEBOOK),
    ]
    source = make_zip(tmp_path / "evil.zip", evil)
    out = tmp_path / "deep" / "out"
    collecting.collect(source, "t1", out)
    written = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {
        "evil.zip",
        "deep/out/collected.csv",
        "deep/out/outside/t1.ipynb",
        "deep/out/etc/t1.ipynb",
        "deep/out/w/t1.ipynb",
    }


def test_a_bomb_is_read_to_the_limit_and_no_further(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "MOST_BYTES", 1000)
    monkeypatch.setattr(notebook, "MOST_BYTES", 1000)
    source = make_zip(tmp_path / "bomb.zip", [("alice/t1.ipynb", bytes(10_000_000))])
    data = found(source)["alice"].notebooks[0].read()
    assert len(data) == 1001
    with pytest.raises(notebook.Unreadable, match="more than 1,000 are not read"):
        notebook.read(data)


def test_a_member_that_lies_about_its_size_is_damaged(tmp_path):
    source = make_zip(tmp_path / "s.zip", [("alice/t1.ipynb", NOTEBOOK)])
    raw = bytearray(source.read_bytes())
    raw[60:90] = bytes(30)
    source.write_bytes(raw)
    with pytest.raises(OSError, match="zip's member"):
        found(source)["alice"].notebooks[0].read()


def test_too_many_members_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "MOST_MEMBERS", 2)
    source = make_zip(tmp_path / "s.zip", [(f"s{i}/t1.ipynb", b"") for i in range(3)])
    with pytest.raises(finding.NoSubmissions, match="holds 3 files"):
        found(source)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p / "none", "there is no"),
        (lambda p: p, "holds no submissions"),
        (lambda p: (p / "x.zip", (p / "x.zip").write_bytes(b"PK no"))[0], "is not a zip that can be read"),
        (lambda p: make_zip(p / "empty.zip", []), "holds no submissions"),
    ],
)
def test_a_place_without_submissions_is_named(tmp_path, make, says):
    with pytest.raises(finding.NoSubmissions, match=says):
        found(make(tmp_path))


@pytest.mark.parametrize(
    ("stem", "rest"),
    [
        ("Copy of t1", ""),
        ("t1 (1)", ""),
        ("Copy of Copy of t1 (12)", ""),
        ("alice_t1", "alice"),
        ("T1 - Alice B", "Alice B"),
        ("alice", "alice"),
        ("t12", "t12"),
        ("Kopie von t1_bob", "bob"),
    ],
)
def test_a_name_is_what_is_left_of_a_file_s(stem, rest):
    assert finding.without_assignment(stem, "t1") == rest


def test_collect_lays_out_what_colab_and_lms_give(tmp_path, capsys):
    source = make_folder(
        tmp_path / "in",
        {
            "alice/Copy of t1.ipynb": NOTEBOOK,
            "bob_t1 (1).ipynb": NOTEBOOK,
            "t1.ipynb": NOTEBOOK,
            "a b/c/t1.ipynb": NOTEBOOK,
            CANVAS[0]: NOTEBOOK,
            "two/one.ipynb": NOTEBOOK,
            "two/two.ipynb": OTHER,
        },
    )
    (source / "empty").mkdir()
    out = tmp_path / "out"
    assert __main__.main(["collect", "--assignment", "t1", "--from", str(source), "--out", str(out)]) == 0
    assert "7 students, 3 to look at" in capsys.readouterr().err
    with (out / "collected.csv").open(encoding="utf-8-sig") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    assert set(rows) == {"a b", "alice", "bob", "doejane", "empty", "t1", "two"}
    for name in ("a b", "alice", "bob", "doejane", "t1"):
        assert (out / rows[name]["student"] / "t1.ipynb").read_bytes() == NOTEBOOK
    assert rows["t1"]["problem"] == "the file's name does not say whose it is"
    assert rows["two"]["problem"].startswith("2 notebooks were handed in")
    assert sorted(p.name for p in (out / "two").iterdir()) == ["t1-1.ipynb", "t1-2.ipynb"]
    # and the grader finds there what the LMS knows them by
    got = found(out)
    assert got["doejane_12345"].canvas_id == "12345"
    assert got[rows["a b"]["student"]].name == "a b"
    assert got["empty"].problem == "no notebook was handed in"


def test_collect_overwrites_nothing(tmp_path, capsys):
    source = make_folder(tmp_path / "in", {"alice/t1.ipynb": OTHER})
    out = make_folder(tmp_path / "out", {"alice/t1.ipynb": NOTEBOOK})
    command = ["collect", "--assignment", "t1", "--from", str(source), "--out", str(out)]
    assert __main__.main(command) == 0
    assert (out / "alice" / "t1.ipynb").read_bytes() == NOTEBOOK
    assert "t1.ipynb was there already" in capsys.readouterr().err
    make_folder(source, {"alice/t1.ipynb": NOTEBOOK})
    assert not collecting.collect(source, "t1", out)[0].problem


def test_collect_leaves_out_what_is_too_large_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "MOST_BYTES", 10)
    (one,) = collecting.collect(
        make_folder(tmp_path / "in", {"alice/t1.ipynb": NOTEBOOK}), "t1", tmp_path / "out"
    )
    assert "was left out" in one.problem
    assert "was left out" in found(tmp_path / "out")["alice"].problem


def test_collect_says_where_there_is_nothing(tmp_path, capsys):
    assert (
        __main__.main(
            ["collect", "--assignment", "t1", "--from", str(tmp_path), "--out", str(tmp_path / "o")]
        )
        == 2
    )
    assert "holds no submissions" in capsys.readouterr().err
