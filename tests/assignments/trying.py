"""Try answers to an assignment in this process, by the calls and the judge of the grading; for trusted code only.

The sandbox does the same beside a student's code. Here TensorFlow is imported once, and many mutants take seconds.
"""

import ast
import builtins
import io
import linecache
import re
import signal
import symtable
import types
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

import numpy as np
from matplotlib import pyplot as plt

from authoring import masters
from course import assignments
from course.paths import ASSIGNMENTS
from course.question import Question
from grading.judging import verdict as judging
from grading.judging.verdict import QuestionVerdict
from grading.sandbox.exam import CallOutcome
from grading.sandbox.inside import answering, cells, messages

SEEDS = (0, 1, 2)
MOST_SECONDS = (
    8  # of the processor, for one call; a right answer takes a small part of it, some mutants never end
)
TRAINING_SECONDS = 30  # a question that is given more than this trains a model


class Endless(BaseException):
    """A call that did not come back in time; not an Exception, so that no answer can catch it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise Endless in code that computes longer; on a busy machine the time by the clock would say nothing."""

    def stop(_signal, _frame):
        raise Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Assignment:
    """An assignment's master and questions, read once, whose answers can be replaced."""

    def __init__(self, name: str):
        self.name = name
        self.master = masters.read(name)
        self.questions = {question.name: question for question in assignments.questions(name)}
        self.called = [question for question in self.questions.values() if question.cases]
        path = ASSIGNMENTS / name / "drivers.py"
        self.drivers = assignments.load(path) if path.exists() else None
        trees = [ast.parse(cell.source) for cell in self.master.cells if cell.cell_type == "code"]
        self.libraries = frozenset(name for tree in trees for name in cells.imported(tree)) - {"plt"}
        self.stubs = {cell.id: cell.source for cell in masters.student(self.master).cells}
        self.answers = {cell.id: cell.source for cell in self.master.cells if cell.id in self.questions}

    def names(self, question: str, source: str, data: bool = False) -> dict:
        """Return what a notebook defines if its answer to one question is `source` and all others are right.

        Of cells that hold no answer only imports, definitions, constants and aliases run: no answer may need more. The
        visible tests may: with `data` everything runs that the grader considers cheap, including loading a data set.
        """
        names = {"__name__": "answers"}
        for cell in self.master.cells:
            if cell.cell_type == "code" and not masters.marks(cell).get("locked"):
                answers = cell.id in self.questions
                for code, read in compiled(
                    source if cell.id == question else cell.source, answers, data, self.libraries
                ):
                    # also left out: what reads a name from a statement that was left out because it is slow
                    if answers or read <= names.keys():
                        exec(code, names)
        return names

    def trains(self, question: str) -> bool:
        """Tell whether answers to a question train for seconds, so that they are tried with fewer seeds."""
        return self.questions[question].seconds > TRAINING_SECONDS

    def visible(self, question: str, source: str) -> str:
        """Return the error that an answer's visible tests end with, or "" if they pass.

        A test that needs data which only a running notebook has is left out.
        """
        names = self.names(question, source, data=True)
        for cell in self.master.cells:
            if not re.fullmatch(rf"{question}-test(-[\w-]+)?", cell.id):
                continue
            test = masters.without_hidden_tests(cell)
            if needs(test) - names.keys():
                continue
            try:
                exec(test, names)
            except Exception as error:
                return f"{type(error).__name__}: {error}"
            finally:
                plt.close("all")
        return ""

    def judge(
        self, question: str, source: str, seed: int, first_fault: bool = False, other: str = ""
    ) -> QuestionVerdict:
        """Return the verdict on an answer, or on the reference of the question `other` beside it.

        `first_fault`: the calls end at the first that is wrong, for mutants.
        """
        asked: Question = self.questions[other or question]
        names = self.names(question, source)
        # the very cases of the grader: see grading/judging/assignment.py
        tried = list(asked.cases(np.random.default_rng([seed, zlib.crc32(asked.name.encode())])))
        outcomes = []
        for case in tried:
            try:
                with limited(asked.seconds if self.trains(question) else MOST_SECONDS):
                    values, error = answering.call(
                        names, asked.function, case.arguments, case.driver, self.drivers
                    )
            except Endless:
                values, error = None, "TimeoutError: it did not come back"
            outcomes.append(CallOutcome(as_sent(values), error))
            if first_fault and judging.fault(case, outcomes[-1]):
                break
        return judging.judge(asked, tried[: len(outcomes)], outcomes)


def as_sent(values: list[np.ndarray] | None) -> list[np.ndarray] | None:
    """Return arrays as they come out of the sandbox; Malformed if a question returns more than a message holds."""
    if values is None:
        return None
    message = io.BytesIO(messages.pack({}, values))
    return messages.read(message.read, len(message.getvalue()))[1]


def needs(test: str) -> set[str]:
    """Return the names that a test reads and neither it nor Python gives."""
    top = symtable.symtable(test, "test", "exec")
    tables = [top]
    for table in tables:  # the list grows during this loop
        tables.extend(table.get_children())
    given = {
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    read = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is top or symbol.is_global())
    }
    return read - given - set(dir(builtins))


DEFINITIONS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef


@lru_cache(maxsize=64)
def compiled(
    source: str, whole: bool, data: bool, libraries: frozenset[str]
) -> list[tuple[types.CodeType, set[str]]]:
    """Return the statements of a cell, with the names that each reads, if it is not a definition.

    All of them, those that are cheap, or those that cost nothing.
    """
    tree = ast.parse(source)
    place = f"<answer {len(source)} {zlib.crc32(source.encode())}>"
    # where tf.function reads the source of what it traces
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    kept = [
        node
        for node in tree.body
        if whole
        or isinstance(node, DEFINITIONS)
        or (isinstance(node, ast.Assign) and is_constant(node.value, libraries))
        or (data and cells.is_cheap(node, libraries))
    ]
    return [
        (
            compile(ast.Module([node], []), place, "exec"),
            set() if isinstance(node, DEFINITIONS) else cells.reads(node) - set(dir(builtins)),
        )
        for node in kept
    ]


def is_constant(node: ast.expr, libraries: frozenset[str]) -> bool:
    """Tell whether an expression is of numbers and strings alone, or a library's name: (0.1, 60_000), tf.compat.v1."""
    if isinstance(node, ast.Attribute):
        return not cells.reads(node) - libraries
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


@cache
def assignment(name: str) -> Assignment:
    """Return an assignment, read once per process."""
    return Assignment(name)
