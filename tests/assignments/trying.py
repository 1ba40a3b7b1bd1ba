"""Try answers to an assignment in this process, by the calls and the judge of the grading; for trusted code only.

The sandbox does the same beside a student's code. Here TensorFlow is imported once, and many mutants take seconds.
"""

import ast
import builtins
import functools
import io
import linecache
import re
import signal
import symtable
import sys
import tomllib
import traceback
import types
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache

import numpy as np
from matplotlib import pyplot as plt

from authoring import masters
from course import assignments
from course.paths import ASSIGNMENTS
from course.question import Case, Question
from grading.judging import verdict as judging
from grading.judging.verdict import QuestionVerdict
from grading.sandbox.exam import CallOutcome
from grading.sandbox.inside import answering, cells, messages

SEEDS = (0, 1, 2)
MOST_SECONDS = (
    8  # of the processor, for one call; a right answer takes a small part of it, some mutants never end
)
ANSWER = "<answer"  # so begins the place of an answer's code in a traceback
STRIDE = 100  # of batches, in a training by Keras
TRAINING_SECONDS = 30  # a question that is given more than this trains a model


class Endless(BaseException):
    """A call that did not come back in time; no Exception, so that no answer can catch it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise Endless in what computes longer; on a busy machine the clock on the wall would tell nothing."""

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
        trees = [ast.parse(cell.source) for cell in self.master.cells if cell.cell_type == "code"]
        self.libraries = frozenset(name for tree in trees for name in cells.imported(tree)) - {"plt"}
        self.stubs = {cell.id: cell.source for cell in masters.student(self.master).cells}
        self.answers = {cell.id: cell.source for cell in self.master.cells if cell.id in self.questions}

    @cached_property
    def drivers(self) -> types.ModuleType | None:
        """The assignment's drivers; loaded when an answer is called, since most of them import TensorFlow."""
        path = ASSIGNMENTS / self.name / "drivers.py"
        if not path.exists():
            return None
        loaded = assignments.load(path)
        if "tensorflow" in sys.modules:
            train_in_long_strides()
        return loaded

    @cached_property
    def data(self) -> dict:
        """What the notebook's cells give that need no answer: its data above all. Run once, whole."""
        names, others = {}, set()  # others: given by an answer, by a test, or by what reads such a name
        for cell in self.master.cells:
            if cell.cell_type == "code":
                tree = ast.parse(cell.source)
                if masters.marks(cell) or cells.reads(tree) & others:
                    others.update(*map(cells.gives, tree.body))
                else:
                    exec(compile(tree, f"<{cell.id}>", "exec"), names)
        plt.close("all")
        return names

    def cases(self, question: str, seed: int) -> Sequence[Case]:
        """Return the very cases of the grader, made once: see grading/judging/assignment.py."""
        return made(self.questions[question].cases, seed, zlib.crc32(question.encode()))

    def names(self, question: str, source: str, wanted: Iterable[str] = ()) -> dict:
        """Return what the notebook defines whose answer to one question is `source`, all others being right.

        Of cells that hold no answer only imports, definitions, constants and aliases run: no answer may need more. Its
        visible tests may: of the notebook's data they get what is `wanted`, as a copy.
        """
        names = {name: answering.fresh(self.data[name]) for name in wanted if name in self.data}
        names["__name__"] = "answers"
        for cell in self.master.cells:
            if cell.cell_type == "code" and not masters.marks(cell).get("locked"):
                answers = cell.id in self.questions
                text = source if cell.id == question else cell.source
                for code, read in compiled(text, answers, self.libraries):
                    # what reads a name that something dear would have given is left out too
                    if answers or read <= names.keys():
                        exec(code, names)
        return names

    def trains(self, question: str) -> bool:
        """Tell whether answers to a question train for seconds."""
        return self.questions[question].seconds > TRAINING_SECONDS

    def seeds(self, question: str) -> tuple[int, ...]:
        """Return the seeds that answers are tried with: one where they train, the reference is tried with all."""
        return SEEDS[:1] if self.trains(question) else SEEDS

    def visible(self, question: str, source: str) -> Exception | None:
        """Return the error that an answer's visible tests end with, or None where they pass.

        A test that needs what another test of the running notebook has left is left out.
        """
        tests = [
            masters.without_hidden_tests(cell)
            for cell in self.master.cells
            if re.fullmatch(rf"{question}-test(-[\w-]+)?", cell.id)
        ]
        names = self.names(question, source, set().union(*map(needs, tests)))
        if self.trains(question):
            # as the notebook does, so that the same answer ends the same way
            names["tf"].keras.utils.set_random_seed(0)
        for test in tests:
            if needs(test) - names.keys():
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # they end no cell of a notebook
                    exec(test, names)
            except Exception as error:
                return error
            finally:
                plt.close("all")
        return None

    def outcomes(
        self, question: str, source: str, seed: int, first_fault: bool = False, other: str = ""
    ) -> tuple[Sequence[Case], list[CallOutcome]]:
        """Return the calls of a question, and what came of them; for the arguments see `judge`."""
        asked: Question = self.questions[other or question]
        names = self.names(question, source)
        tried, drivers = self.cases(asked.name, seed), self.drivers
        outcomes = []
        for case in tried:
            try:
                with limited(asked.seconds if self.trains(question) else MOST_SECONDS):
                    values, error = answering.call(
                        names, asked.function, case.arguments, case.driver, drivers
                    )
            except Endless:
                values, error = None, "TimeoutError: it did not come back"
            outcomes.append(CallOutcome(as_sent(values), error))
            if first_fault and judging.fault(case, outcomes[-1]):
                break
        return tried[: len(outcomes)], outcomes

    def judge(
        self, question: str, source: str, seed: int, first_fault: bool = False, other: str = ""
    ) -> QuestionVerdict:
        """Return the verdict on an answer, or on the reference of the question `other` that stands beside it.

        `first_fault`: the calls end at the first that is wrong, for mutants.
        """
        tried, outcomes = self.outcomes(question, source, seed, first_fault, other)
        return judging.judge(self.questions[other or question], tried, outcomes)


@cache
def train_in_long_strides() -> None:
    """Let Keras take STRIDE steps before it comes back to Python, where an answer says nothing of it.

    The steps and their numbers stay the same. With the usual batches of 32 pictures, coming back after each step takes
    three quarters of a training.
    """
    import tensorflow as tf  # imported here: many answers do without

    model, compile_as_asked = tf.keras.Model, tf.keras.Model.compile

    @functools.wraps(compile_as_asked)
    def compile_for_strides(self, *arguments, **options):
        return compile_as_asked(self, *arguments, **{"steps_per_execution": STRIDE, **options})

    model.compile = compile_for_strides


@cache
def made(cases: Callable[[np.random.Generator], Sequence[Case]], *seed: int) -> Sequence[Case]:
    """Return a question's cases for a seed, the same to every answer. To write into their arrays is an error."""
    asked = cases(np.random.default_rng(seed))
    for case in asked:
        lock((case.arguments, case.expected))
    return asked


def lock(value: object) -> None:
    """Make the arrays read-only that a value is made of."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple | list):
        for part in value:
            lock(part)


def as_sent(values: list[np.ndarray] | None) -> list[np.ndarray] | None:
    """Return arrays as they come out of the sandbox; Malformed where a question returns more than a message holds."""
    if values is None:
        return None
    message = io.BytesIO(messages.pack({}, values))
    return messages.read(message.read, len(message.getvalue()), lambda _, arrays: arrays)


def is_raised_by_answer(error: Exception) -> bool:
    """Tell whether an error came out of an answer's own code, not out of what called it."""
    return any(frame.filename.startswith(ANSWER) for frame in traceback.extract_tb(error.__traceback__))


def needs(test: str) -> set[str]:
    """Return the names that a test reads and neither it nor Python gives."""
    top = symtable.symtable(test, "test", "exec")
    tables = [top]
    for table in tables:  # it grows on the way
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
def compiled(source: str, whole: bool, libraries: frozenset[str]) -> list[tuple[types.CodeType, set[str]]]:
    """Return the statements of a cell, with the names that each reads, if it is not a definition.

    All of them, or those that cost nothing.
    """
    tree = ast.parse(source)
    place = f"{ANSWER if whole else '<cell'} {len(source)} {zlib.crc32(source.encode())}>"
    # where tf.function reads the source of what it traces
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    kept = [
        node
        for node in tree.body
        if whole
        or isinstance(node, DEFINITIONS)
        or (isinstance(node, ast.Assign) and is_constant(node.value, libraries))
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


def listed(name: str, file: str) -> dict[str, list[dict]]:
    """Return the entries of each question in a list that an assignment keeps of exceptions; none without the file."""
    path = ASSIGNMENTS / name / file
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def assignment(name: str) -> Assignment:
    """Return an assignment, read once a process."""
    return Assignment(name)
