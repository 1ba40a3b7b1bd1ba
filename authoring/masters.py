"""Make the student version, the executed solution and nbgrader's source from the one master of an assignment.

A master is `assignments/NAME/NAME.md`, a MyST notebook like the lessons. A cell that nbgrader handles says so in its
metadata, in short form: `:nbgrader: {grade_id: sigmoid, solution: true}`; the rest is filled in here.

    an answer       {grade_id: NAME, solution: true}; its first line is `# GRADED: NAME`, and what a student has to
                    write is between `### BEGIN SOLUTION` and `### END SOLUTION`
    a visible test  {grade_id: NAME-test, grade: true, locked: true, points: 3}; several: NAME-test-shapes, …
                    what only nbgrader's autograde may run: `### BEGIN HIDDEN TESTS` … `### END HIDDEN TESTS`
    in words        a Markdown cell, {grade_id: NAME, grade: true, solution: true, points: 4}, whose text is the
                    model answer

NAME is the name of a question in `questions.py`, which holds the calls that the grade comes from. Made from the master:

    notebooks/assignments/NAME.ipynb              what students get: no solutions, no hidden tests, no outputs
    _build/assignments/solutions/NAME.ipynb       the master executed; it must not be published
    _build/assignments/source/NAME/NAME.ipynb     the master as nbgrader's own `source` folder wants it

    python -m authoring.masters [NAME ...] [--check | --no-execution]
"""

from __future__ import annotations

import argparse
import ast
import copy
import re
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from authoring import shared_cells, sync
from authoring.incoming import TEXT_FORMAT, fresh_id, read_text, refuse_raw
from course.assignments import NOT_WRITTEN, WRITE_HERE, names, questions, student_path
from course.files import write_if_changed
from course.paths import NOTEBOOKS, ROOT
from course.question import Question

MARK = re.compile(r"^# GRADED: ([\w-]+)$", re.M)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
# nbgrader's own names and values, version 3 of its metadata
DEFAULTS = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}


class MasterError(ValueError):
    """No student version can be made from a master; the text says which cell is at fault and what to do."""


CODE_CELL = re.compile(
    r"(?P<head>^```\{code-cell\}.*\n(?:---\n(?:.*\n)*?---\n|(?::.*\n)*\n?))(?P<code>(?:.*\n)*?)(?P<tail>```$)",
    re.M,
)


def read(name: str, root: Path = ROOT) -> NotebookNode:
    """Return an assignment's master as a notebook, its nbgrader metadata complete and its cell ids fixed."""
    text = read_text(root / "assignments" / name / f"{name}.md")
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": sync.KERNELSPEC,
            "language_info": sync.LANGUAGE,
        }
    )
    taken: set[str] = set()
    for cell in jupytext.reads(text, fmt=TEXT_FORMAT).cells:
        refuse_raw(cell, f"assignments/{name}/{name}.md, {first_line(cell)!r}")
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        new = make(cell.source, metadata=copy.deepcopy(cell.metadata))
        if "nbgrader" in new.metadata:
            short = new.metadata.nbgrader
            if "grade_id" not in short:
                raise MasterError(f"{name}: {first_line(new)!r} has nbgrader metadata without a grade_id")
            new.metadata.nbgrader = nbformat.from_dict(DEFAULTS | {"cell_type": new.cell_type} | short)
            new.id = short.grade_id
        else:
            new.id = fresh_id(new, taken)
        if new.id in taken:
            raise MasterError(f"{name}: two cells have the grade_id {new.id!r}")
        taken.add(new.id)
        notebook.cells.append(new)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def format_code(text: str) -> str:
    """Return a master's text with its shared cells renewed and all code formatted as ruff formats notebooks."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--quiet", "--stdin-filename", NOTEBOOKS / "cell.py", "-"]

    def formatted(cell: re.Match) -> str:
        code = shared_cells.current(cell["code"].rstrip("\n")) + "\n"
        done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MasterError(f"{cell['code'][:60]!r}: {done.stderr.strip()}")
        return cell["head"] + done.stdout + cell["tail"]

    return CODE_CELL.sub(formatted, text)


def first_line(cell: NotebookNode) -> str:
    """Return how a cell begins, to name it in an error."""
    return cell.source.strip().split("\n")[0][:60]


def marks(cell: NotebookNode) -> dict:
    """Return a cell's nbgrader metadata, empty if it has none."""
    return cell.metadata.get("nbgrader", {})


def regions(source: str, begin: str, end: str) -> tuple[list[str], list[list[str]]]:
    """Split a cell at the marks of its regions; return its other lines, with None for each region, and the regions.

    MasterError if a region does not end, or ends before it begins.
    """
    kept, found, inside = [], [], None
    for line in source.split("\n"):
        mark = line.strip()
        if mark == begin and inside is None:
            inside = []
            kept.append(None)
        elif mark == end and inside is not None:
            found.append(inside)
            inside = None
        elif mark in (begin, end):
            raise MasterError(f"{source.strip().split(chr(10))[0]!r}: {mark!r} is not allowed there")
        else:
            (kept if inside is None else inside).append(line)
    if inside is not None:
        raise MasterError(f"{source.strip().split(chr(10))[0]!r}: {begin!r} has no {end!r}")
    return kept, found


def solution_lines(notebook: NotebookNode) -> list[str]:
    """Return every line between the marks of a solution, without its indentation."""
    return [
        line.strip()
        for cell in notebook.cells
        if cell.cell_type == "code"
        for region in regions(cell.source, BEGIN, END)[1]
        for line in region
        if line.strip()
    ]


def without_solution(cell: NotebookNode) -> str:
    """Return an answer's cell as students get it: in place of each solution an error that says what is missing."""
    if cell.cell_type == "markdown":
        return WRITE_HERE
    kept, found = regions(cell.source, BEGIN, END)
    if not found:
        raise MasterError(f"{cell.id}: an answer without {BEGIN!r}: students would get the solution")
    stubs = iter(
        textwrap.indent(
            f"# YOUR CODE HERE\n"
            f'raise NotImplementedError("{cell.id} {NOT_WRITTEN}: replace this line with your code")',
            " " * (len(region[0]) - len(region[0].lstrip())),
        )
        for region in found
    )
    return "\n".join(next(stubs) if line is None else line for line in kept)


def without_hidden_tests(cell: NotebookNode) -> str:
    """Return a cell's source without the tests that students must not see."""
    kept, _ = regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)
    return "\n".join(line for line in kept if line is not None).rstrip()


def student(master: NotebookNode) -> NotebookNode:
    """Return what students get: solutions and hidden tests taken out, locked cells locked, nothing executed."""
    notebook = copy.deepcopy(master)
    for cell in notebook.cells:
        if marks(cell).get("solution"):
            cell.source = without_solution(cell)
        if cell.cell_type == "code":
            cell.source = without_hidden_tests(cell)
        if marks(cell).get("locked"):
            cell.metadata |= {"editable": False, "deletable": False}
    return notebook


def points(master: NotebookNode) -> dict[str, int]:
    """Return the points of each question: of its tests, or of the cell that is answered in words."""
    total: Counter[str] = Counter()
    for cell in master.cells:
        if marks(cell).get("grade"):
            total[re.sub(r"-test(-[\w-]+)?$", "", cell.id)] += marks(cell)["points"]
    return dict(total)


def faults(master: NotebookNode, asked: list[Question]) -> list[str]:
    """Return where a master and `questions.py` disagree, or a cell lacks what a student or the grader needs."""
    found = []
    cells = {cell.id: cell for cell in master.cells if marks(cell)}
    for question in asked:
        cell = cells.get(question.name)
        if cell is None or not marks(cell)["solution"]:
            found.append(f"{question.name}: no cell with this grade_id and solution: true")
            continue
        if question.cases is None:
            if cell.cell_type != "markdown" or not marks(cell)["grade"]:
                found.append(f"{question.name}: an answer in words is a Markdown cell with grade: true")
            if re.search(r"^#+ ", cell.source, re.M):
                found.append(
                    f"{question.name}: holds a heading, which students would lose; end the answer with +++"
                )
            continue
        if not cell.source.startswith(f"# GRADED: {question.name}\n"):
            found.append(f"{question.name}: the first line must be '# GRADED: {question.name}'")
        defined = {node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)}
        if question.function not in defined:
            found.append(f"{question.name}: the cell does not define {question.function}")
    order = [cell.id for cell in master.cells]
    for cell in cells.values():
        kind = marks(cell)
        question = re.sub(r"-test(-[\w-]+)?$", "", cell.id)
        if question not in {question.name for question in asked}:
            found.append(f"{cell.id}: questions.py has no such question")
        elif cell.id != question:
            if not (kind["grade"] and kind["locked"]) or kind["solution"] or cell.cell_type != "code":
                found.append(f"{cell.id}: a test needs grade: true, locked: true, and no solution")
            if question in order and order.index(cell.id) < order.index(question):
                found.append(f"{cell.id}: comes before the answer that it tests")
            visible = without_hidden_tests(cell)
            silent = [
                node.lineno
                for node in ast.walk(ast.parse(visible))
                if isinstance(node, ast.Assert) and not node.msg
            ]
            found += [f"{cell.id}: the assert in line {line} has no message" for line in silent]
    wanted = {question.name: question.max_points for question in asked}
    if points(master) != wanted:
        found.append(f"points: {points(master)} in the master, {wanted} in questions.py")
    return found


def as_json(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def check(name: str, root: Path = ROOT) -> list[str]:
    """Return what keeps an assignment from being handed out; nothing is written or executed."""
    master = read(name, root)
    found = [f"{name}: {fault}" for fault in faults(master, questions(name, root))]
    path = student_path(name, root)
    if not path.exists() or path.read_text(encoding="utf-8") != as_json(student(master)):
        found.append(f"{name}: notebooks/assignments/{name}.ipynb is stale: run make assignments")
    return found


def build(name: str, root: Path = ROOT, execute: bool = True) -> str:
    """Format a master's code, write all that is made from the master, and say in a few words what was done.

    MasterError if the master does not fit `questions.py`; sync.SyncError if a cell of the solution fails.
    """
    text = root / "assignments" / name / f"{name}.md"
    write_if_changed(text, format_code(read_text(text)))
    master = read(name, root)
    if found := faults(master, questions(name, root)):
        raise MasterError("\n".join(found))
    made = root / "_build" / "assignments"
    wanted = {
        student_path(name, root): student(master),
        made / "source" / name / f"{name}.ipynb": master,
    }
    if execute:
        solution = copy.deepcopy(master)
        sync.execute(solution, root)
        wanted[made / "solutions" / f"{name}.ipynb"] = solution
    written = []
    for path, notebook in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if write_if_changed(path, as_json(notebook)):
            written.append(path.relative_to(root).as_posix())
    return "wrote " + ", ".join(written) if written else "nothing to do"


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="*", help="such as a1; without a name, all of them")
    parser.add_argument("--check", action="store_true", help="report, change nothing")
    parser.add_argument("--no-execution", action="store_true", help="leave the solution version out")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.name) - set(names(root))):
        print(
            f"no such assignment: {', '.join(unknown)}. There are: {', '.join(names(root))}", file=sys.stderr
        )
        return 2
    failed = False
    for name in options.name or names(root):
        if options.check:
            try:
                found = check(name, root)
            except (MasterError, sync.SyncError) as error:
                found = [f"{name}: {error}"]
            failed |= bool(found)
            print("\n".join(found) or f"{name}: in order")
            continue
        try:
            print(f"{name}: {build(name, root, execute=not options.no_execution)}", flush=True)
        except (MasterError, sync.SyncError) as error:
            failed = True
            print(f"{name}: refused: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
