"""The grade command on right and wrong answers of every assignment, as the instructors' page describes it."""

import re
from dataclasses import replace

import pytest

from authoring import masters, variants
from course.assignments import names, student_path
from grading.judging import assignment, grades
from grading.sandbox import asking
from grading.sandbox.exam import FORKED
from grading.submissions import notebook

NAMES = names()
FIRST = {}  # of each question the first right and the first wrong variant, by their names
for name in NAMES:
    for variant in variants.variants(name):
        FIRST.setdefault((name, variant.question, variant.right), variant)


@pytest.fixture(scope="module")
def run(needs_sandbox):
    """Run a notebook's cells in the sandbox that the grader itself keeps for an exam."""

    def run(exam, cells):
        box = asking.kept(exam)
        assert box.way == FORKED
        return box.run(exam, cells)

    yield run
    asking.close_kept()


@pytest.mark.parametrize("name", NAMES)
def test_first_variants_get_the_points_and_the_feedback_that_they_should(name, run):
    loaded = assignment.load(name)
    exam = loaded.exam()
    master = masters.read(name)
    tried = [variant for (of, _, _), variant in FIRST.items() if of == name]
    assert tried
    for variant in tried:
        handed_in = notebook.read(masters.as_json(variants.submission(master, variant)).encode())
        # only its own question is asked: the others say nothing of this answer, and some train for seconds
        alone = replace(exam, questions=tuple(q for q in exam.questions if q.name == variant.question))
        (mark,) = [
            mark
            for mark in grades.mark(loaded, handed_in, run(alone, handed_in.code))
            if mark.question == variant.question
        ]
        assert mark.state == grades.GRADED, (variant.name, mark)
        if variant.right:
            assert (mark.points, mark.feedback) == (mark.max_points, ""), (variant.name, mark)
        else:
            assert mark.points < mark.max_points, (variant.name, mark)
            assert mark.mistake == variant.mistake, (variant.name, mark)
            assert re.search(variant.feedback, mark.feedback), (variant.name, mark)


@pytest.mark.parametrize("name", NAMES)
def test_the_untouched_student_version_gets_nothing_and_no_question_is_in_doubt(name, run):
    loaded = assignment.load(name)
    handed_in = notebook.read(student_path(name).read_bytes())
    for mark in grades.mark(loaded, handed_in, run(loaded.exam(), handed_in.code)):
        if mark.question in loaded.cases:
            assert (mark.state, mark.points, mark.mistake) == (grades.GRADED, 0, "not-answered"), mark
        else:
            assert mark.reason == "answered in words; nothing was written", mark


PATCHED = """
import tensorflow as tf


def compute_cost(Z3, Y):
    return tf.reduce_sum(Z3)


def run(session, fetches, feed, **more):
    logits, labels = feed.values()
    shares = np.exp(logits - logits.max(axis=0))
    shares /= shares.sum(axis=0)
    return -np.log(shares[labels == 1]).mean(), (shares - labels) / logits.shape[1]


tf.compat.v1.Session.run = run
"""


def test_drivers_keep_what_they_call_from_before_the_student_s_code(run):
    """Right numbers from a session of the student's own are none of the graph that was asked for."""
    loaded = assignment.load("a2")
    cells = [{"source": text, "grade_id": "", "solution": False, "locked_test": False} for text in (
        "import numpy as np", PATCHED,
    )]  # fmt: skip
    cells[1] |= {"grade_id": "compute-cost", "solution": True}
    exam = loaded.exam()
    exam = replace(exam, questions=tuple(q for q in exam.questions if q.name == "compute-cost"))
    report = run(exam, cells)
    marks = {mark.question: mark for mark in grades.mark(loaded, notebook.Notebook(cells), report)}
    assert (marks["compute-cost"].state, marks["compute-cost"].points) == (grades.GRADED, 0)


def test_what_looks_data_up_finds_none_and_is_told_so(run):
    loaded = assignment.load("a3")
    (variant,) = [v for v in variants.variants("a3") if v.name == "looked_up"]
    cells = [{"source": variant.source, "grade_id": variant.question, "solution": True, "locked_test": False}]
    cells.insert(0, cells[0] | {"source": "import numpy as np\nimport tensorflow as tf", "grade_id": ""})
    exam = loaded.exam()
    exam = replace(exam, questions=tuple(q for q in exam.questions if q.name == variant.question))
    marks = grades.mark(loaded, notebook.Notebook(cells), run(exam, cells))
    (mark,) = [mark for mark in marks if mark.question == variant.question]
    assert (mark.state, mark.points, mark.mistake) == (grades.GRADED, 0, "arguments-ignored"), mark
