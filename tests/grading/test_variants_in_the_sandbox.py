"""The grade command on right and wrong answers of every assignment, as the instructors' page has it tried."""

import re

import pytest

from grading import assignment, marking, masters, notebook, sandbox, variants

NAMES = masters.names()
FIRST = {}  # of each question the first right and the first wrong variant, by their names
for name in NAMES:
    for variant in variants.variants(name):
        FIRST.setdefault((name, variant.question, variant.right), variant)


@pytest.fixture(scope="module")
def boxes(needs_sandbox):
    made = {}
    yield made
    for box in made.values():
        box.close()


@pytest.mark.parametrize("name", NAMES)
def test_first_variants_get_the_points_and_the_feedback_that_they_should(name, boxes):
    loaded = assignment.load(name)
    exam = loaded.exam()
    box = boxes[name] = sandbox.Sandbox(sandbox.FORKED, exam.modules, sandbox.data_folder())
    master = masters.read(name)
    tried = [variant for (of, _, _), variant in FIRST.items() if of == name]
    assert tried
    for variant in tried:
        handed_in = notebook.read(masters.as_json(variants.submission(master, variant)).encode())
        for mark in marking.mark(loaded, handed_in, box.run(exam, handed_in.code)):
            where = (str(variant), mark)
            if loaded.cases.get(mark.question) is None:
                assert mark.state == marking.NEEDS_REVIEW, where
                assert mark.answer, where
                continue
            assert mark.state == marking.GRADED, where
            if mark.question != variant.question or variant.right:
                assert (mark.points, mark.feedback) == (mark.max_points, ""), where
            else:
                assert mark.points < mark.max_points, where
                assert mark.mistake == variant.mistake, where
                assert re.search(variant.feedback, mark.feedback), where


@pytest.mark.parametrize("name", NAMES)
def test_the_untouched_student_version_gets_nothing_and_no_question_is_in_doubt(name, boxes):
    loaded = assignment.load(name)
    box = boxes.get(name) or boxes.setdefault(
        name, sandbox.Sandbox(sandbox.FORKED, loaded.exam().modules, sandbox.data_folder())
    )
    handed_in = notebook.read(masters.student_path(name).read_bytes())
    for mark in marking.mark(loaded, handed_in, box.run(loaded.exam(), handed_in.code)):
        if mark.question in loaded.cases:
            assert (mark.state, mark.points, mark.mistake) == (marking.GRADED, 0, "not-answered"), mark
        else:
            assert mark.reason == "answered in words; nothing was written", mark
