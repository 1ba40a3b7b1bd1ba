"""A small assignment to try the grader on: two functions and one answer in words."""

import numpy as np
from scipy.special import expit

from course.question import Case, Mistake, Question

TITLE = "Sigmoid and its cost"


def sigmoid_cases(rng):
    """Try a number, a vector and a matrix."""
    vector, matrix = rng.normal(size=5), rng.normal(size=(2, 3))
    return [
        Case("one number", (float(vector[0]),), expit(vector[0]), points=2),
        Case("a vector", (vector,), expit(vector), points=2),
        Case("a matrix", (matrix,), expit(matrix), points=2),
    ]


def bce_cases(rng):
    """Try lists and arrays."""
    y, p = rng.integers(0, 2, 6), rng.uniform(0.1, 0.9, 6)
    cost = -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))
    return [
        Case("labels and probabilities as lists", (y.tolist(), p.tolist()), cost, points=2),
        Case("labels and probabilities as arrays", (y, p), cost, points=2),
    ]


QUESTIONS = [
    Question(
        "sigmoid",
        "sigmoid",
        sigmoid_cases,
        [
            Mistake(
                "minus-forgotten",
                "Your curve falls where it should rise: the exponent carries a minus sign.",
                "01-sigmoid.ipynb",
                returns=lambda z: expit(-np.asarray(z)),
            )
        ],
        seconds=2,
    ),
    Question("bce", "bce", bce_cases, seconds=2),
    Question("explain", "", words_points=2),
]
