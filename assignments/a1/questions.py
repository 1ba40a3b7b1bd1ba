"""Assignment 1: the calls that try each answer, and the mistakes that have a name."""

import numpy as np
from scipy.special import expit

from course.question import Case, Mistake, Question

TITLE = "Logistic regression from NumPy alone"

# the precision that is left in a - y, and in everything computed from it, if a right sigmoid returns float32
ROUNDED = {"rtol": 1e-5, "atol": 1e-7}


def sigmoid_cases(rng):
    """Try single numbers, arrays of every kind of shape, whole numbers, and numbers that overflow."""
    vector, matrix, block = rng.normal(size=5), rng.normal(size=(2, 3)), 3 * rng.normal(size=(2, 3, 4))
    whole = rng.permutation(np.array([-4, -2, -1, 1, 3, 5]))
    far = np.array([-1000.0, -60.0, 0.0, 60.0, 1000.0]) + np.append(rng.uniform(size=2), np.zeros(3))

    def case(name, z, points=1):
        return Case(name, (z,), expit(z), points)

    return [
        case("one number", float(vector[0])),
        case("a number that is exactly 0", 0.0, points=0),
        case("a vector", vector),
        case("a matrix", matrix),
        case("an array without any numbers", np.zeros(0), points=0),
        case("an array of three dimensions", block),
        case("an array of whole numbers", whole),
        case("one whole number, a plain int of Python", int(whole[0]), points=0),
        case("numbers as far out as -1000 and 1000", far),
        case("a far number below 0, given as a plain float of Python", -1000.0 - rng.uniform(), points=0),
        case("a far number above 0, given as a plain float of Python", 1000.0 + rng.uniform(), points=0),
        case("the largest floats that there are", np.array([-1e308, 1e308]), points=0),
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


def cost(z, y):
    """Return the mean cross-entropy of labels, or of probabilities, y under the logits z."""
    return np.mean(np.logaddexp(0, z) - y * z)


def labels(rng, *shape):
    """Return labels of which about a third are 1, with at least one 0 and one 1."""
    return rng.permutation(np.arange(np.prod(shape)) % 3 == 0).reshape(shape).astype(float)


def cost_cases(rng):
    """Try all shapes, soft labels, logits that overflow, and shapes that do not match."""
    small = rng.uniform(0.1, 0.9, size=6)
    z, y, soft = 2 * rng.normal(size=7), labels(rng, 7), rng.uniform(0.05, 0.95, size=7)
    wrong = np.array([1000.0, -1000.0, 800.0, -900.0]) + rng.uniform(size=4)
    right = np.append(np.array([1000.0, -1000.0]), z[:2])
    zero_one, one_zero = np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0, 0.0])
    square, square_labels = z[:6].reshape(2, 3), y[:6].reshape(2, 3)
    return [
        Case("logits with labels 0 and 1", (z, y), cost(z, y), points=2),
        # the logarithm of such logits is no NaN, so NaN here has another cause
        Case("logits between 0 and 1", (small, y[:6]), cost(small, y[:6]), points=0),
        Case("a single example", (z[:1], y[:1]), cost(z[:1], y[:1]), points=0),
        Case("a column of shape (m, 1)", (z[:, None], y[:, None]), cost(z, y)),
        Case("a matrix of logits with a matrix of labels", (square, square_labels), cost(z[:6], y[:6])),
        Case("labels of whole numbers", (square, square_labels.astype(int)), cost(z[:6], y[:6]), points=0),
        Case("labels between 0 and 1", (z, soft), cost(z, soft)),
        Case("logits of about 1000 with the wrong sign", (wrong, zero_one), cost(wrong, zero_one)),
        Case("logits of 1000 with the right sign", (right, one_zero), cost(right, one_zero)),
        Case("logits of a million", (1000 * right, one_zero), cost(1000 * right, one_zero), points=0),
        Case("logits of shape (m, 1) with labels of shape (m,)", (z[:, None], y), True, driver="refuses"),
        Case("logits of shape (m,) with labels of shape (1,)", (z, y[:1]), True, driver="refuses"),
    ]


def same_shape(formula):
    """Return what a mistake gives if the shapes of logits and labels match, and None if they do not."""
    return lambda z, y: formula(z, y) if np.shape(z) == np.shape(y) else None


def in_probabilities(p, y):
    """Return the cost by its definition, which overflows if p is exactly 0 or 1."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def held_off(arguments, values):
    """Tell whether a cost is that of probabilities kept some small distance away from 0 and 1."""
    z, y = arguments
    if np.shape(z) != np.shape(y) or values[0].shape != () or values[0].dtype.kind != "f":
        return False
    p, right = expit(z), cost(z, y)
    guesses = []
    for small in 10.0 ** -np.arange(3, 17):
        guesses.append(in_probabilities(np.clip(p, small, 1 - small), y))
        guesses.append(-np.mean(y * np.log(p + small) + (1 - y) * np.log(1 - p + small)))
    return any(np.isclose(guess, values[0]) and not np.isclose(guess, right) for guess in guesses)


BCE = Question(
    name="bce",
    function="bce_from_logits",
    cases=cost_cases,
    mistakes=[
        Mistake(
            "minus-forgotten",
            "Your cost is negative and falls without end: the logarithm of a probability is negative, so the "
            "cross-entropy carries a minus sign in front.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: -cost(z, y)),
        ),
        Mistake(
            "sum-for-mean",
            "You add up the losses. The cost is their mean, so that it does not grow with the number of examples and "
            "the learning rate means the same for every batch.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=same_shape(lambda z, y: cost(z, y) * np.size(z)),
        ),
        Mistake(
            "not-averaged",
            "You return the loss of each example. The cost is one number for all of them: their mean.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: np.logaddexp(0, z) - y * z),
        ),
        Mistake(
            "log2",
            "Your cost is in bits: the logarithm of the cross-entropy is the natural one here, and a model that knows "
            "nothing pays ln 2.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: cost(z, y) / np.log(2)),
        ),
        Mistake(
            "log10",
            "You took the logarithm to the base 10. The logarithm of the cross-entropy is the natural one, `np.log`.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: cost(z, y) / np.log(10)),
        ),
        Mistake(
            "logits-taken-for-probabilities",
            "You take the logarithm of z as if it were a probability. z is a logit, any real number; the "
            "probability is its sigmoid.",
            "03-binary-cross-entropy.ipynb#from-logits",
            returns=same_shape(in_probabilities),
        ),
        Mistake(
            "sigmoid-twice",
            "The sigmoid is applied twice: a function that takes logits contains the sigmoid already. The tell-tale "
            "sign is a cost that stays well above 0 however sure and right the logits are.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=same_shape(lambda z, y: cost(expit(z), y)),
        ),
        Mistake(
            "arguments-swapped",
            "Logits and labels have changed places. The shapes agree, so nothing complains; the first argument is z.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=same_shape(lambda z, y: cost(y, z)),
        ),
        Mistake(
            "only-the-ones",
            "Examples with the label 0 cost nothing in your formula. A no is right or wrong too: its loss is the "
            "logarithm of 1 minus the probability.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: np.mean(y * np.logaddexp(0, -z))),
        ),
        Mistake(
            "squared-error",
            "That is the squared error of the probabilities. It can never exceed 1, and its gradient dies where the "
            "model is most wrong.",
            "03-binary-cross-entropy.ipynb#why-not-mse-first-the-gradient-that-dies",
            returns=same_shape(lambda z, y: np.mean((expit(z) - y) ** 2)),
        ),
        Mistake(
            "log-of-zero",
            "For logits far out the sigmoid is exactly 0 or 1, and its logarithm infinite, or 0 times infinity. Do not "
            "form the probability at all: put the logarithm and the sigmoid together on paper first.",
            "03-binary-cross-entropy.ipynb#from-logits",
            returns=same_shape(lambda z, y: in_probabilities(expit(z), y)),
        ),
        Mistake(
            "exponential-overflows",
            "Right as a formula, but the exponential of 1000 is infinite. Take the large part out of the logarithm, so "
            "that you only take exponentials of numbers up to 0.",
            "03-binary-cross-entropy.ipynb#from-logits",
            returns=same_shape(lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z)),
        ),
        Mistake(
            "absolute-value-forgotten",
            "The large part is taken out for positive logits only: for negative ones the exponential must be that of z "
            "itself, not of -z. The absolute value serves both.",
            "03-binary-cross-entropy.ipynb#from-logits",
            returns=same_shape(lambda z, y: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-z)))),
        ),
        Mistake(
            "held-off-the-ends",
            "You keep the probabilities a little away from 0 and 1. That hides the infinity and caps the cost: a model "
            "that is wrong by a logit of 1000 pays no more than one that is wrong by 30, and learns nothing from it.",
            "03-binary-cross-entropy.ipynb#from-logits",
            shown_by=held_off,
        ),
        Mistake(
            "labels-rounded",
            "Your formula chooses by the label, so it knows only 0 and 1. Labels in between, as the docstring allows "
            "them, weigh both losses.",
            "03-binary-cross-entropy.ipynb#from-logits",
            returns=same_shape(lambda z, y: cost(z, (y > 0.5).astype(float))),
        ),
        Mistake(
            "rows-counted",
            "You divide by the number of rows. m is the number of all logits, whatever their shape.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=same_shape(lambda z, y: cost(z, y) * np.size(z) / len(z)),
        ),
        Mistake(
            "broadcast",
            "Shapes that differ went through: NumPy stretched one to fit the other and compared every logit with every "
            "label. Compare the shapes first, and raise a ValueError.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=lambda z, y: False if np.shape(z) != np.shape(y) else None,
        ),
    ],
)


def gradient(z, y):
    """Return the gradient of the cost in the logits."""
    return (expit(z) - y) / np.size(z)


def gradient_cases(rng):
    """Try all shapes, one and many examples, soft labels, and logits far out."""
    z, y, soft = 2 * rng.normal(size=7), labels(rng, 7), rng.uniform(0.05, 0.95, size=7)
    many, many_labels = rng.normal(size=60), labels(rng, 60)
    far = np.array([1000.0, -1000.0, 900.0, -900.0])
    far_labels = np.array([0.0, 1.0, 1.0, 0.0])
    square, square_labels = z[:6].reshape(2, 3), y[:6].reshape(2, 3)
    return [
        Case("logits with labels 0 and 1", (z, y), gradient(z, y), points=2, **ROUNDED),
        Case("a single example", (z[:1], y[:1]), gradient(z[:1], y[:1]), points=0, **ROUNDED),
        Case("sixty examples", (many, many_labels), gradient(many, many_labels), **ROUNDED),
        Case("a column of shape (m, 1)", (z[:, None], y[:, None]), gradient(z, y)[:, None], **ROUNDED),
        Case(
            "a matrix of logits with a matrix of labels",
            (square, square_labels),
            gradient(square, square_labels),
            **ROUNDED,
        ),
        Case("labels between 0 and 1", (z, soft), gradient(z, soft), **ROUNDED),
        Case("logits of 1000, right and wrong", (far, far_labels), gradient(far, far_labels), **ROUNDED),
        Case(
            "logits of a million",
            (1000 * far, far_labels),
            gradient(1000 * far, far_labels),
            points=0,
            **ROUNDED,
        ),
    ]


GRADIENT = Question(
    name="gradient",
    function="bce_gradient",
    cases=gradient_cases,
    mistakes=[
        Mistake(
            "sign",
            "The sign is turned round: a logit that is too high must have a positive gradient, so that a step against "
            "it brings the logit down.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: -gradient(z, y),
        ),
        Mistake(
            "mean-forgotten",
            "That is the gradient of the sum of the losses. The cost is their mean, so each logit moves it only by its "
            "share.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: gradient(z, y) * np.size(z),
        ),
        Mistake(
            "mean-taken-twice",
            "You divide by the number of examples twice. Once is right: the mean in the cost.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: gradient(z, y) / np.size(z),
        ),
        Mistake(
            "averaged",
            "You return one number, the mean. The cost has a slope in each logit, so the gradient has the shape of z.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: np.sum(gradient(z, y)),
        ),
        Mistake(
            "rows-counted",
            "You divide by the number of rows. m is the number of all logits, whatever their shape.",
            "03-binary-cross-entropy.ipynb#the-formula",
            returns=lambda z, y: gradient(z, y) * np.size(z) / len(z),
        ),
        Mistake(
            "logits-taken-for-probabilities",
            "You compare the logit itself with the label. The prediction that is compared is the probability, so the "
            "sigmoid is missing.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: (z - y) / np.size(z),
        ),
        Mistake(
            "in-the-probability",
            "That is the slope in the probability, before the chain rule has gone on through the sigmoid to the logit.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: (expit(z) - y) / (expit(z) * expit(-z)) / np.size(z),
        ),
        Mistake(
            "squared-error",
            "That is the gradient of a squared error: it carries the slope of the sigmoid as a factor, and dies where "
            "the model is most wrong. In the cross-entropy that factor cancels.",
            "03-binary-cross-entropy.ipynb#why-not-mse-first-the-gradient-that-dies",
            returns=lambda z, y: gradient(z, y) * expit(z) * expit(-z) * 2,
        ),
        Mistake(
            "slope-not-cancelled",
            "You multiply by the slope of the sigmoid once more. In the cross-entropy it cancels against the slope of "
            "the logarithm.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: gradient(z, y) * expit(z) * expit(-z),
        ),
        Mistake(
            "decision-compared",
            "You compare the decision, 0 or 1, with the label. That is the rule of the perceptron; a cross-entropy "
            "compares the probability, and so still pulls on examples that are right but unsure.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda z, y: ((z > 0) - y) / np.size(z),
        ),
        Mistake(
            "arguments-swapped",
            "Logits and labels have changed places: the first argument is z.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=lambda z, y: gradient(y, z),
        ),
        Mistake(
            "overflow",
            "NaN for large logits: an exponential overflowed. Use your `sigmoid`, which can take them.",
            "01-sigmoid.ipynb#a-stable-sigmoid",
            returns=lambda z, y: (np.exp(z) / (1 + np.exp(z)) - y) / np.size(z),
        ),
    ],
)


def descend(X, y, learning_rate, steps, *, pull=lambda z, y: expit(z) - y, sign=-1, bias=True, later=False):
    """Return w, b and the cost before each step of gradient descent from zero, or what a mistake makes of it.

    `pull`: what is used in place of a - y. `sign`: +1 climbs. `bias`: whether b moves. `later`: whether b moves only
    after w has. Costs after the steps: `descend_after`.
    """
    w, b, costs, m = np.zeros(X.shape[1]), 0.0, [], len(y)
    for _ in range(steps):
        z = X @ w + b
        costs.append(cost(z, y))
        w = w + sign * learning_rate * X.T @ pull(z, y) / m
        if bias:
            b = b + sign * learning_rate * np.sum(pull(X @ w + b if later else z, y)) / m
    return w, b, np.array(costs)


def descend_after(X, y, learning_rate, steps):
    """Return the result of a student who notes each cost after its step instead of before."""
    w, b, _ = descend(X, y, learning_rate, steps)
    return w, b, descend(X, y, learning_rate, steps + 1)[2][1:]


def train_cases(rng):
    """Try one step, many, small and large learning rates, one feature, and features that make large logits.

    What was learnt and the history of costs have points of their own.
    """
    X, y = rng.normal(size=(12, 3)), labels(rng, 12)
    first, first_labels = rng.normal(size=(6, 1)), labels(rng, 6)
    wide = 400 * X

    def case(name, X, y, rate, steps, points=1, **more):
        return Case(name, (X, y, rate, steps), descend(X, y, rate, steps), points, **more)

    learnt, costs = {"looks_at": (0, 1)}, {"looks_at": (2,)}
    return [
        case("one step, and the w and b that it leads to", X, y, 1.0, 1, **learnt),
        case("a learning rate of 0, which moves nothing", X, y, 0.0, 3, points=0, **learnt),
        case("one step, and the cost before it", X, y, 1.0, 1, **costs),
        case("thirty steps, and the w and b that they lead to", X, y, 0.8, 30, points=2, **learnt),
        case("thirty steps, and the cost before each", X, y, 0.8, 30, **costs),
        case("a small learning rate", X, y, 0.05, 10, **learnt),
        case("a single feature", first, first_labels, 0.5, 5, **learnt),
        case("features in the hundreds", wide, y, 1.0, 2, rtol=1e-5),
    ]


def is_learnt(arguments, values):
    """Tell whether w and b are right, whatever the costs are."""
    w, b, _ = descend(*arguments)
    return (
        len(values) == 3
        and values[0].shape == w.shape
        and bool(np.allclose(values[0], w, rtol=1e-5))
        and bool(np.allclose(values[1], b, rtol=1e-5))
    )


def starts_elsewhere(arguments, values):
    """Tell whether w and b did not start at zero: they are not, and the first cost shows it too."""
    if not counts_costs(arguments, values, 0) or is_learnt(arguments, values):
        return False
    first = values[2][0]
    if not np.isfinite(values[2]).all() or first <= 0 or np.isclose(first, np.log(2)):
        return False
    return arguments[2] != 0 or bool(np.any(values[0]) or np.any(values[1]))


def counts_costs(arguments, values, more):
    """Tell whether there are this many more costs than steps."""
    return len(values) == 3 and values[2].shape == (arguments[3] + more,)


TRAIN = Question(
    name="train",
    function="train",
    cases=train_cases,
    mistakes=[
        Mistake(
            "uphill",
            "You go uphill: the cost rises. The gradient points to where the cost grows, so a step goes against it.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda *given: descend(*given, sign=1),
        ),
        Mistake(
            "bias-stays",
            "The bias never moves. It has a gradient too: the sum of those of the logits.",
            "02-logistic-regression.ipynb#what-is-to-be-made-small-and-which-way-is-down",
            returns=lambda *given: descend(*given, bias=False),
        ),
        Mistake(
            "gradient-summed",
            "Your steps are as many times too long as there are examples: somewhere the gradient of the sum stands in "
            "place of the gradient of the mean.",
            "03-binary-cross-entropy.ipynb#more-traps",
            returns=lambda X, y, rate, steps: descend(X, y, rate * len(y), steps),
        ),
        Mistake(
            "mean-taken-twice",
            "Your steps are too short by the number of examples: you divide by it, and `bce_gradient` has done so "
            "already.",
            "03-binary-cross-entropy.ipynb#the-gradient-is-a---y",
            returns=lambda X, y, rate, steps: descend(X, y, rate / len(y), steps),
        ),
        Mistake(
            "cost-after-the-step",
            "You note each cost after its step. The history begins with the cost at zero, before anything was learned: "
            "there it is ln 2 whatever the data, which is a check that costs nothing.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=descend_after,
        ),
        Mistake(
            "one-cost-too-many",
            "The history has one cost more than there were steps. Note the cost before each step, and no other.",
            "02-logistic-regression.ipynb#gradient-descent",
            shown_by=lambda arguments, values: counts_costs(arguments, values, 1),
        ),
        Mistake(
            "one-step-too-few",
            "There is one step less than asked for. `range(steps)` gives as many as `steps` says, from 0 on.",
            "02-logistic-regression.ipynb#gradient-descent",
            shown_by=lambda arguments, values: counts_costs(arguments, values, -1),
        ),
        Mistake(
            "returned-too-early",
            "Training ends after the first step: `return` stands inside the loop, by its indentation.",
            "02-logistic-regression.ipynb#gradient-descent",
            shown_by=lambda arguments, values: (
                arguments[3] > 1
                and counts_costs(arguments, values, 1 - arguments[3])
                and not is_learnt(arguments, values)
            ),
        ),
        Mistake(
            "last-cost-only",
            "You return one cost. The history has one for each step; without it nobody sees how training went.",
            "02-logistic-regression.ipynb#gradient-descent",
            shown_by=lambda arguments, values: (
                len(values) == 3 and values[2].shape == () and arguments[3] > 1
            ),
        ),
        Mistake(
            "costs-left-out",
            "w and b are right. The history is not: it must hold one number for each step, the cost before it, and "
            "yours holds more or fewer.",
            "02-logistic-regression.ipynb#gradient-descent",
            shown_by=lambda arguments, values: (
                is_learnt(arguments, values) and values[2].ndim == 1 and len(values[2]) != arguments[3]
            ),
        ),
        Mistake(
            "one-after-the-other",
            "Weights and bias do not move together: the gradient of b is taken where w has already moved. Compute the "
            "gradients of both first, then take the step.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda *given: descend(*given, later=True),
        ),
        Mistake(
            "learning-rate-ignored",
            "The learning rate changes nothing: the step is the learning rate times the gradient.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda X, y, rate, steps: descend(X, y, 1.0, steps) if rate != 1 else None,
        ),
        Mistake(
            "logits-taken-for-probabilities",
            "You compare the logits themselves with the labels. That fits a straight line; the prediction is the "
            "probability, so the sigmoid is missing.",
            "02-logistic-regression.ipynb#what-is-to-be-made-small-and-which-way-is-down",
            returns=lambda *given: descend(*given, pull=lambda z, y: z - y),
        ),
        Mistake(
            "shapes",
            "A product of matrices does not fit. X has the shape (m, n), w (n,) and the gradient of the logits (m,): "
            "write the shapes down, and the only product that gives (n,) is the right one.",
            "02-logistic-regression.ipynb#rows-or-columns-two-ways-to-write-the-same-sum",
            raises=r"ValueError: .*(matmul|not aligned|broadcast|shape)",
        ),
        Mistake(
            "not-from-zero",
            "Your first cost is not ln 2, so w and b did not start at zero. For one neuron zero is a fine start; "
            "random numbers are for hidden layers, whose units must not all be the same.",
            "02-logistic-regression.ipynb#what-is-to-be-made-small-and-which-way-is-down",
            shown_by=starts_elsewhere,
        ),
    ],
)


def accuracy(z, y):
    """Return the share of right answers, and the share that the more frequent label would get if given every time."""
    return np.mean((z > 0) == y), max(np.mean(y), 1 - np.mean(y))


def accuracy_cases(rng):
    """Try labels mostly 0 and mostly 1, logits of exactly 0, and logits so small that they look like probabilities."""
    z, y = 2 * rng.normal(size=11), labels(rng, 11)
    z = np.where(rng.permutation(11) < 8, np.abs(z) * (2 * y - 1), -z)  # right at eight places at least
    small, small_labels = rng.uniform(0.05, 0.45, size=8), rng.permutation(np.array([1.0] * 5 + [0] * 3))
    ties, tie_labels = np.zeros(6), labels(rng, 6)
    ones = 1 - y
    return [
        Case("labels that are mostly 0", (z, y), accuracy(z, y)),
        Case("labels that are mostly 1", (-z[:9], ones[:9]), accuracy(-z[:9], ones[:9])),
        Case("logits of exactly 0", (ties, tie_labels), accuracy(ties, tie_labels)),
        Case("labels that are all the same", (z[:5], np.ones(5)), accuracy(z[:5], np.ones(5)), points=0),
        Case("logits between 0 and one half", (small, small_labels), accuracy(small, small_labels)),
    ]


ACCURACY = Question(
    name="accuracy",
    function="accuracy_and_baseline",
    cases=accuracy_cases,
    mistakes=[
        Mistake(
            "half-on-logits",
            "You hold the logits against one half. That is the bar for probabilities; for logits the same bar is 0.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: (np.mean((z > 0.5) == y), accuracy(z, y)[1]),
        ),
        Mistake(
            "tie-is-a-yes",
            "A logit of exactly 0 counts as a yes in your answer. The bar has to be exceeded, as the docstring says.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: (np.mean((z >= 0) == y), accuracy(z, y)[1]),
        ),
        Mistake(
            "baseline-is-half",
            "Guessing like a coin is not the baseline. Always giving the more frequent label is right more often, "
            "without a look at anything.",
            "02-logistic-regression.ipynb#nine-tenths-right-and-not-one-3-found",
            returns=lambda z, y: (accuracy(z, y)[0], 0.5),
        ),
        Mistake(
            "baseline-is-share-of-ones",
            "Your baseline always says yes. Always saying no may be right more often: take the better of the two.",
            "02-logistic-regression.ipynb#nine-tenths-right-and-not-one-3-found",
            returns=lambda z, y: (accuracy(z, y)[0], np.mean(y)),
        ),
        Mistake(
            "baseline-is-share-of-zeros",
            "Your baseline always says no. Always saying yes may be right more often: take the better of the two.",
            "02-logistic-regression.ipynb#nine-tenths-right-and-not-one-3-found",
            returns=lambda z, y: (accuracy(z, y)[0], 1 - np.mean(y)),
        ),
        Mistake(
            "baseline-of-the-answers",
            "You count how often the model says yes or no. The baseline knows nothing of the model: count the labels.",
            "02-logistic-regression.ipynb#nine-tenths-right-and-not-one-3-found",
            returns=lambda z, y: (accuracy(z, y)[0], max(np.mean(z > 0), np.mean(z <= 0))),
        ),
        Mistake(
            "per-cent",
            "You return per cent. A share lies between 0 and 1.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: tuple(100 * share for share in accuracy(z, y)),
        ),
        Mistake(
            "counts",
            "You return how many are right. Asked for is the share: divide by the number of examples.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: tuple(len(y) * share for share in accuracy(z, y)),
        ),
        Mistake(
            "error-rate",
            "You return the share that is wrong. The accuracy is the share that is right.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: (1 - accuracy(z, y)[0], accuracy(z, y)[1]),
        ),
        Mistake(
            "parts-swapped",
            "The two numbers have changed places: first the accuracy, then the baseline.",
            "02-logistic-regression.ipynb#nine-tenths-right-and-not-one-3-found",
            returns=lambda z, y: accuracy(z, y)[::-1],
        ),
        Mistake(
            "probability-is-no-answer",
            "You compare probabilities with labels, and a probability hardly ever equals 0 or 1. Decide first, yes or "
            "no, then compare.",
            "02-logistic-regression.ipynb#gradient-descent",
            returns=lambda z, y: (np.mean(expit(z) == y), accuracy(z, y)[1]),
        ),
    ],
)

EXPLAIN = Question(name="explain", function="", words_points=4)

QUESTIONS = [SIGMOID, BCE, GRADIENT, TRAIN, ACCURACY, EXPLAIN]
