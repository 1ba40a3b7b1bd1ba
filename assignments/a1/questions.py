"""Assignment 1: the calls that try each answer, and the mistakes that have a name."""

import numpy as np
from scipy.special import expit

from grading.question import Case, Mistake, Question

TITLE = "Logistic regression from nothing but NumPy"


def sigmoid_cases(rng):
    """Try one number, a vector, a matrix, and numbers whose exponential overflows."""
    vector, matrix = rng.normal(size=5), rng.normal(size=(2, 3))
    far = np.array([-1000.0, 0.0, 1000.0])
    return [
        Case("one number", (float(vector[0]),), expit(vector[0])),
        Case("a vector", (vector,), expit(vector)),
        Case("a matrix", (matrix,), expit(matrix)),
        Case("numbers as far out as -1000 and 1000", (far,), expit(far)),
    ]


SIGMOID = Question(
    name="sigmoid",
    function="sigmoid",
    cases=sigmoid_cases,
    mistakes=[
        Mistake(
            "minus-forgotten",
            "Your curve falls where it should rise: the exponent of the sigmoid carries a minus sign.",
            "01-sigmoid.ipynb#remember",
            returns=lambda z: expit(-np.asarray(z, dtype=float)),
        ),
    ],
)

EXPLAIN = Question(name="explain", function="", words_points=2)

QUESTIONS = [SIGMOID, EXPLAIN]
