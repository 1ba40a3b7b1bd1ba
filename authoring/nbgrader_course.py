"""Show that nbgrader accepts the assignments as they are, by running its own commands on a course made for this.

    python -m authoring.nbgrader_course [NAME ...]

nbgrader brings some fifty packages that nothing else here needs, so it lives in an environment of its own. Notebooks
run on the course's own kernel all the same. For each assignment: `generate_assignment` makes a release from the
master; `validate` passes a solved notebook and fails an untouched one; `autograde` gives the solved one all points
that need no person, and the untouched one none. The solved notebook is made from the student version of this
repository, the untouched one is nbgrader's own.
"""

from __future__ import annotations

import copy
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from authoring import masters
from course import environments, lesson_kernel
from course.assignments import names, questions, student_path
from course.paths import ROOT

NBGRADER = "nbgrader==0.9.6"
FOLDER = ROOT / ".venv-nbgrader"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.ExecutePreprocessor.timeout = 600
"""
KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3",
    "language": "python",
}


class NotTakenError(RuntimeError):
    """A command of nbgrader failed, or gave other points than it should; holds what it printed."""


def install() -> None:
    """Make nbgrader's environment unless it is there; packages that are also in the lock have the lock's versions."""
    environments.python(FOLDER, [NBGRADER], "--constraint", str(ROOT / "requirements.lock"))


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def solved(student: NotebookNode, master: NotebookNode) -> NotebookNode:
    """Return a student's notebook with the master's answer in each cell that asks for one."""
    answers = {cell.id: cell.source for cell in master.cells if masters.marks(cell).get("solution")}
    notebook = copy.deepcopy(student)
    for cell in notebook.cells:
        cell.source = answers.get(masters.marks(cell).get("grade_id"), cell.source)
    return notebook


def wanted(name: str) -> dict[str, tuple[float, float]]:
    """Return for each student the points to get, and the points there are; those for words wait for a person."""
    asked = questions(name)
    most = sum(question.max_points for question in asked)
    return {
        "solved": (most - sum(question.words_points for question in asked), most),
        "untouched": (0, most),
    }


class Course:
    """A course folder of nbgrader's."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        kernel.write_text(json.dumps(KERNEL), encoding="utf-8")

    def run(self, *command: str | Path) -> str:
        """Run a command of nbgrader and return what it printed; NotTakenError if it fails."""
        done = subprocess.run(
            [FOLDER / "bin" / "nbgrader", *command],
            cwd=self.folder,
            env=os.environ
            | lesson_kernel.environment()
            | {
                "JUPYTER_PATH": str(self.folder / "jupyter"),
                # nbgrader calls alembic by name
                "PATH": f"{FOLDER / 'bin'}{os.pathsep}{os.environ['PATH']}",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotTakenError(f"nbgrader {' '.join(map(str, command))} failed:\n{done.stdout}")
        return done.stdout

    def grade(self, name: str) -> dict[str, tuple[float, float]]:
        """Put an assignment through nbgrader and return the points of each student, or raise NotTakenError."""
        master = masters.read(name)
        write(master, self.folder / "source" / name / f"{name}.ipynb")
        self.run("generate_assignment", name)
        released = self.folder / "release" / name / f"{name}.ipynb"
        untouched = nbformat.read(released, as_version=4)
        if "SOLUTION" in released.read_text(encoding="utf-8"):
            raise NotTakenError(f"{name}: a solution is left in nbgrader's release")
        submitted = {
            "solved": solved(nbformat.read(student_path(name), as_version=4), master),
            "untouched": untouched,
        }
        for student, notebook in submitted.items():
            path = self.folder / "submitted" / student / name / f"{name}.ipynb"
            write(notebook, path)
            passes = "Success! Your notebook passes all the tests." in self.run("validate", path)
            if passes != (student == "solved"):
                raise NotTakenError(
                    f"{name}: nbgrader validate {'passes' if passes else 'fails'} the {student} notebook"
                )
        self.run("autograde", name)
        self.run("export")
        with (self.folder / "grades.csv").open(encoding="utf-8") as file:
            return {
                row["student_id"]: (float(row["score"]), float(row["max_score"]))
                for row in csv.DictReader(file)
                if row["assignment"] == name
            }


def main(arguments: list[str]) -> int:
    """Put the named assignments, or all, through nbgrader; return the exit code."""
    if unknown := sorted(set(arguments) - set(names())):
        print(f"no such assignment: {', '.join(unknown)}", file=sys.stderr)
        return 2
    install()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder))
        for name in arguments or names():
            try:
                points = course.grade(name)
            except NotTakenError as error:
                points = str(error)
            right = points == wanted(name)
            failed |= not right
            print(f"{name}: {'taken' if right else 'NOT TAKEN'} by {NBGRADER}: {points}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
