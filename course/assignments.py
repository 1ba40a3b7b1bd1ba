"""Which assignments there are, where their files are, and the texts that authoring writes and grading looks for."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from course.paths import ROOT
from course.question import Question

NOT_WRITTEN = "is not written yet"  # in the error of an untouched answer; the grader recognises it
WRITE_HERE = "*Write your answer here, in place of this line.*"


def names(root: Path = ROOT) -> list[str]:
    """Return the names of all assignments: each is a folder with a master of the same name in it."""
    return sorted(
        path.stem for path in (root / "assignments").glob("*/*.md") if path.stem == path.parent.name
    )


def load(path: Path) -> ModuleType:
    """Return a file of an assignment, `questions.py` or `drivers.py`, as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"assignment_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def questions(name: str, root: Path = ROOT) -> list[Question]:
    """Return the questions of an assignment, as its `questions.py` lists them."""
    return list(load(root / "assignments" / name / "questions.py").QUESTIONS)


def student_path(name: str, root: Path = ROOT) -> Path:
    """Return the path of the student version of an assignment."""
    return root / "notebooks" / "assignments" / f"{name}.ipynb"
