"""Whatever comes back, each judge says points and a sentence: no answer can make the grader fail."""

import numpy as np
import pytest
from trying import assignment

from authoring import masters
from grading.judging import verdict as judging

QUESTIONS = [(name, question.name) for name in masters.names() for question in assignment(name).called]
ODD = [
    np.array(1.5),
    np.array("text"),
    np.array([True]),
    np.array([2**62, -5]),
    np.zeros(0),
    np.zeros((3, 0)),
    np.full((3, 4), np.nan),
    np.arange(6).reshape(1, 2, 3),
    np.ones((3, 20)),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy warns about NaN and about numbers out of range
@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_judge_stands_whatever_comes(name, question):
    asked = assignment(name).questions[question]
    rng = np.random.default_rng(0)
    cases = list(asked.cases(rng))
    for how_many in [*range(9), *range(9)] * 10:
        values = [ODD[k] for k in rng.integers(len(ODD), size=how_many)]
        verdict = judging.judge(asked, cases, [judging.CallOutcome(values)] * len(cases))
        assert 0 <= verdict.points <= verdict.max_points


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("name", "question"), [q for q in QUESTIONS if q in {("a2", "mini-batches"), ("a2", "find-the-bug")}]
)
def test_judge_stands_batches_of_anything(name, question):
    """What these two return begins with the number of batches; here that is right, but the batches are not."""
    asked = assignment(name).questions[question]
    rng = np.random.default_rng(0)
    cases = list(asked.cases(rng))
    for batches in [0, 1, 2, 3] * 20:
        outcomes = []
        for case in cases:
            calls, costs = (
                (len(case.arguments[3]), 0) if question == "mini-batches" else (len(case.arguments[4]),) * 2
            )
            batch = [ODD[k] for k in rng.integers(len(ODD), size=2 * batches * calls)]
            batch = [array.astype(float) for array in batch if array.dtype.kind != "U" and array.ndim < 4]
            shapes = [[*array.shape, *[-1] * (3 - array.ndim)] for array in batch]
            rest = [ODD[k] for k in rng.integers(len(ODD), size=2 + costs)]
            numbers = np.concatenate([np.zeros(0), *(array.ravel() for array in batch)])
            shapes = np.array(shapes, dtype=int).reshape(-1, 3)
            values = [np.full(calls, len(batch) // (2 * calls)), *rest, shapes, numbers]
            outcomes.append(judging.CallOutcome(values))
        verdict = judging.judge(asked, cases, outcomes)
        assert verdict.points == 0 and verdict.feedback
