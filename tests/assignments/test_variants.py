"""The tests of the tests: what each assignment's calls make of right, wrong, missing and untouched answers."""

import itertools
import re

import numpy as np
import pytest
from trying import SEEDS, assignment

from authoring import masters, variants
from course import lesson_links
from course.paths import ASSIGNMENTS

NAMES = masters.names()
QUESTIONS = [(name, question.name) for name in NAMES for question in assignment(name).called]
VARIANTS = [variant for name in NAMES for variant in variants.variants(name)]
LEAST_RIGHT, LEAST_WRONG = 3, 8
NUMBER = re.compile(r"(?<![\w.])\d+\.\d{4,}(?![\w.])")


def of(name, question, right):
    return [v for v in VARIANTS if (v.assignment, v.question, v.right) == (name, question, right)]


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_reference_gets_everything_whatever_the_seed(name, question):
    bench = assignment(name)
    for seed in SEEDS if bench.trains(question) else [*SEEDS, *range(100, 105)]:
        verdict = bench.judge(question, bench.answers[question], seed)
        assert (verdict.points, verdict.feedback) == (bench.questions[question].max_points, "")


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_untouched_stub_gets_nothing_and_is_called_not_answered(name, question):
    bench = assignment(name)
    for seed in SEEDS:
        verdict = bench.judge(question, bench.stubs[question], seed)
        assert (verdict.points, verdict.mistake) == (0, "not-answered")


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_variant_gets_what_it_deserves_three_times_over(variant):
    bench = assignment(variant.assignment)
    trains = bench.trains(variant.question)  # then one try; the reference has three
    for seed in SEEDS[:1] if trains else SEEDS:
        verdict = bench.judge(variant.question, variant.source, seed)
        for _ in range(0 if trains else 2):
            assert verdict == bench.judge(variant.question, variant.source, seed)
        if variant.right:
            assert (verdict.points, verdict.feedback) == (verdict.max_points, "")
            continue
        assert verdict.points < verdict.max_points
        if variant.mistake:
            assert verdict.mistake == variant.mistake, verdict.feedback
        else:
            assert re.search(variant.feedback, verdict.feedback), verdict.feedback
            assert not verdict.mistake
        assert leaked_numbers(verdict.feedback, variant.assignment) == []


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant.right], ids=str)
def test_right_variant_takes_nothing_from_the_questions_that_build_on_it(variant):
    """A right sigmoid in float32 leaves the gradient right to fewer digits, and still right."""
    bench = assignment(variant.assignment)
    function = bench.questions[variant.question].function
    builds = [other for other in bench.called if re.search(rf"\b{function}\b", bench.answers[other.name])]
    for other, seed in itertools.product(builds, SEEDS):
        verdict = bench.judge(variant.question, variant.source, seed, other=other.name)
        assert (other.name, verdict.points, verdict.feedback) == (other.name, verdict.max_points, "")


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_visible_tests_pass_what_is_right_and_say_where_to_read(variant):
    """A wrong answer may pass them, because other calls grade it; but what they say must help."""
    said = assignment(variant.assignment).visible(variant.question, variant.source)
    print(said)
    if variant.right:
        assert said == ""
    elif said.startswith("AssertionError"):
        assert lesson_links.IN_WORDS.search(said) or "`return`" in said


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_there_are_enough_variants_and_every_mistake_is_made_by_one(name, question):
    right, wrong = of(name, question, True), of(name, question, False)
    assert len(right) >= LEAST_RIGHT
    assert len(wrong) >= LEAST_WRONG
    declared = [mistake.name for mistake in assignment(name).questions[question].mistakes]
    assert len(declared) == len(set(declared))
    assert set(declared) == {variant.mistake for variant in wrong if variant.mistake}


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_answers_a_question_that_is_asked(name):
    folder = ASSIGNMENTS / name / "variants"
    files = {path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    asked = {question.name for question in assignment(name).called}
    assert files == {path for verdict in ("right", "wrong") for path in folder.glob(f"{verdict}/*/*.py")}
    assert {path.parent.name for path in files} <= asked


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_cases_are_of_the_same_number_and_worth_whatever_the_seed(name, question):
    asked = assignment(name).questions[question]
    worth = [
        [(case.name, case.points) for case in asked.cases(np.random.default_rng(seed))] for seed in SEEDS
    ]
    assert worth[0] == worth[1] == worth[2]


def parts(value):
    """Return the numbers of an expected value, whatever it is made of."""
    if isinstance(value, tuple | list):
        return [number for part in value for number in parts(part)]
    array = np.asarray(value)
    return array.astype(float).ravel().tolist() if array.dtype.kind in "biuf" else []


def leaked_numbers(text, name):
    """Return the numbers of a text, given with four places or more, that a case of the assignment expects."""
    told = {number.group() for number in NUMBER.finditer(text)}
    if not told:
        return []
    expected = np.array(
        [
            number
            for question in assignment(name).called
            for seed in SEEDS
            for case in question.cases(np.random.default_rng(seed))
            for number in parts(case.expected)
        ]
    )
    return [
        text
        for text in told
        if np.any(np.abs(expected - float(text)) <= 0.5 * 10.0 ** -len(text.split(".")[1]))
    ]


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_students_get_holds_a_solution_or_a_hidden_value(name):
    """A grep over the student version and over all that the feedback can say."""
    bench = assignment(name)
    release = masters.student_path(name).read_text(encoding="utf-8")
    notebook = "\n".join(cell.source for cell in masters.student(bench.master).cells)
    feedback = "\n".join(
        text
        for question in bench.questions.values()
        for text in [*(mistake.says for mistake in question.mistakes)]
        + [case.name for case in (question.cases or (lambda rng: []))(np.random.default_rng(0))]
    )
    lines = {squeezed(line) for line in masters.solution_lines(bench.master)}
    telling = {line for line in lines if len(line) >= 16 and not line.startswith("#")}
    assert telling
    for text in (notebook, feedback):
        assert [line for line in telling if line in squeezed(text)] == []
        assert leaked_numbers(text, name) == []
    for mark in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS"):
        assert mark not in release
    words = [
        cell.source
        for cell in bench.master.cells
        if cell.cell_type == "markdown" and masters.marks(cell).get("solution")
    ]
    assert [line for text in words for line in text.split("\n") if len(line) > 30 and line in notebook] == []


def test_submissions_are_written_for_the_grader(tmp_path):
    name = NAMES[0]
    assert variants.main([name, "--out", str(tmp_path)]) == 0
    written = sorted(tmp_path.glob(f"*/{name}.ipynb"))
    assert len(written) == len(variants.variants(name))


def test_a_wrong_variant_that_does_not_say_what_is_wrong_is_refused(tmp_path):
    path = tmp_path / "b1" / "variants" / "wrong" / "half" / "double.py"
    path.parent.mkdir(parents=True)
    path.write_text("# wrong\ndef half(x):\n    return 2 * x\n", encoding="utf-8")
    with pytest.raises(masters.MasterError, match="begin with"):
        variants.read(path)
