"""The tests of the tests: what each assignment's calls make of right, wrong, missing and untouched answers."""

import re
from functools import cache

import numpy as np
import pytest
from trying import SEEDS, STRIDE, assignment, is_raised_by_answer, listed

from authoring import masters, variants
from course import lesson_links
from course.paths import ASSIGNMENTS

NAMES = masters.names()
QUESTIONS = [(name, question.name) for name in NAMES for question in assignment(name).called]
VARIANTS = [variant for name in NAMES for variant in variants.variants(name)]
LEAST_RIGHT, LEAST_WRONG = 3, 8
NUMBER = re.compile(r"(?<![\w.])\d+\.\d{4,}(?![\w.])")
# what a wrong answer may end a visible test with before it has a result that the test could speak of
ITS_OWN_ERRORS = {"TypeError", "ValueError", "OverflowError", "InvalidArgumentError"}


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
def test_variant_gets_what_it_deserves_whatever_the_seed_and_the_same_again(variant):
    """Each seed once, and at the end the first once more, which then comes after itself and after all others.

    Chance within an answer and what earlier calls have left behind would show there, as another verdict. To try each
    seed three times in a row asks the same code the same, and never a seed after another one.
    """
    bench = assignment(variant.assignment)
    seeds = SEEDS if variant.right else bench.seeds(variant.question)
    verdicts = [bench.judge(variant.question, variant.source, seed) for seed in seeds]
    if not bench.trains(variant.question):
        assert verdicts[0] == bench.judge(variant.question, variant.source, seeds[0])
    for verdict in verdicts:
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
    builds = [
        other.name
        for other in bench.called
        if other.name != variant.question and re.search(rf"\b{function}\b", bench.answers[other.name])
    ]
    for other in builds:
        for seed in SEEDS:
            verdict = bench.judge(variant.question, variant.source, seed, other=other)
            assert (other, verdict.points, verdict.feedback) == (other, verdict.max_points, "")


@cache
def unnoticed(name):
    """Return the wrong variants that an assignment's visible tests let pass: {QUESTION/FILE: why}."""
    return {
        f"{question}/{file}": entry["why"]
        for question, entries in listed(name, "unnoticed.toml").items()
        for entry in entries
        for file in entry["variants"]
    }


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_visible_tests_pass_what_is_right_and_say_where_to_read(variant):
    """A wrong answer may pass them where unnoticed.toml says why, since the calls that grade it are others.

    Any other one ends them with words that help, or with an error of its own before it has a result.
    """
    error = assignment(variant.assignment).visible(variant.question, variant.source)
    said = f"{type(error).__name__}: {error}"
    if variant.right or f"{variant.question}/{variant.name}" in unnoticed(variant.assignment):
        assert error is None, said
    elif isinstance(error, AssertionError):
        assert lesson_links.IN_WORDS.search(said) or "`return`" in said
    else:
        assert error is not None, "passes the visible tests: add a test, or list it in unnoticed.toml"
        assert type(error).__name__ in ITS_OWN_ERRORS and is_raised_by_answer(error), said


@pytest.mark.parametrize("name", NAMES)
def test_unnoticed_variants_are_wrong_ones_and_say_why(name):
    wrong = {f"{v.question}/{v.name}" for v in VARIANTS if v.assignment == name and not v.right}
    assert set(unnoticed(name)) <= wrong
    assert all(len(why.split()) >= 4 for why in unnoticed(name).values())


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


def test_cases_are_made_once_and_nothing_can_write_into_them():
    cases = assignment("a1").cases("train", 0)
    assert cases is assignment("a1").cases("train", 0)
    with pytest.raises(ValueError, match="read-only"):
        cases[0].arguments[0][:] = 0


def test_long_strides_train_to_the_same_numbers_and_an_answer_may_ask_for_others():
    assert assignment("a3").drivers
    import tensorflow as tf

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(250, 4)).astype(np.float32), rng.integers(0, 3, 250)

    def trained(**asked):
        tf.keras.utils.set_random_seed(0)
        model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3)])
        loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss=loss, **asked)
        model.fit(x, y, batch_size=2, epochs=2, verbose=0)
        return model.steps_per_execution, *model.get_weights()

    (long, *reached), (short, *expected) = trained(), trained(steps_per_execution=1)
    assert (long, short) == (STRIDE, 1)
    assert all(np.array_equal(got, right) for got, right in zip(reached, expected, strict=True))


def parts(value):
    """Return the numbers of an expected value, whatever it is made of."""
    if isinstance(value, tuple | list):
        return [number for part in value for number in parts(part)]
    array = np.asarray(value)
    return array.astype(float).ravel().tolist() if array.dtype.kind in "biuf" else []


@cache
def expected_numbers(name):
    """Return all numbers that the cases of an assignment expect."""
    bench = assignment(name)
    return np.array(
        [
            number
            for question in bench.called
            for seed in SEEDS
            for case in bench.cases(question.name, seed)
            for number in parts(case.expected)
        ]
    )


def leaked_numbers(text, name):
    """Return the numbers of a text, given with four places or more, that a case of the assignment expects."""
    return [
        told
        for told in {number.group() for number in NUMBER.finditer(text)}
        if np.any(np.abs(expected_numbers(name) - float(told)) <= 0.5 * 10.0 ** -len(told.split(".")[1]))
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
