"""Arrows only fall: no file imports one of a higher floor, and no two files import each other, directly or not."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from course.paths import ROOT

# From the ground up. A file may import from its own floor and from floors below. A folder that is not listed here is on
# the floor of the folder around it. ARCHITECTURE.md says what each floor is for.
FLOORS = (
    "course",
    "website",
    "authoring",
    "grading/submissions",
    "grading/sandbox/inside",
    "grading/sandbox",
    "grading/judging",
    "grading/results",
    "grading",
    "benchmarks",
)
# an assignment's files are data of the graders: they may use the vocabulary of questions, and nothing else of ours
ASSIGNMENTS = "assignments"


def floor(name: str) -> int:
    """Return the floor of a module such as grading.sandbox.child."""
    place = name.replace(".", "/") + "/"
    return max((len(each), at) for at, each in enumerate(FLOORS) if place.startswith(each + "/"))[1]


def modules(root: Path) -> dict[str, Path]:
    """Return the project's own modules by the name that an import gives them."""
    found = {}
    for top in sorted({each.split("/")[0] for each in FLOORS}):
        for path in (root / top).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: set[str]) -> set[str]:
    """Return the project's modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import {node.module} by its whole name"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    # `from grading.sandbox import limits` names a module, `from course.paths import ROOT` something inside one
    return {name if name in known else name.rpartition(".")[0] for name in names} & known


def faults(root: Path) -> list[str]:
    """Return every arrow that climbs, and the circle if there is one."""
    known = modules(root)
    arrows = {name: imported(path, set(known)) - {name} for name, path in known.items()}
    found = [
        f"{name} imports {other}, which is on a higher floor"
        for name, others in sorted(arrows.items())
        for other in sorted(others)
        if floor(other) > floor(name)
    ]
    found += [
        f"{path.relative_to(root)} imports {other}"
        for path in sorted((root / ASSIGNMENTS).glob("*/*.py"))
        for other in sorted(imported(path, set(known)))
        if floor(other) > 0
    ]
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found.append(f"a circle: {' -> '.join(error.args[1])}")
    return found


def test_no_arrow_climbs_and_there_is_no_circle():
    assert len(modules(ROOT)) > 60
    assert faults(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        (
            "course/a.py",
            "from grading import running",
            "course.a imports grading.running, which is on a higher",
        ),
        ("grading/sandbox/a.py", "import grading.results.store", "imports grading.results.store, which"),
        ("course/a.py", "def f():\n    from course import b", "a circle: course."),
        (
            "assignments/x/questions.py",
            "from grading import running",
            "x/questions.py imports grading.running",
        ),
    ],
)
def test_each_kind_of_fault_is_seen(tmp_path, file, line, fault):
    for name in ("course/b.py", "grading/running.py", "grading/results/store.py", file):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            "from course import a\n" if name == "course/b.py" else "", encoding="utf-8"
        )
    (tmp_path / "course" / "a.py").touch()
    assert faults(tmp_path) == []
    (tmp_path / file).write_text(line + "\n", encoding="utf-8")
    (found,) = faults(tmp_path)
    assert fault in found


def test_every_folder_of_code_has_a_floor():
    tops = {path.parent.relative_to(ROOT).parts[0] for path in ROOT.glob("*/*.py")}
    assert tops - {"tests"} == {each.split("/")[0] for each in FLOORS}


def test_nothing_edits_where_python_looks_for_modules():
    places = [
        path.relative_to(ROOT).as_posix()
        for top in (*sorted({each.split("/")[0] for each in FLOORS}), "tests")
        for path in (ROOT / top).rglob("*.py")
        if "sys.path" + ".insert" in path.read_text(encoding="utf-8")
    ]
    assert places == [
        "grading/joining.py"
    ]  # since the script `dask` does not put its folder there, as python -m does


def test_no_file_derives_a_path_of_the_repository_from_its_own_place():
    """course/paths.py alone does; a test may look for a file beside itself."""
    found = []
    for path in modules(ROOT).values():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Name) and node.id == "__file__" for node in ast.walk(tree)):
            found.append(path.relative_to(ROOT).as_posix())
    assert found == ["course/paths.py"]
