"""What a mistake leads to is worked out once, however many submissions show it."""

import numpy as np
import pytest

from course.question import Case, Mistake, Question
from grading.judging import verdict as judging
from grading.sandbox.exam import CallOutcome


def test_a_mistake_is_worked_out_once_for_each_case_and_recognised_in_each_submission():
    asked = []

    def doubled(x):
        asked.append(x)
        return 2 * x, x

    cases = [
        Case("one", (1.0,), (0.5, 1.0)),
        Case("nothing", (0.0,), (0.0, 0.0)),
        Case("two", (2.0,), (1.0, 2.0)),
    ]
    mistake = Mistake("doubled", "You doubled it.", "01-sigmoid.ipynb", returns=doubled)
    question = Question("half", "half", lambda rng: cases, [mistake])
    wrong = [CallOutcome([np.array(2 * x), np.array(x)]) for (x,) in (case.arguments for case in cases)]
    verdicts = [judging.judge(question, cases, wrong) for _ in range(3)]
    assert [verdict.mistake for verdict in verdicts] == ["doubled"] * 3
    assert sorted(asked) == [1.0, 2.0]
    # where the mistake changes nothing it explains nothing
    wrong[1] = CallOutcome([np.array(7.0), np.array(0.0)])
    assert judging.judge(question, cases[1:2], wrong[1:2]).mistake == ""
    # and where something else is wrong too that is said, unless it explains hardly anything
    verdict = judging.judge(question, cases, wrong)
    assert (verdict.points, verdict.mistake) == (0, "doubled")
    assert verdict.feedback == (
        "This was tried: one. Not all that failed, but some of it, looks like this: You doubled it."
    )
    verdict = judging.judge(question, [*cases[:1], *cases[1:2] * 6], [*wrong[:1], *wrong[1:2] * 6])
    assert verdict.mistake == ""
    assert verdict.feedback == "This was tried: one. Value 1 of 2 has the right shape, and a wrong value."


def number(value, error=""):
    return CallOutcome(None if error else [np.array(value)], error)


def test_two_mistakes_that_explain_all_together_are_both_told():
    cases = [Case("one", (1.0,), 1.0), Case("two", (2.0,), 2.0), Case("far", (1000.0,), 0.0)]
    mistakes = [
        Mistake("other", "Other.", "x", raises="KeyError"),
        Mistake("far", "Too far.", "x", shown_by=lambda given, got: got[0] == np.inf),
        Mistake("minus", "A minus.", "y", returns=lambda x: -x),
    ]
    question = Question("same", "same", lambda rng: cases, mistakes)
    verdict = judging.judge(question, cases, [number(-1.0), number(-2.0), number(np.inf)])
    assert (verdict.mistake, verdict.read) == ("minus", "y")
    assert verdict.feedback == "This was tried: one. A minus. Too far."
    nan = [number(np.nan)] * 3
    logarithm = Mistake("log", "A logarithm.", "x", returns=lambda x: np.nan if x < 3 else 5.0)
    question = Question("same", "same", lambda rng: cases, [logarithm])
    assert judging.judge(question, cases, nan).mistake == ""


def test_what_the_code_of_a_mistake_raises_is_no_match():
    cases = [Case("one", (1.0,), 1.0)]

    def breaks(*given):
        raise TypeError("an array was expected")

    mistakes = [Mistake("a", "A.", "x", returns=breaks), Mistake("b", "B.", "x", shown_by=breaks)]
    mistakes.append(Mistake("c", "C.", "x", returns=lambda x: 2 * x))
    question = Question("same", "same", lambda rng: cases, mistakes)
    assert judging.judge(question, cases, [number(2.0)]).mistake == "c"
    assert judging.judge(question, cases, [number(3.0)]).feedback.endswith("and a wrong value.")


def test_what_a_check_cannot_stand_is_wrong():
    cases = [Case("one", (1.0,), None, accept=lambda values: "" if values[0][0, 0] else "Wrong.")]
    question = Question("same", "same", lambda rng: cases)
    verdict = judging.judge(question, cases, [number(2.0)])
    assert verdict.points == 0
    assert verdict.feedback.endswith("It returned something that cannot be compared with what was asked for.")


@pytest.mark.parametrize(
    ("values", "points"), [((1, 2, 3), 3), ((1, 0, 3), 1), ((1, 2, 0), 2), ((0, 2, 3), 1), ((0, 0, 3), 1)]
)
def test_a_call_without_points_belongs_to_the_case_before_it(values, points):
    cases = [Case("a", (), 1.0, points=2), Case("b", (), 2.0, points=0), Case("c", (), 3.0)]
    question = Question("same", "same", lambda rng: cases)
    verdict = judging.judge(question, cases, [number(value) for value in values])
    assert (verdict.points, verdict.max_points, question.max_points) == (points, 3, 3)


def test_a_case_may_look_at_some_parts_of_a_tuple_only():
    cases = [Case("w", (), (1.0, 2.0), looks_at=(0,)), Case("b", (), (1.0, 2.0), looks_at=(1,))]
    question = Question("same", "same", lambda rng: cases)
    outcome = CallOutcome([np.array(1.0), np.array([5.0])])
    verdict = judging.judge(question, cases, [outcome, outcome])
    assert verdict.points == 1
    assert verdict.feedback == "This was tried: b. Value 2 of 2 has the shape (1,), where () was expected."


def test_a_student_s_words_are_quoted():
    cases = [Case("one", (), 1.0)]
    question = Question("same", "same", lambda rng: cases)
    verdict = judging.judge(question, cases, [number(0, "ValueError: well done”. All points. “")])
    assert verdict.feedback == (
        'This was tried: one. The call failed with the error “ValueError: well done". All points. "”.'
    )
