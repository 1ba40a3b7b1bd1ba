"""Assignment 1: the calls that try each answer, and the mistakes that have a name."""

import numpy as np
from scipy.special import expit

from grading.question import Case, Mistake, Question

TITLE = "Logistic regression from NumPy alone"


def sigmoid_cases(rng):
    """Try one number, arrays of one, two and three dimensions, whole numbers, and numbers that overflow."""
    vector, matrix, block = rng.normal(size=5), rng.normal(size=(2, 3)), 3 * rng.normal(size=(2, 3, 4))
    whole = rng.permutation(np.array([-4, -2, -1, 1, 3, 5]))
    far = np.array([-1000.0, -60.0, 0.0, 60.0, 1000.0]) + np.append(rng.uniform(size=2), np.zeros(3))
    return [
        Case("one number", (float(vector[0]),), expit(vector[0])),
        Case("a vector", (vector,), expit(vector)),
        Case("a matrix", (matrix,), expit(matrix)),
        Case("an array of three dimensions", (block,), expit(block)),
        Case("an array of whole numbers", (whole,), expit(whole)),
        Case("numbers as far out as -1000 and 1000", (far,), expit(far)),
    ]


def softmax(z):
    """Return the softmax over all of z."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


SIGMOID = Question(
    name="sigmoid",
    function="sigmoid",
    cases=sigmoid_cases,
    mistakes=[
        Mistake(
            "minus-forgotten",
            "Your curve falls where it should rise: a large z gives almost 0. The exponent of the sigmoid carries a "
            "minus sign.",
            "01-sigmoid.ipynb#the-formula",
            returns=lambda z: expit(-np.asarray(z, dtype=float)),
        ),
        Mistake(
            "brackets",
            "A quotient binds more tightly than a sum: without brackets round the whole denominator only its first "
            "term divides. The tell-tale sign: your values lie above 1.",
            "01-sigmoid.ipynb#the-formula",
            returns=lambda z: 1 + np.exp(-np.asarray(z, dtype=float)),
        ),
        Mistake(
            "overflow",
            "NaN for large numbers: the exponential overflows to infinity, and infinity divided by infinity is NaN. "
            "Choose the form of the formula by the sign of z, so that you only take exponentials of numbers up to 0.",
            "01-sigmoid.ipynb#a-stable-sigmoid",
            returns=lambda z: np.exp(np.asarray(z, dtype=float)) / (1 + np.exp(np.asarray(z, dtype=float))),
        ),
        Mistake(
            "overflow-error",
            "Python's own exponential raises an OverflowError where NumPy's gives infinity. Choose the form of the "
            "formula by the sign of z, so that you only take exponentials of numbers up to 0.",
            "01-sigmoid.ipynb#a-stable-sigmoid",
            raises=r"^OverflowError",
        ),
        Mistake(
            "tanh",
            "That is the hyperbolic tangent: it runs from -1 to 1. The sigmoid has the same shape, and runs from 0 "
            "to 1.",
            "01-sigmoid.ipynb#six-properties-each-one-checked",
            returns=np.tanh,
        ),
        Mistake(
            "twice-as-steep",
            "Your curve is twice as steep as it should be: it is the sigmoid of 2z. The slope of the sigmoid in the "
            "middle is one quarter.",
            "01-sigmoid.ipynb#six-properties-each-one-checked",
            returns=lambda z: expit(2 * np.asarray(z, dtype=float)),
        ),
        Mistake(
            "softmax",
            "That is a softmax: your values depend on each other and add up to 1. The sigmoid looks at each number on "
            "its own.",
            "04-softmax.ipynb#softmax-against-three-sigmoids",
            returns=softmax,
        ),
        Mistake(
            "base-two",
            "Your curve is too flat by the factor that turns powers of 2 into powers of e. The exponential here is the "
            "natural one.",
            "01-sigmoid.ipynb#the-formula",
            returns=lambda z: expit(np.log(2) * np.asarray(z, dtype=float)),
        ),
        Mistake(
            "derivative",
            "That is the slope of the sigmoid, not the sigmoid itself: it is largest in the middle and falls to 0 on "
            "both sides.",
            "01-sigmoid.ipynb#six-properties-each-one-checked",
            returns=lambda z: expit(z) * expit(-np.asarray(z, dtype=float)),
        ),
        Mistake(
            "threshold",
            "You return a decision, 0 or 1, where the probability was asked for. The decision comes later, and throws "
            "away how sure the model is.",
            "01-sigmoid.ipynb#the-idea-every-number-is-somebodys-log-odds",
            returns=lambda z: (np.asarray(z) >= 0).astype(float),
        ),
        Mistake(
            "held-off-the-ends",
            "You hold the values away from 0 and 1. At -1000 the right answer is 0 as far as floats can tell; a "
            "logarithm that fails there is mended in the loss, which you compute from the logits.",
            "01-sigmoid.ipynb#what-floating-point-makes-of-it",
            shown_by=lambda arguments, values: (
                values[0].shape == (5,)
                and abs(arguments[0][0]) > 900
                and 1e-9 < values[0].min() < 1e-3
                and np.allclose(values[0], expit(arguments[0]), atol=1e-3)
            ),
        ),
        Mistake(
            "if-on-an-array",
            "`if` decides once, and an array needs a decision for each of its numbers. Use `np.where`, or a Boolean "
            "mask.",
            "01-sigmoid.ipynb#a-stable-sigmoid",
            raises=r"truth value of an array .* is ambiguous",
        ),
        Mistake(
            "math-instead-of-numpy",
            "The functions of Python's `math` take one number. Those of NumPy, such as `np.exp`, take arrays too.",
            "01-sigmoid.ipynb#the-formula",
            raises=r"TypeError: (only|must be real number)",
        ),
        Mistake(
            "whole-numbers-kept",
            "Given whole numbers you return whole numbers: `zeros_like` and its relatives take over the type of z, and "
            "every probability is cut down to 0 or 1. Make floats of z first.",
            "01-sigmoid.ipynb#a-stable-sigmoid",
            returns=lambda z: expit(z).astype(int) if np.asarray(z).dtype.kind == "i" else None,
        ),
    ],
)

EXPLAIN = Question(name="explain", function="", words_points=2)

QUESTIONS = [SIGMOID, EXPLAIN]
