"""Load an assignment for grading: its questions, or an instructor's private version of them, and their calls."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from course import assignments
from course.paths import ROOT
from course.question import Case, Question
from grading.sandbox.exam import Calls, Exam
from grading.sandbox.inside.cells import as_python
from grading.submissions import notebook

ALWAYS = ("numpy",)
TENSORFLOW = ("tensorflow", "keras")
IMPORT = re.compile(r"(?:import|from) ")


class NoAssignment(ValueError):  # noqa: N818 - it says what the name is not
    """There is no such assignment, or its files are not in order; the text says what to do."""


@dataclass(frozen=True)
class Assignment:
    """An assignment as it is graded. `digest` covers the files that decide on points and feedback."""

    name: str
    title: str
    questions: Sequence[Question]
    drivers: str
    digest: str
    seed: int
    modules: Sequence[str] = ()  # that its notebook imports
    root: Path = ROOT  # of the course that it belongs to

    @property
    def max_points(self) -> int:
        """All points together, including those that a person gives."""
        return sum(question.max_points for question in self.questions)

    @cached_property
    def cases(self) -> dict[str, Sequence[Case]]:
        """The cases of each question that has some, made once, so that all submissions are asked the same."""
        return {
            question.name: question.cases(
                np.random.default_rng([self.seed, zlib.crc32(question.name.encode())])
            )
            for question in self.questions
            if question.cases is not None
        }

    @cached_property
    def references(self) -> dict[str, str]:
        """The model answer to each question that is called, with the notebook's imports; none without a master."""
        if not master_path(self.name, self.root).is_file():
            return {}
        from authoring import masters  # imported late: most runs do not need it

        cells = [cell for cell in masters.read(self.name, self.root).cells if cell.cell_type == "code"]
        imports = [line for cell in cells for line in cell.source.split("\n") if IMPORT.match(line)]
        return {
            cell.id: "\n".join([*imports, cell.source])
            for cell in cells
            if masters.marks(cell).get("solution")
        }

    def exam(self, unsafe: bool = False) -> Exam:
        """Return what a worker needs: the calls, without what they should return."""
        questions = tuple(
            Calls(
                question.name,
                question.function,
                tuple((case.arguments, case.driver) for case in self.cases[question.name]),
                question.seconds,
                question.most_bytes,
            )
            for question in self.questions
            if question.cases is not None
        )
        tensorflow = TENSORFLOW if any(question.tensorflow for question in self.questions) else ()
        modules = tuple(dict.fromkeys((*ALWAYS, *tensorflow, *self.modules)))
        return Exam(questions, self.drivers, modules, unsafe)


def master_path(name: str, root: Path) -> Path:
    """Return the path of an assignment's master, which need not be there."""
    return root / "assignments" / name / f"{name}.md"


def imports(student_version: Path) -> list[str]:
    """Return the modules that a student version imports, if it is there, so that a worker imports them once for all."""
    if not student_version.is_file():
        return []
    found = {
        module
        for cell in notebook.read(student_version.read_bytes()).code
        for node in ast.walk(ast.parse(as_python(cell["source"])))
        for module in named(node)
    }
    return sorted(module for module in found if importlib.util.find_spec(module.partition(".")[0]))


def named(node: ast.AST) -> list[str]:
    """Return the modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module]
    return []


def load(name: str, seed: int = 0, private: Path | None = None, root: Path = ROOT) -> Assignment:
    """Load an assignment, or raise NoAssignment. Files in `private/NAME/` replace those in `assignments/NAME/`."""
    shipped = root / "assignments" / name
    overlay = private / name if private else None
    if overlay and not (overlay / "questions.py").is_file():
        raise NoAssignment(f"there is no {overlay / 'questions.py'}: that is where --private looks")
    files = {}
    for file in ("questions.py", "drivers.py"):
        places = [folder / file for folder in (overlay, shipped) if folder and (folder / file).is_file()]
        files[file] = places[0] if places else None
    if files["questions.py"] is None:
        known = ", ".join(sorted(path.parent.name for path in root.glob("assignments/*/questions.py")))
        raise NoAssignment(f"there is no assignment {name!r}; there are: {known or 'none'}")
    module = assignments.load(files["questions.py"])
    try:
        title, questions = module.TITLE, list(module.QUESTIONS)
    except AttributeError as error:
        raise NoAssignment(f"{files['questions.py']} must hold TITLE and QUESTIONS: {error}") from error
    drivers = files["drivers.py"].read_text(encoding="utf-8") if files["drivers.py"] else ""
    master = master_path(name, root)
    parts = [
        files["questions.py"].read_bytes(),
        drivers.encode(),
        master.read_bytes() if master.is_file() else b"",
    ]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    modules = imports(assignments.student_path(name, root))
    loaded = Assignment(name, title, questions, drivers, digest, seed, modules, root)
    try:
        loaded.cases  # noqa: B018 - made now, before anything is run
    except FileNotFoundError as error:
        raise NoAssignment(f"{name} cannot be graded here: {error}") from error
    return loaded
