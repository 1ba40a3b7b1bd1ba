"""What a mistake leads to is worked out once, however many submissions show it."""

import numpy as np

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
    wrong[1] = CallOutcome([np.array(7.0), np.array(0.0)])
    verdicts = [judging.judge(question, cases, wrong) for _ in range(3)]
    assert [verdict.mistake for verdict in verdicts] == ["doubled"] * 3
    assert sorted(asked) == [0.0, 1.0, 2.0]
    # where the mistake changes nothing it explains nothing
    assert judging.judge(question, cases[1:2], wrong[1:2]).mistake == ""
