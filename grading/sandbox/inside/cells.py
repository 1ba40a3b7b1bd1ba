"""Find the answers in a notebook's cells and run what they need. Runs inside the sandbox, beside the student's code.

An answer is the function that the last cell marked for it gives; if no marked cell gives one, what a run of the
notebook from top to bottom leaves under its name. A function without a body, as it was handed out, is none where there
is another.

A cell that holds an answer runs in full. Of all other cells only those statements run that an answer may need and that
cost nothing: imports, definitions, and assignments that only call libraries. So a training of minutes is left out.
Names that depend on what was left out are removed, so that an answer which uses one fails with a NameError instead
of computing with half-made data; the grader then runs such a notebook again with everything in it.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import linecache
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from grading.sandbox.inside.answering import said

MARK = re.compile(r"^\s*#\s*GRADED:\s*([\w-]+)", re.MULTILINE)
CELL_MAGIC = re.compile(r"\s*%%(\w+)")
BODY_IS_PYTHON = {"time", "timeit", "capture", "prun", "python", "python3"}
LOOKS_ONLY = {"print", "display", "plt", "len", "type", "help"}  # calls that change none of their arguments
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Loaded:
    """What came of a notebook: its names, where each answer was found, and what went wrong."""

    names: dict[str, Any]
    answers: dict[str, list[int]] = field(default_factory=dict)  # question: the cells that hold its answer
    errors: list[dict[str, Any]] = field(
        default_factory=list
    )  # cell, error, whether it is one of syntax, names that a failed import did not give
    left_out: set[str] = field(default_factory=set)  # names that only left-out statements would give
    in_force: dict[str, Any] = field(default_factory=dict)  # question: the function that its last cell left


def as_python(source: str) -> str:
    """Return the source of a cell as IPython runs it: its commands have become calls of get_ipython()."""
    if magic := CELL_MAGIC.match(source):
        if magic[1] not in BODY_IS_PYTHON:
            return ""
        source = source[: magic.start(1)].replace("%", "") + "\n" + source[magic.end() :].partition("\n")[2]
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        # imported late, since few cells need it; what it cannot read either is left as it is
        from IPython.core.inputtransformer2 import TransformerManager

        with contextlib.suppress(Exception):
            return TransformerManager().transform_cell(source)
    return source


class WithoutCommands(ast.NodeTransformer):
    """Leave out the statements that call get_ipython(); of `%time x = f()` the Python in it stays."""

    def generic_visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        """Return a statement, what is left of a command, or any other node with its own parts visited."""
        if isinstance(node, ast.Expr | ast.Assign):
            calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
            if any(root(call) == "get_ipython" for call in calls):
                match calls[0]:
                    case ast.Call(args=[ast.Constant("time"), ast.Constant(str(code))]):
                        return ast.parse(code).body or ast.Pass()
                return ast.Pass()
        return super().generic_visit(node)


def parsed(source: str, place: str) -> ast.Module:
    """Return the syntax tree of a cell, and let tracebacks and tf.function find its source."""
    text = as_python(source)
    tree = ast.parse(text, place)
    if "get_ipython" in text:
        tree = ast.fix_missing_locations(WithoutCommands().visit(tree))
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    return tree


def marked(cells: Sequence[Mapping[str, Any]], name: str) -> list[int]:
    """Return the cells that are marked for a question, by nbgrader's metadata or by `# GRADED: name`."""
    return [
        i
        for i, cell in enumerate(cells)
        if (cell["grade_id"] == name and cell["solution"]) or name in MARK.findall(cell["source"])
    ]


def find_answers(
    cells: Sequence[Mapping[str, Any]], trees: Mapping[int, ast.Module], questions: Mapping[str, str]
) -> dict[str, list[int]]:
    """Return for each question, given with its function, the cells of its answers.

    They are those that give the function a body; else those that seem to and cannot be read; else those that are
    marked for the question, or hold the function as it was handed out.
    """
    found: dict[str, list[int]] = {}
    for name, function in questions.items():
        given = {
            i: [node for node in tree.body if function in binds(node)]
            for i, tree in trees.items()
            if function in cells[i]["source"]
        }
        written = [i for i, nodes in given.items() if not all(map(is_empty, nodes))]
        seems = re.compile(rf"^\s*(?:def\s+{function}\b|{function}\s*=[^=])", re.MULTILINE)
        unread = [
            i
            for i, cell in enumerate(cells)
            if i not in trees and not cell["locked_test"] and seems.search(cell["source"])
        ]
        found[name] = written or unread or marked(cells, name) or [i for i, nodes in given.items() if nodes]
    return found


def binds(node: ast.AST) -> set[str]:
    """Return the names that a statement gives to the notebook, which the names inside a function are not."""
    names, left = set(), [node]
    while left:
        part = left.pop()
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(part.name)
        elif isinstance(part, ast.Import | ast.ImportFrom):
            names |= imported(part)
        elif isinstance(part, ast.Name):
            names |= {part.id} if isinstance(part.ctx, ast.Store) else set()
        elif not isinstance(part, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            left.extend(ast.iter_child_nodes(part))
    return names


def is_empty(node: ast.stmt) -> bool:
    """Tell whether a statement is a function without a body: `pass`, a docstring, the error of what was handed out."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (isinstance(part, ast.Raise) and part.exc is not None and root(part.exc) == "NotImplementedError")
        for part in node.body
    )


def root(node: ast.expr) -> str:
    """Return the name that a chain of attributes, calls and indices begins with; "" if it does not begin with one."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> set[str]:
    """Return the names that import statements give."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def reads(node: ast.AST) -> set[str]:
    """Return the names that a statement reads."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def gives(node: ast.AST) -> set[str]:
    """Return the names that a definition or an assignment gives."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def changes(node: ast.AST) -> set[str]:
    """Return the names that a statement gives or may change: assigned, indexed, or used by a call."""
    names: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            names.add(part.id)
        elif isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load):
            names.add(root(part))
        elif isinstance(part, ast.Call) and root(part.func) not in LOOKS_ONLY:
            names.add(root(part.func))
            names.update(root(argument) for argument in part.args)
    return names - {""}


def is_cheap(node: ast.stmt, libraries: set[str]) -> bool:
    """Tell whether a statement may run although its cell holds no answer: see the top of this file."""
    if isinstance(node, DEFINITIONS):
        return True
    if isinstance(node, ast.If | ast.Try | ast.With):
        inner = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.stmt)]
        inner += [part for handler in getattr(node, "handlers", ()) for part in handler.body]
        heads = [getattr(node, "test", None), *(item.context_expr for item in getattr(node, "items", ()))]
        return all(is_cheap(part, libraries) for part in inner) and all(
            calls_only(head, libraries) for head in heads if head is not None
        )
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return calls_only(node, libraries)
    return isinstance(node, ast.Pass)


def calls_only(node: ast.AST, libraries: set[str]) -> bool:
    """Tell whether all calls in an expression are of libraries or of Python's built-in functions."""
    allowed = libraries | set(dir(builtins))
    return all(
        root(part.func) in allowed
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and not isinstance(part.func, ast.Constant)
    )


def load(
    cells: Sequence[Mapping[str, Any]],
    questions: Mapping[str, str],
    module: ModuleType,
    *,
    skip: Iterable[tuple[int, int]] = (),
    everything: bool = False,
    about_to: Callable[[int, int], None] = lambda cell, statement: None,
) -> Loaded:
    """Run a notebook's cells in a module, statement by statement; an error ends neither the cell nor the notebook.

    Cells have `source`, `grade_id`, `solution` and `locked_test`. `questions` gives the function of each question.
    `skip` names statements, as (cell, statement), that broke an earlier run. `about_to` is called before each one.
    """
    loaded = Loaded(vars(module))
    loaded.names["display"] = lambda *things, **options: None
    trees: dict[int, ast.Module] = {}
    for i, cell in enumerate(cells):
        if cell["locked_test"]:
            continue
        try:
            trees[i] = parsed(cell["source"], f"<cell {i + 1}>")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            loaded.errors.append({"cell": i, "error": said(error), "syntax": True, "lost": []})
    loaded.answers = find_answers(cells, trees, questions)
    own = {name: marked(cells, name) for name in questions}
    # a later try under the name of a marked answer is not the answer
    first = {name: set(own[name]) & set(places) or set(places) for name, places in loaded.answers.items()}
    holds_answer = {i for places in (*own.values(), *first.values()) for i in places}
    libraries = {name for tree in trees.values() for name in imported(tree)}
    skipped = set(skip)
    for i, tree in trees.items():
        before = {name: loaded.names.get(function) for name, function in questions.items()}
        for number, node in enumerate(tree.body):
            left_out = (i, number) in skipped
            if not (everything or i in holds_answer or left_out):
                left_out = not is_cheap(node, libraries) or (
                    not isinstance(node, DEFINITIONS) and bool(reads(node) & loaded.left_out)
                )
            if left_out:
                gone = changes(node) - libraries - set(dir(builtins))
                loaded.left_out |= gone
                for name in gone:
                    loaded.names.pop(name, None)
                continue
            about_to(i, number)
            try:
                exec(compile(ast.Module([node], []), f"<cell {i + 1}>", "exec"), loaded.names)
            except (
                BaseException
            ) as error:  # whatever the student's code raises, SystemExit too, is a fact to report
                lost = sorted(imported(node)) if isinstance(error, ImportError) else []
                loaded.errors.append({"cell": i, "error": said(error), "syntax": False, "lost": lost})
                loaded.left_out |= changes(node)
            else:
                loaded.left_out -= gives(node)
        for name, places in first.items():
            # what cannot be called, such as a number, is no other answer
            function = loaded.names.get(questions[name])
            if i in places and callable(function) and function is not before.get(name):
                loaded.in_force[name] = function
    for name, places in loaded.answers.items():
        if name in loaded.in_force:
            loaded.names[questions[name]] = loaded.in_force[name]
        elif places:  # the cell that should give the function failed: another one does not stand in for it
            loaded.names.pop(questions[name], None)
    return loaded
