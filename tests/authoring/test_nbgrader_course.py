"""`authoring/nbgrader_course.py` runs the right commands and checks the answers; for real: `make test-nbgrader`."""

import sys

import pytest

from authoring import masters, nbgrader_course

NAME = "a1"
# Does what nbgrader does to the files that the tool looks at, without running anything.
IMITATION = """#!{python}
import csv, pathlib, sys

command, *rest = sys.argv[1:]
if command == "{broken}":
    sys.exit("no kernel")
if command == "generate_assignment":
    text = pathlib.Path("source/{name}/{name}.ipynb").read_text()
    release = pathlib.Path("release/{name}/{name}.ipynb")
    release.parent.mkdir(parents=True)
    release.write_text(text if {careless} else text.replace("SOLUTION", "NotImplementedError"))
elif command == "validate":
    failed = {strict} or "NotImplementedError" in pathlib.Path(rest[0]).read_text()
    print("failed" if failed else "Success! Your notebook passes all the tests.")
elif command == "export":
    with open("grades.csv", "w") as file:
        rows = csv.writer(file)
        rows.writerow(["assignment", "student_id", "score", "max_score"])
        rows.writerows([["{name}", "solved", {points}, {most}], ["{name}", "untouched", 0, {most}], ["b9", "x", 1, 1]])
"""


@pytest.fixture
def imitation(tmp_path, monkeypatch):
    """Put a program in nbgrader's place; returns what changes its behaviour."""
    points, most = nbgrader_course.wanted(NAME)["solved"]

    def make(broken="", careless=False, strict=False, points=points):
        program = tmp_path / "bin" / "nbgrader"
        program.parent.mkdir(exist_ok=True)
        text = IMITATION.format(
            python=sys.executable,
            name=NAME,
            broken=broken,
            careless=careless,
            strict=strict,
            points=points,
            most=most,
        )
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)

    monkeypatch.setattr(nbgrader_course, "FOLDER", tmp_path)
    monkeypatch.setattr(nbgrader_course, "install", lambda: None)
    return make


def test_assignment_that_is_taken(imitation, capsys):
    imitation()
    assert nbgrader_course.main([NAME]) == 0
    assert "a1: taken by nbgrader" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"broken": "autograde"}, "nbgrader autograde a1 failed:\nno kernel"),
        ({"careless": True}, "a solution is left"),
        ({"strict": True}, "validate fails the solved notebook"),
        ({"points": 3}, "'solved': (3.0,"),
    ],
)
def test_assignment_that_is_not_taken(imitation, capsys, fault, says):
    imitation(**fault)
    assert nbgrader_course.main([NAME]) == 1
    said = capsys.readouterr().out
    assert "NOT TAKEN" in said
    assert says in said


def test_unknown_assignment_is_refused_before_anything_is_made(capsys, monkeypatch):
    monkeypatch.setattr(nbgrader_course, "install", lambda: pytest.fail("an environment was made"))
    assert nbgrader_course.main(["a99"]) == 2
    assert "a99" in capsys.readouterr().err


def test_environment_is_held_to_the_lock(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(nbgrader_course, "FOLDER", tmp_path)
    monkeypatch.setattr(nbgrader_course.environments, "python", lambda *what: asked.append(what))
    nbgrader_course.install()
    lock = str(nbgrader_course.ROOT / "requirements.lock")
    assert asked == [(tmp_path, [nbgrader_course.NBGRADER], "--constraint", lock)]


def test_solved_notebook_holds_every_answer():
    master = masters.read(NAME)
    notebook = nbgrader_course.solved(masters.student(master), master)
    assert all(masters.NOT_WRITTEN not in cell.source for cell in notebook.cells)
    assert notebook.cells[-1].source == master.cells[-1].source
