"""Assignment 2: the calls that try each answer, and the mistakes that have a name.

Every expected value is computed here with NumPy and SciPy in float64, independently of TensorFlow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from scipy.special import expit, log_softmax, softmax

from course.question import Case, Mistake, Question

TITLE = "A notebook from 2017"

LESSON_5, LESSON_6, LESSON_7 = (
    "05-cross-entropy.ipynb",
    "06-compute-cost-tf1.ipynb",
    "07-eager-and-tf-function.ipynb",
)
# What TensorFlow says if a tensor of a graph is asked for its value, and if shapes do not fit.
NO_VALUE = r"no attribute 'numpy'|[Cc]annot convert a symbolic|SymbolicTensor'|symbolic `?tf\.Tensor`? is not allowed"
OTHER_SHAPES = (
    r"InvalidArgumentError|[Ss]hapes? .*(?:incompatible|must|not)|must be (?:broadcastable|equal|same)|Rank mismatch"
    r"|[Ii]ncompatible shapes|[Dd]imensions must|should equal the shape|same (?:shape|rank)|must have the same"
)
SINGLE = 2e-5  # relative: the answers compute in float32, and a gradient's entry may be a small difference


# --- examples in batches: random_mini_batches and train


@dataclass(frozen=True)
class Pass:
    """One pass through all examples: which columns of X each batch held, and whether each came with its own label.

    `columns` holds one array of numbers per batch, with -1 for a column that X does not have; if there is none, `fault`
    says why.
    """

    columns: Sequence[np.ndarray] = ()
    with_own_label: bool = True
    fault: str = ""

    @property
    def sizes(self) -> list[int]:
        """Return how many examples each batch held."""
        return [len(batch) for batch in self.columns]

    @property
    def order(self) -> np.ndarray:
        """Return the columns of X in the order in which they came, over all batches."""
        return np.concatenate(self.columns) if self.columns else np.empty(0, int)


def one_pass(pairs: Sequence[tuple[np.ndarray, np.ndarray]], X: np.ndarray, Y: np.ndarray) -> Pass:
    """Find out which columns of X and Y (features, m), (classes, m) the batches of one pass hold."""
    columns, own = [], True
    if sum(batch_X.size for batch_X, _ in pairs) > 2 * X.size:
        return Pass(fault="The batches together hold more than twice the examples that there are.")
    for number, (batch_X, batch_Y) in enumerate(pairs, 1):
        right_shape = batch_X.ndim == batch_Y.ndim == 2 and batch_X.shape[1] == batch_Y.shape[1]
        if not right_shape or (len(batch_X), len(batch_Y)) != (len(X), len(Y)):
            return Pass(
                fault=f"X has the shape {X.shape} and Y {Y.shape}; batch {number} came with {batch_X.shape} and "
                f"{batch_Y.shape}, where ({len(X)}, k) and ({len(Y)}, k) were expected: one example per column."
            )
        if batch_X.shape[1] == 0:
            return Pass(fault=f"Batch {number} of {len(pairs)} is empty.")
        equal = np.isclose(batch_X[:, :, None], X[:, None, :], rtol=1e-5, atol=1e-6).all(axis=0)  # (k, m)
        found = np.where(equal.any(axis=1), equal.argmax(axis=1), -1)
        own &= bool(np.allclose(batch_Y, Y[:, found]) or (found < 0).any())
        columns.append(found)
    return Pass(columns, own)


def unpacked(shapes: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """Return the arrays that `packed` in `drivers.py` packed into two; ValueError if these two do not fit together."""
    if shapes.ndim != 2 or shapes.dtype.kind != "i" or values.ndim != 1 or values.dtype.kind != "f":
        raise ValueError("not what the driver returns")
    shapes = [tuple(int(length) for length in shape if length >= 0) for shape in shapes]
    ends = list(accumulate(math.prod(shape) for shape in shapes))
    if (ends[-1] if ends else 0) != len(values):
        raise ValueError("not what the driver returns")
    return [
        values[end - math.prod(shape) : end].reshape(shape) for shape, end in zip(shapes, ends, strict=True)
    ]


def read_passes(values: Sequence[np.ndarray], calls: int, reported: int = 0):
    """Take apart what a driver returned: the pairs of batches of each call, X and Y afterwards, and the costs.

    ValueError if the arrays are not laid out as by `drivers.py`, which can only happen if the driver was tampered with.
    """
    if len(values) != 5 + reported:
        raise ValueError("not what the driver returns")
    counts, X, Y, *costs, shapes, numbers = values
    arrays = unpacked(shapes, numbers)
    if counts.dtype.kind != "i" or counts.shape != (calls,) or counts.min() < 0:
        raise ValueError("not what the driver returns")
    if 2 * sum(counts.tolist()) != len(arrays):
        raise ValueError("not what the driver returns")
    pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
    ends = np.cumsum(counts)
    return [pairs[end - count : end] for end, count in zip(ends, counts, strict=True)], (X, Y), costs


def wholeness(found: Pass, m: int, size: int) -> str:
    """Say what keeps a pass from holding each of m examples once, with its label, in batches of a size; else ""."""
    if found.fault:
        return found.fault
    if (found.order < 0).any():
        return "A batch holds a column that is not a column of X."
    if not found.with_own_label:
        return "Some examples came with the label of another example."
    if len(found.order) != m or len(set(found.order)) != m:
        return (
            f"Of {m} examples {len(set(found.order))} came, in batches of {found.sizes}; "
            "each was expected exactly once."
        )
    wanted = [size] * (m // size) + ([m % size] if m % size else [])
    if found.sizes != wanted:
        return f"The {m} examples came in batches of {found.sizes}, where the size was to be {size}."
    return ""


def unshuffled(found: Pass) -> bool:
    """Tell whether the examples came in the order of X."""
    return bool(np.array_equal(found.order, np.arange(len(found.order))) and len(found.order) > 1)


def cut_before_shuffling(found: Pass) -> bool:
    """Tell whether every batch is a run of neighbours in X, or such a run shuffled."""
    runs = [
        np.array_equal(np.sort(batch), np.arange(min(batch), min(batch) + len(batch)))
        for batch in found.columns
    ]
    return all(runs) and len(runs) > 1 and max(found.sizes) > 1 and not unshuffled(found)


def examples(rng: np.random.Generator, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Return X (3, m) with no two columns alike, and one-hot labels Y (4, m) that say nothing about their order."""
    X = rng.normal(size=(3, m))
    X[0] = rng.permutation(m)
    return X, np.eye(4)[:, rng.permutation(np.arange(m) % 4)]


def batch_passes(arguments, values) -> list[Pass]:
    """Return the pass of each call of random_mini_batches."""
    X, Y, _, seeds = arguments
    calls, _, _ = read_passes(values, len(seeds))
    return [one_pass(pairs, X, Y) for pairs in calls]


def batches_accepted(arguments, wanted):
    """Return what judges random_mini_batches: every pass must be whole and shuffled, and pass `wanted`."""
    X, _, size, _ = arguments

    def accept(values) -> str:
        try:
            found = batch_passes(arguments, values)
        except ValueError:
            return "It returned something that is not a list of pairs of batches."
        m = X.shape[1]
        for one in found:
            if fault := wholeness(one, m, size):
                return fault
            if unshuffled(one):
                return "The examples came in the order in which they stand in X."
            if cut_before_shuffling(one):
                return "Each batch holds examples that stand side by side in X."
        return wanted(arguments, found, values)

    return accept


def nothing_more(arguments, found, values) -> str:
    """Ask for nothing else."""
    return ""


def one_order(arguments, found, values) -> str:
    """Ask that all passes, made with one seed, are the same."""
    if all(np.array_equal(found[0].order, one.order) for one in found):
        return ""
    return "The same seed gave two different orders."


def other_orders(arguments, found, values) -> str:
    """Ask that no two passes, made with different seeds, are the same."""
    orders = {tuple(one.order) for one in found}
    return "" if len(orders) == len(found) else "Two different seeds gave the same order."


def untouched(arguments, found, values) -> str:
    """Ask that X and Y are still what they were."""
    X, Y = arguments[:2]
    if values[1].shape == X.shape and np.array_equal(values[1], X) and np.array_equal(values[2], Y):
        return ""
    return "Afterwards the caller's X or Y was no longer what it had been."


def batch_cases(rng):
    """Try sizes that divide the number of examples, that do not, and that exceed it; then seeds; then the inputs."""
    tries = [
        ("96 examples in batches of 32", 96, 32, (int(rng.integers(1000)),), nothing_more),
        ("as many examples as a batch holds", 32, 32, (4,), nothing_more),
        ("100 examples in batches of 32, so that a shorter batch is left", 100, 32, (3,), nothing_more),
        ("fewer examples than the batch size", 20, 64, (int(rng.integers(1000)),), nothing_more),
        ("batches of a single example", 12, 1, (6,), nothing_more),
        ("the same seed twice", 64, 16, (7, 7), one_order),
        ("the seed 0 twice", 64, 16, (0, 0), one_order),
        ("three different seeds", 64, 16, (0, 1, 2), other_orders),
        ("whether X and Y are afterwards what they were", 48, 16, (5,), untouched),
    ]
    cases = []
    for name, m, size, seeds, wanted in tries:
        arguments = (*examples(rng, m), size, seeds)
        accept = batches_accepted(arguments, wanted)
        points = 0 if seeds in ((4,), (6,), (0, 0)) else 1
        cases.append(Case(name, arguments, None, points, driver="batches", accept=accept))
    return cases


def in_batches(recognise):
    """Return what recognises a mistake of random_mini_batches by its passes and arguments."""

    def shown_by(arguments, values) -> bool:
        try:
            found = batch_passes(arguments, values)
        except ValueError:
            return False
        return bool(recognise(found, arguments, values))

    return shown_by


BATCHES = Question(
    name="mini-batches",
    function="random_mini_batches",
    cases=batch_cases,
    tensorflow=True,  # its driver is in one file with those that import TensorFlow
    mistakes=[
        Mistake(
            "shuffled-apart",
            "Pictures and labels were shuffled by two different orders, so a picture meets the label of "
            "another one. Draw one order of the column numbers, and use it for X and for Y. Trained on such "
            "batches, a network stays at ln C: exercise 3 of lesson 6 shows it.",
            f"{LESSON_6}#exercises",
            shown_by=in_batches(
                lambda found, _, __: any(not one.fault and not one.with_own_label for one in found)
            ),
        ),
        Mistake(
            "part-batch-dropped",
            "The examples that do not fill a whole batch are lost. m / size rounded down counts the full "
            "batches only; the last batch is to hold what is left.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(
                lambda found, arguments, __: any(
                    len(set(one.order)) == len(one.order) < arguments[0].shape[1]
                    and set(one.sizes) <= {arguments[2]}
                    for one in found
                    if not one.fault
                )
            ),
        ),
        Mistake(
            "drawn-with-replacement",
            "Some examples came twice in one epoch, others not at all. An epoch is one pass over all "
            "examples: shuffle their numbers and cut that order into pieces, instead of drawing each batch "
            "anew or filling up the last one.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(
                lambda found, _, __: any(
                    len(set(one.order)) < len(one.order) for one in found if not one.fault
                )
            ),
        ),
        Mistake(
            "rows-for-columns",
            "The batches were cut or shuffled along the wrong axis. Here one example is one column: X has "
            "the shape (features, m), so it is the second axis that is shuffled and cut.",
            f"{LESSON_6}#the-data-pictures-as-columns",
            shown_by=in_batches(
                lambda found, _, __: (
                    any("one example per column" in one.fault for one in found)
                    or any(one.columns and (one.order < 0).all() for one in found)
                )
            ),
            raises="out of bounds for axis|boolean index did not match",
        ),
        Mistake(
            "not-shuffled",
            "The examples came in the order in which they stand in X. Shuffle the column numbers before you "
            "cut, with a generator made from the seed.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(lambda found, _, __: any(unshuffled(one) for one in found)),
        ),
        Mistake(
            "cut-before-shuffling",
            "You cut first and shuffled afterwards: each batch still holds examples that stand side by side "
            "in X. Where data are sorted by class, such a batch holds a single class. Shuffle the examples "
            "first, then cut.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(lambda found, _, __: any(cut_before_shuffling(one) for one in found)),
        ),
        Mistake(
            "seed-ignored",
            "The same seed gave two different orders, so nobody can repeat your training. Make a generator "
            "from the seed inside the function.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(
                lambda found, arguments, _: (
                    len(set(arguments[3])) < len(arguments[3])
                    and not any(one.fault for one in found)
                    and len({tuple(one.order) for one in found}) > 1
                )
            ),
        ),
        Mistake(
            "seed-fixed",
            "Every seed gave the same order, so every epoch would see the same batches. Make the generator "
            "from the argument seed, not from a number of your own.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(
                lambda found, arguments, _: (
                    len(set(arguments[3])) > 1
                    and not any(one.fault for one in found)
                    and len({tuple(one.order) for one in found}) == 1
                )
            ),
        ),
        Mistake(
            "inputs-shuffled",
            "The caller's X or Y was changed: something in your function shuffles or overwrites in place. "
            "Take the columns in a new order, which makes a copy.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(lambda found, arguments, values: untouched(arguments, found, values)),
        ),
        Mistake(
            "other-sizes",
            "Each batch is to hold mini_batch_size examples, and only the last one fewer. Yours have other "
            "sizes, perhaps because the examples were shared out evenly, or the rest was put into a full "
            "batch.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_batches(
                lambda found, arguments, _: any(
                    len(set(one.order)) == len(one.order) == arguments[0].shape[1]
                    and wholeness(one, arguments[0].shape[1], arguments[2])
                    for one in found
                    if not one.fault
                )
            ),
        ),
    ],
)


# --- the cost: compute_cost in columns, compute_cost_tf2 in rows


def cost_of(Z, Y):
    """Return the cost of logits Z and labels Y, both (C, m), in float64."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    return -(Y * log_softmax(Z, axis=0)).sum(axis=0).mean()


def cost_and_gradient(Z, Y):
    """Return the cost and its gradient with respect to Z, shape (C, m)."""
    Z, Y = np.asarray(Z, float), np.asarray(Y, float)
    return cost_of(Z, Y), (softmax(Z, axis=0) - Y) / Z.shape[1]


def through_probabilities(Z, Y, floor, add=False):
    """Return the cost from probabilities that are kept away from 0, by a smallest value or by adding one."""
    p = softmax(np.asarray(Z, float), axis=0)
    return -(Y * np.log(p + floor if add else np.clip(p, floor, 1 - floor))).sum(axis=0).mean()


def logits_taken_for_probabilities(Z, Y):
    """Return what Keras makes of logits where it expects probabilities: divided by their sum, clipped."""
    shares = np.asarray(Z, float) / np.asarray(Z, float).sum(axis=0)
    return -(Y * np.log(np.clip(shares, 1e-7, 1 - 1e-7))).sum(axis=0).mean()


def logits_clipped(Z, Y):
    """Return what Keras's sparse loss makes of logits where it expects probabilities: clipped, then rescaled."""
    p = np.clip(np.asarray(Z, float), 1e-7, 1 - 1e-7)
    return -(Y * log_softmax(np.log(p), axis=0)).sum(axis=0).mean()


def sigmoid_losses(Z, Y):
    """Return the sigmoid cross-entropy of every entry, shape (C, m)."""
    Z = np.asarray(Z, float)
    return np.maximum(Z, 0) - Z * Y + np.log1p(np.exp(-np.abs(Z)))


def in_columns(arguments):
    """Return the batches of a case as pairs (Z, Y) of shape (C, m), whichever of the two functions it tries."""
    if isinstance(arguments[0], tuple):
        return arguments
    logits, labels = np.asarray(arguments[0]), np.asarray(arguments[1])
    return [(logits.T, np.eye(logits.shape[1])[:, labels])]


def costs_are(*wrong):
    """Return what tells whether the returned costs are those of one of the wrong formulas, and not the right ones."""

    def shown_by(arguments, values) -> bool:
        pairs = in_columns(arguments)
        costs = values[::2]
        if len(costs) != len(pairs) or any(cost.shape != () or cost.dtype.kind != "f" for cost in costs):
            return False
        got, right = np.array(costs, float), np.array([cost_of(Z, Y) for Z, Y in pairs])
        with np.errstate(all="ignore"):
            for formula in wrong:
                value = np.array([formula(Z, Y) for Z, Y in pairs])
                if np.allclose(got, value, rtol=1e-4, atol=1e-6) and not np.allclose(value, right, rtol=1e-3):
                    return True
        return False

    return shown_by


def shape_is_of_the_losses(arguments, values) -> bool:
    """Tell whether one number was returned for each example, or for each class."""
    Z, _ = in_columns(arguments)[0]
    return bool(values) and values[0].shape in {(Z.shape[1],), Z.shape, Z.T.shape, (len(Z),)}


def is_not_finite(arguments, values) -> bool:
    """Tell whether a cost or a gradient is infinite or NaN."""
    return any(value.dtype.kind == "f" and not np.isfinite(value).all() for value in values)


def same_for_all(arguments, values) -> bool:
    """Tell whether two different batches got the same cost."""
    costs = values[::2]
    return (
        len(costs) > 1
        and all(cost.shape == () and cost.dtype.kind == "f" for cost in costs)
        and len({float(cost) for cost in costs}) == 1
    )


def as_columns(Z, Y):
    """Return a batch in float32, as the notebook of 2017 feeds it."""
    return np.asarray(Z, np.float32), np.asarray(Y, np.float32)


def labels_at_random(rng, classes, m):
    """Return one-hot labels (classes, m)."""
    return np.eye(classes)[:, rng.integers(classes, size=m)]


def sure_and_wrong(rng, classes, m):
    """Return logits (classes, m) far apart, some of them large for a wrong class, and one-hot labels."""
    truth = rng.integers(classes, size=m)
    Z = rng.normal(size=(classes, m))
    favourite = np.where(np.arange(m) % 2, truth, (truth + 1) % classes)
    Z[favourite, np.arange(m)] += 150 + 50 * rng.random(m)
    return Z, np.eye(classes)[:, truth]


def cost_cases(rng):
    """Try one batch, two through one graph, equal logits, and logits far apart; cost and gradient each time."""
    first = as_columns(2 * rng.normal(size=(3, 5)), labels_at_random(rng, 3, 5))
    second = as_columns(2 * rng.normal(size=(6, 8)), labels_at_random(rng, 6, 8))
    third = as_columns(2 * rng.normal(size=(6, 20)), labels_at_random(rng, 6, 20))
    equal = as_columns(np.full((4, 7), 1.5), labels_at_random(rng, 4, 7))
    alone = as_columns(rng.normal(size=(3, 1)), labels_at_random(rng, 3, 1))
    double = 2 * rng.normal(size=(4, 6)), labels_at_random(rng, 4, 6)
    far = as_columns(*sure_and_wrong(rng, 5, 6))
    return [
        Case(
            name,
            tuple(batches),
            tuple(part for batch in batches for part in cost_and_gradient(*batch)),
            points=points,
            driver="in_a_graph",
            rtol=SINGLE,
            atol=1e-6,
        )
        for name, batches, points in [
            ("cost and gradient of five examples of three classes", [first], 2),
            ("a single example", [alone], 0),
            ("numbers in float64, as in the network of the notebook", [double], 0),
            ("two batches of different size, fed to one graph", [second, third], 1),
            ("equal logits, which favour no class", [equal], 1),
            ("logits of a network that is sure, and sometimes wrong", [far], 2),
        ]
    ]


VECTOR = Mistake(
    "one-number-an-example",
    "You returned the losses, one number for each example. The cost is one number: their mean.",
    f"{LESSON_5}#in-tensorflow-one-value-per-example",
    shown_by=shape_is_of_the_losses,
)
SUM = Mistake(
    "sum-for-mean",
    "You added the losses up instead of taking their mean. Then a batch of twice the size has twice the "
    "cost and twice the gradient, and the learning rate would have to change with it.",
    f"{LESSON_6}#check-yourself",
    shown_by=costs_are(lambda Z, Y: cost_of(Z, Y) * Z.shape[1]),
)
MEAN_OVER_ALL = Mistake(
    "mean-over-classes-too",
    "The number is too small by a factor that has to do with the number of classes, or of examples. Sum "
    "over the classes first: that gives the loss of one example. Then take the mean over the examples, and "
    "over nothing else.",
    f"{LESSON_6}#the-network-and-its-cost",
    shown_by=costs_are(lambda Z, Y: cost_of(Z, Y) / len(Z), lambda Z, Y: cost_of(Z, Y) * Z.shape[1] / len(Z)),
)
TWICE = Mistake(
    "softmax-twice",
    "Softmax was applied twice. A function whose name ends in with_logits, and a loss with "
    "from_logits=True, contains the softmax: hand over the logits as they are.",
    f"{LESSON_6}#traps",
    shown_by=costs_are(lambda Z, Y: cost_of(softmax(Z, axis=0), Y)),
)
SIGMOID = Mistake(
    "sigmoid-cross-entropy",
    "This is the sigmoid cross-entropy: it asks of each class by itself whether it is there. Here exactly "
    "one class is true, and the classes share one softmax.",
    f"{LESSON_5}#more-traps",
    shown_by=costs_are(
        lambda Z, Y: sigmoid_losses(Z, Y).mean(),
        lambda Z, Y: sigmoid_losses(Z, Y).sum(axis=0).mean(),
        lambda Z, Y: sigmoid_losses(Z, Y).sum(),
        lambda Z, Y: -(Y * np.log(expit(Z))).sum(axis=0).mean(),
    ),
)
MINUS = Mistake(
    "minus-forgotten",
    "The minus sign is missing: the loss is minus the logarithm of a probability, so it is never negative.",
    f"{LESSON_5}#from-likelihood-to-the-loss",
    shown_by=costs_are(lambda Z, Y: -cost_of(Z, Y), lambda Z, Y: -cost_of(Z, Y) * Z.shape[1]),
)
BITS = Mistake(
    "bits",
    "Your cost is measured in bits: somewhere a logarithm to the base 2 is taken. TensorFlow, and this "
    "course, take the natural one.",
    f"{LESSON_5}#more-traps",
    shown_by=costs_are(lambda Z, Y: cost_of(Z, Y) / np.log(2)),
)
OVERFLOW = Mistake(
    "not-from-logits",
    "The cost or its gradient is infinite or NaN for a network that is sure of itself: an exponential "
    "overflowed, or a probability became exactly 0 and its logarithm infinite. Compute the cost from the "
    "logits, without forming probabilities first.",
    f"{LESSON_5}#from-logits",
    shown_by=is_not_finite,
)
CLIPPED = Mistake(
    "clipped",
    "The cost went by way of probabilities that were kept away from 0. That keeps the NaN away, and with it "
    "the gradient of the worst mistakes: a network that is sure and wrong learns nothing. Compute the cost "
    "from the logits.",
    f"{LESSON_5}#from-logits",
    shown_by=costs_are(
        *[
            lambda Z, Y, floor=floor, add=add: through_probabilities(Z, Y, floor, add)
            for floor in [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-20, 1e-30]
            for add in [False, True]
        ]
    ),
)
PROBABILITIES = Mistake(
    "logits-taken-for-probabilities",
    "A Keras loss takes what it gets for probabilities, unless you say from_logits=True. Yours got logits, "
    "and was not told.",
    f"{LESSON_6}#traps",
    shown_by=costs_are(logits_taken_for_probabilities, logits_clipped),
)
OLD_NAME = Mistake(
    "name-of-2017",
    "You used a name that TensorFlow 2 no longer has. The table in lesson 6 says what each is called today.",
    f"{LESSON_6}#tf1-to-tf2-each-row-executed",
    raises=r"module '[\w.]*tensorflow[\w.]*' has no attribute",
)

COST = Question(
    name="compute-cost",
    function="compute_cost",
    cases=cost_cases,
    tensorflow=True,
    mistakes=[
        Mistake(
            "no-transpose",
            "Softmax ran over the examples instead of the classes. tf.nn sums over the last axis; your "
            "arrays have one example per column, so the classes are the first. Test a cost on equal logits: "
            "it must be ln C, whatever the number of examples.",
            f"{LESSON_6}#traps",
            shown_by=costs_are(
                lambda Z, Y: -(Y * log_softmax(Z, axis=1)).sum(axis=1).mean(),
                lambda Z, Y: -(Y * log_softmax(Z, axis=1)).sum(axis=0).mean(),
                lambda Z, Y: -(Y * log_softmax(np.asarray(Z, float), axis=None)).sum(axis=0).mean(),
            ),
        ),
        Mistake(
            "arguments-swapped",
            "The labels went where the logits belong, and the logits where the labels belong. Both have one "
            "shape, so nothing complains: name the arguments, labels= and logits=.",
            f"{LESSON_6}#traps",
            shown_by=costs_are(
                lambda Z, Y: -(Z * log_softmax(np.asarray(Y, float), axis=0)).sum(axis=0).mean()
            ),
        ),
        TWICE,
        SUM,
        MEAN_OVER_ALL,
        VECTOR,
        SIGMOID,
        PROBABILITIES,
        MINUS,
        BITS,
        CLIPPED,
        OVERFLOW,
        Mistake(
            "always-the-same",
            "Two different batches got the same cost, so it was not computed from Z3 and Y.",
            f"{LESSON_6}#compute_costz3-y-line-by-line",
            shown_by=same_for_all,
        ),
        Mistake(
            "value-wanted-while-drawing",
            "While the graph is drawn a tensor has no value yet: .numpy(), float(), a NumPy function or a "
            "loop over its entries cannot work on it. Use operations of TensorFlow only, and return a "
            "tensor.",
            f"{LESSON_6}#the-idea-first-draw-then-run",
            raises=f"{NO_VALUE}|and no tensor of the graph",
        ),
        Mistake(
            "size-wanted-while-drawing",
            "While the graph is drawn the number of examples is not known, its place in the shape holds "
            "None. tf.reduce_mean divides by the right number when the graph runs.",
            f"{LESSON_6}#drawing-the-network",
            raises=r"None values not supported|'NoneType'|Tried to convert '[xy]' to a tensor",
        ),
        Mistake(
            "one-transpose",
            "Logits and labels reached TensorFlow with different shapes: one of them was transposed, or "
            "summed, and the other was not.",
            f"{LESSON_6}#compute_costz3-y-line-by-line",
            raises=OTHER_SHAPES,
        ),
        Mistake(
            "cut-off-from-z3",
            "The cost that you return has no gradient with respect to Z3, so no optimizer could learn from "
            "it. Something on the way, argmax or rounding for instance, has no derivative.",
            f"{LESSON_6}#drawing-the-network",
            raises="no gradient: the cost",
        ),
        OLD_NAME,
    ],
)


def weighted(costs, sizes):
    """Return the mean over all examples."""
    return np.average(np.asarray(costs, float), weights=np.asarray(sizes, float))


def full_batches(sizes):
    """Return the int(m / size) that is found in many listings, at least 1."""
    return max(1, int(np.sum(sizes) / np.max(sizes)))


def epoch_cost_cases(rng):
    """Try a shorter last batch after few and after many, equal batches, and batches of many sizes."""
    tries = [
        ("several full batches and a shorter one", [32, 32, 32, 3], list),
        ("28 batches, the last of 3 examples, as in the notebook", [32] * 27 + [3], np.array),
        ("batches that all have the same size", [16] * 5, np.array),
        ("batches of many sizes", [int(size) for size in rng.integers(1, 60, size=9)], list),
    ]
    cases = []
    for name, sizes, kind in tries:
        costs = rng.uniform(0.2, 3, size=len(sizes))
        cases.append(Case(name, (kind(costs.tolist()), kind(sizes)), weighted(costs, sizes)))
    cost = rng.uniform(0.2, 3)
    return [*cases, Case("a single batch", ([cost], [20]), cost, points=0)]


EPOCH_COST = Question(
    name="epoch-cost",
    function="epoch_cost",
    cases=epoch_cost_cases,
    mistakes=[
        Mistake(
            "divided-by-full-batches",
            "You add up all batches and divide by the number of full ones: int(m / size) leaves the short "
            "batch out, which is in the sum. The result is too high. And still "
            "the short batch weighs as much as a full one.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.sum(costs) / full_batches(sizes),
        ),
        Mistake(
            "mean-of-batches",
            "You took the mean of the batches. Then each of the few examples in the short batch weighs more "
            "than one in a full batch. The cost of an epoch is the mean over its examples.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.mean(costs),
        ),
        Mistake(
            "sum-of-batches",
            "You added the costs of the batches up. Each is a mean already, so the sum grows with the "
            "number of batches. The cost of an epoch is the mean over its examples.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.sum(costs),
        ),
        Mistake(
            "not-divided",
            "You weigh each batch by its examples, which is right, and then do not divide by the number of "
            "all examples.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.dot(costs, sizes),
        ),
        Mistake(
            "weights-by-a-full-epoch",
            "You weigh each batch by its examples, which is right, and divide by batches times size, as if "
            "the last batch were full.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.dot(costs, sizes) / (len(sizes) * np.max(sizes)),
        ),
        Mistake(
            "short-batch-dropped",
            "The last batch is missing from your cost. Its examples were trained on, so they belong to the "
            "epoch.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: (
                weighted(costs[:-1], sizes[:-1]) if len(set(sizes)) > 1 and min(sizes) == sizes[-1] else None
            ),
        ),
        Mistake(
            "last-batch-only",
            "You return the cost of the last batch alone, so most examples have no part in it.",
            f"{LESSON_6}#running-it",
            returns=lambda costs, sizes: costs[-1],
        ),
        Mistake(
            "weights-upside-down",
            "A batch with more examples must weigh more, and in your formula it weighs less.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.average(costs, weights=1 / np.asarray(sizes, float)),
        ),
        Mistake(
            "divided-by-batches",
            "You multiply each cost by its number of examples, and divide by the number of batches. Divide "
            "by the number of examples.",
            f"{LESSON_6}#traps",
            returns=lambda costs, sizes: np.dot(costs, sizes) / len(sizes),
        ),
    ],
)


def cost_tf2_cases(rng):
    """Try a batch in all that may hold it, eagerly and compiled, equal logits, and logits far apart."""

    def batch(logits, labels, driver="at_once", **more):
        cost, gradient = cost_and_gradient(logits.T, np.eye(logits.shape[1])[:, labels])
        return {
            "arguments": (logits, labels),
            "expected": (cost, gradient.T),
            "driver": driver,
            "rtol": SINGLE,
            "atol": 1e-6,
        } | more

    def cost_alone(driver, logits, labels):
        return batch(logits, labels, driver, expected=cost_of(logits.T, np.eye(logits.shape[1])[:, labels]))

    def random(m, classes, dtype=np.float64):
        logits = (2 * rng.normal(size=(m, classes))).astype(dtype)
        return logits, rng.integers(classes, size=m)

    far, far_labels = sure_and_wrong(rng, 5, 6)
    far, far_labels = far.T.astype(np.float32), far_labels.argmax(axis=0)
    single, single_labels = random(6, 4, np.float32)
    return [
        Case(name, points=points, **call)
        for name, points, call in [
            ("cost and gradient of seven examples of three classes", 1, batch(*random(7, 3))),
            ("logits in an array of NumPy", 0, cost_alone("of_an_array", *random(5, 3))),
            ("logits and labels in tensors", 0, cost_alone("of_tensors", *random(6, 5))),
            ("a single example", 0, batch(*random(1, 4))),
            ("as many examples as classes, in float32", 1, batch(*random(4, 4, np.float32))),
            ("equal logits", 1, batch(np.full((9, 6), -0.5), rng.integers(6, size=9))),
            ("inside tf.function, in float32", 1, batch(single, single_labels.astype(np.int32), "compiled")),
            ("logits of a network that is sure, and sometimes wrong", 2, batch(far, far_labels)),
        ]
    ]


COST_TF2 = Question(
    name="compute-cost-tf2",
    function="compute_cost_tf2",
    cases=cost_tf2_cases,
    tensorflow=True,
    mistakes=[
        PROBABILITIES,
        TWICE,
        SUM,
        MEAN_OVER_ALL,
        VECTOR,
        SIGMOID,
        MINUS,
        BITS,
        Mistake(
            "counted-from-1",
            "The labels were shifted: the first class has the number 0, here and in TensorFlow.",
            f"{LESSON_5}#more-traps",
            shown_by=costs_are(
                lambda Z, Y: -(np.roll(Y, 1, axis=0) * log_softmax(Z, axis=0)).sum(axis=0).mean(),
                lambda Z, Y: -(np.roll(Y, -1, axis=0) * log_softmax(Z, axis=0)).sum(axis=0).mean(),
                lambda Z, Y: -(Y[1:] * log_softmax(Z, axis=0)[:-1]).sum(axis=0).mean(),
                lambda Z, Y: -(Y[:-1] * log_softmax(Z, axis=0)[1:]).sum(axis=0).mean(),
            ),
        ),
        Mistake(
            "other-layout",
            "The numbers that share one softmax belong to different examples, or the one-hot labels lie "
            "across the logits. This function gets one example per row, the layout of TensorFlow: there is "
            "nothing to transpose, and softmax runs over the last axis.",
            f"{LESSON_6}#traps",
            shown_by=costs_are(
                lambda Z, Y: -(Y.T * log_softmax(Z.T, axis=0)).sum(axis=1).mean(),
                lambda Z, Y: -(Y.T * log_softmax(Z.T, axis=0)).sum(axis=0).mean(),
                lambda Z, Y: (
                    -(Y.T * log_softmax(Z, axis=0)).sum(axis=0).mean() if len(Z) == Z.shape[1] else np.nan
                ),
                lambda Z, Y: (
                    -(Y.T * log_softmax(Z, axis=1)).sum(axis=1).mean() if len(Z) == Z.shape[1] else np.nan
                ),
            ),
        ),
        CLIPPED,
        OVERFLOW,
        Mistake(
            "value-wanted-while-tracing",
            "Inside tf.function a tensor has no value while the graph is traced: .numpy(), float() or a "
            "NumPy function cannot work on it, and eagerly they cut the cost off from the tape. Use "
            "operations of TensorFlow only, and return a tensor.",
            f"{LESSON_7}#traps",
            raises=rf"{NO_VALUE}|and no tensor$",
        ),
        Mistake(
            "one-hot-function",
            "The function that you called wants labels of the shape of the logits, one-hot. These labels "
            "are integers, one per example: call the sparse one, or make one-hot rows of them first.",
            f"{LESSON_5}#integer-labels-and-one-hot-labels",
            raises=OTHER_SHAPES,
        ),
        Mistake(
            "cut-off-from-logits",
            "The cost that you return has no gradient with respect to the logits, so nothing could learn "
            "from it.",
            f"{LESSON_7}#the-same-without-a-session",
            raises="no gradient: the cost|None values not supported",
        ),
        Mistake(
            "graph-of-2017",
            "Placeholders and sessions belong to a graph of TensorFlow 1. Here the numbers are there "
            "already: compute with them.",
            f"{LESSON_7}#the-same-without-a-session",
            raises="not compatible with eager execution|Session",
        ),
        OLD_NAME,
    ],
)


# --- one step of training


def descend(W, b, X, Y, rates, after=None):
    """Return what `steps` of drivers.py should: the costs before each step, then W and b.

    `after(before, gradients, rate)` gives the variables [W, b] after a step; the default is gradient descent.
    """
    values, costs = [np.array(W, float), np.array(b, float)], []
    after = after or (
        lambda before, slopes, rate: [old - rate * slope for old, slope in zip(before, slopes, strict=True)]
    )
    for rate in rates:
        costs.append(squared_error(values, X, Y))
        values = after(values, slopes_of(values, X, Y), rate)
    return *costs, *values


def squared_error(values, X, Y):
    """Return the mean of (X W + b - Y)²."""
    return np.mean((X @ values[0] + values[1] - Y) ** 2)


def slopes_of(values, X, Y):
    """Return the gradients of squared_error with respect to W (n, 1) and b (1,)."""
    error = 2 * (X @ values[0] + values[1] - Y) / len(X)
    return [X.T @ error, error.sum(axis=0)]


def step_cases(rng):
    """Try one step, several with different learning rates, and several inside tf.function."""
    tries = [
        ("one step, and the cost that it returns", [0.1], False, 2),
        ("a learning rate of 0, which moves nothing", [0.0], False, 0),
        ("three steps with three learning rates", [0.2, 0.05, 0.01], False, 2),
        ("two steps inside tf.function", [0.05, 0.05], True, 2),
    ]
    cases = []
    for name, rates, compile_it, points in tries:
        W, b = rng.normal(size=(3, 1)), rng.normal(size=1)
        X, Y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1)) + 2
        arguments = (W, b, X, Y, rates, compile_it)
        cases.append(
            Case(name, arguments, descend(W, b, X, Y, rates), points=points, driver="steps", atol=1e-7)
        )
    return cases


def instead(after):
    """Return the result of a mistake that takes its step differently: from variables, gradients and rate."""
    return lambda W, b, X, Y, rates, compile_it: descend(W, b, X, Y, rates, after)


def cost_afterwards(W, b, X, Y, rates, compile_it):
    """Return the costs after each step in place of before."""
    *costs, W, b = descend(W, b, X, Y, rates)
    return *costs[1:], squared_error([W, b], X, Y), W, b


def one_after_the_other(W, b, X, Y, rates, compile_it):
    """Return the result of moving W first, and taking the gradient of b there."""
    values, costs = [np.array(W), np.array(b)], []
    for rate in rates:
        costs.append(squared_error(values, X, Y))
        values[0] = values[0] - rate * slopes_of(values, X, Y)[0]
        values[1] = values[1] - rate * slopes_of(values, X, Y)[1]
    return *costs, *values


STEP = Question(
    name="training-step",
    function="training_step",
    cases=step_cases,
    tensorflow=True,
    mistakes=[
        Mistake(
            "variables-not-moved",
            "The variables are what they were. `variable = variable - …` makes a new tensor and gives it "
            "the old name; the variable itself stays. To change it in place, ask the variable to do so.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(lambda before, slopes, rate: before),
        ),
        Mistake(
            "uphill",
            "The step goes the wrong way: the gradient points to where the cost rises, so it is subtracted.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(
                lambda before, slopes, rate: [v + rate * s for v, s in zip(before, slopes, strict=True)]
            ),
        ),
        Mistake(
            "replaced-by-the-gradient",
            "The variable was replaced by the step instead of being moved by it. Subtract the learning rate "
            "times the gradient from the old value.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(lambda before, slopes, rate: [-rate * s for s in slopes]),
        ),
        Mistake(
            "learning-rate-left-out",
            "The learning rate that the function was given had no part in the step.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(
                lambda before, slopes, rate: [v - s for v, s in zip(before, slopes, strict=True)]
            ),
        ),
        Mistake(
            "learning-rate-fixed",
            "The step always has the same learning rate, whatever the function was given.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(
                lambda before, slopes, rate: [v - 0.01 * s for v, s in zip(before, slopes, strict=True)]
            ),
        ),
        Mistake(
            "first-variable-only",
            "Only the first variable moves. Take the step for each of the list.",
            f"{LESSON_7}#the-same-without-a-session",
            returns=instead(lambda before, slopes, rate: [before[0] - rate * slopes[0], before[1]]),
        ),
        Mistake(
            "one-after-the-other",
            "The second variable's gradient was taken after the first had moved. All gradients belong to "
            "one point: ask for them together, then move.",
            f"{LESSON_7}#traps",
            returns=one_after_the_other,
        ),
        Mistake(
            "cost-afterwards",
            "You return the cost after the step. Return the one that the gradient was taken of, as "
            "session.run([optimizer, cost]) did in 2017; it costs no second computation.",
            f"{LESSON_6}#running-it",
            returns=cost_afterwards,
        ),
        Mistake(
            "computed-outside-the-tape",
            "The tape notes only what is computed inside its with block. The cost was computed before or "
            "after it, so there is no gradient and you got None.",
            f"{LESSON_7}#the-same-without-a-session",
            raises=r"NoneType|None values not supported|No gradients provided|convert a value \(None\)",
        ),
        Mistake(
            "tape-asked-twice",
            "A tape can be asked for gradients once. Ask for all variables together, with a list.",
            f"{LESSON_7}#traps",
            raises="non-persistent|GradientTape.gradient can only be called once",
        ),
        Mistake(
            "variables-made-inside",
            "Something in the step makes a new tf.Variable at every call: an optimizer does, and so does "
            "tf.Variable itself. Inside tf.function that is an error; eagerly the new variable is forgotten "
            "after the call.",
            f"{LESSON_7}#traps",
            raises="singleton tf.Variable|non-first call|tried to create variables",
        ),
        Mistake(
            "value-wanted-while-tracing",
            "Inside tf.function a tensor has no value while the graph is traced: .numpy() and float() "
            "cannot work on it. Return the tensor.",
            f"{LESSON_7}#traps",
            raises=NO_VALUE,
        ),
        Mistake(
            "gradients-returned",
            "Return the cost. You returned something else, or several things.",
            f"{LESSON_7}#the-same-without-a-session",
            shown_by=lambda arguments, values: (
                len(values) != len(arguments[4]) + 2 or values[0].shape != () or values[-1].shape != (1,)
            ),
            raises="inhomogeneous|None, where the cost was expected",
        ),
        OLD_NAME,
    ],
)


# --- the listing with the fault


def train_passes(arguments, values):
    """Return the passes of each call of train, one per epoch; X and Y afterwards; and the costs that it reported.

    If the batches do not make a whole number of epochs, all batches of a call form a single pass.
    """
    X, Y, num_epochs, _, seeds, _ = arguments
    calls, after, reported = read_passes(values, len(seeds), reported=len(seeds))
    passes = []
    for pairs in calls:
        each, left = divmod(len(pairs), num_epochs)
        starts = range(0, len(pairs), each) if each and not left else [0]
        passes.append([one_pass(pairs[start : start + (each or len(pairs))], X, Y) for start in starts])
        if left or not each:
            passes[-1] = [one_pass(pairs, X, Y)]
    return passes, after, reported


def right_costs(arguments, passes):
    """Return the epoch costs (num_epochs,) that belong to the batches of one call."""
    m, batch_costs = arguments[0].shape[1], arguments[5]
    costs, number = [], 0
    for one in passes:
        total = 0.0
        for size in one.sizes:
            total += batch_costs[number % len(batch_costs)] * size
            number += 1
        costs.append(total / m)
    return np.array(costs)


def train_accepted(arguments):
    """Return what judges train: every epoch whole and shuffled, in an order of its own, repeatable, its cost right."""
    X, _, num_epochs, size, seeds, _ = arguments

    def accept(values) -> str:
        try:
            passes, after, reported = train_passes(arguments, values)
        except ValueError:
            return "It called step in a way that cannot be made sense of."
        for epochs, costs in zip(passes, reported, strict=True):
            if len(epochs) != num_epochs:
                return (
                    f"In {num_epochs} epochs it called step {sum(len(one.columns) for one in epochs)} times."
                )
            for number, one in enumerate(epochs):
                if fault := wholeness(one, X.shape[1], size):
                    return f"In epoch {number}: {fault}"
                if unshuffled(one):
                    return f"In epoch {number} the examples came in the order in which they stand in X."
            if len({tuple(one.order) for one in epochs}) < num_epochs:
                return "Two epochs had the same batches."
            if costs.shape != (num_epochs,):
                return f"It returned costs of the shape {costs.shape}, for {num_epochs} epochs."
            if not np.allclose(costs, right_costs(arguments, epochs), rtol=1e-9):
                return "A reported epoch cost is not the mean over the examples of that epoch."
        if len(passes) > 1:
            alike = [np.array_equal(one.order, other.order) for one, other in zip(*passes[:2], strict=True)]
            if seeds[0] == seeds[1] and not all(alike):
                return "The same seed gave two different trainings."
            if seeds[0] != seeds[1] and any(alike):
                return "Two different seeds gave the same batches."
        return untouched(arguments, passes, [None, *after])

    return accept


def train_cases(rng):
    """Try one epoch, several, a shorter last batch, and the same seed twice."""
    tries = [
        ("a single epoch of 48 examples in batches of 16", 48, 16, 1, (0,), 1),
        ("four epochs of 48 examples in batches of 16", 48, 16, 4, (int(rng.integers(1000)),), 2),
        ("three epochs of 50 examples in batches of 16, so that a shorter batch is left", 50, 16, 3, (5,), 2),
        ("the same seed twice, three epochs each", 40, 8, 3, (9, 9), 1),
        ("the seed 0 twice, two epochs each", 40, 8, 2, (0, 0), 0),
        ("two different seeds, two epochs each", 40, 8, 2, (0, 1), 0),
    ]
    cases = []
    for name, m, size, num_epochs, seeds, points in tries:
        arguments = (*examples(rng, m), num_epochs, size, seeds, rng.uniform(0.1, 2, size=23))
        cases.append(
            Case(name, arguments, None, points=points, driver="epochs", accept=train_accepted(arguments))
        )
    return cases


def in_training(recognise):
    """Return what recognises a mistake of train by its passes and the costs that it reported."""

    def shown_by(arguments, values) -> bool:
        try:
            passes, after, reported = train_passes(arguments, values)
        except ValueError:
            return False
        return bool(recognise(passes, arguments, reported, after))

    return shown_by


def drifts_apart(passes, *_) -> bool:
    """Tell whether the first epoch pairs examples with their labels but a later one does not."""
    sound = [not one.fault and one.with_own_label for one in passes[0]]
    return sound[0] and not all(sound)


def reported_is(wrong):
    """Return what tells whether the epochs are right but their costs were added up in a wrong way."""

    def recognise(passes, arguments, reported, _) -> bool:
        epochs, costs, batch_costs = passes[0], reported[0], arguments[5]
        if len(epochs) != arguments[2] or costs.shape != (arguments[2],):
            return False
        if any(wholeness(one, arguments[0].shape[1], arguments[3]) for one in epochs):
            return False
        each = len(epochs[0].columns)
        spent = np.resize(batch_costs, each * len(epochs)).reshape(len(epochs), each)
        value = np.asarray(wrong(spent, np.array(epochs[0].sizes)))
        return np.allclose(costs, value) and not np.allclose(value, right_costs(arguments, epochs))

    return in_training(recognise)


TRAIN = Question(
    name="find-the-bug",
    function="train",
    cases=train_cases,
    tensorflow=True,
    mistakes=[
        Mistake(
            "shuffled-again-and-again",
            "The first epoch is right; from the second on, pictures come with the labels of others. Look at "
            "what each epoch shuffles: the arrays as they were given, or what the epoch before made of "
            "them? It must be the same for both.",
            f"{LESSON_6}#exercises",
            shown_by=in_training(drifts_apart),
        ),
        Mistake(
            "shuffled-apart",
            "Already in the first epoch pictures come with the labels of others: X and Y were shuffled by "
            "two different orders.",
            f"{LESSON_6}#exercises",
            shown_by=in_training(
                lambda passes, *_: any(not one.fault and not one.with_own_label for one in passes[0][:1])
            ),
        ),
        Mistake(
            "not-shuffled",
            "The examples come in the order in which they stand in X. The fault was in how they were "
            "shuffled; to leave the shuffling out is not a repair.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_training(lambda passes, *_: any(unshuffled(one) for one in passes[0])),
        ),
        Mistake(
            "same-order-every-epoch",
            "Every epoch has the same batches. The order must be drawn anew in each.",
            f"{LESSON_6}#running-it",
            shown_by=in_training(
                lambda passes, arguments, *_: (
                    len(passes[0]) == arguments[2] > 1
                    and not any(one.fault for one in passes[0])
                    and len({tuple(one.order) for one in passes[0]}) == 1
                )
            ),
        ),
        Mistake(
            "part-batch-dropped",
            "The examples that do not fill a whole batch are never trained on. The listing was right there.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_training(
                lambda passes, arguments, *_: any(
                    not one.fault
                    and len(set(one.order)) == len(one.order) < arguments[0].shape[1]
                    and set(one.sizes) == {arguments[3]}
                    for one in passes[0]
                )
            ),
        ),
        Mistake(
            "total-not-reset",
            "The cost of an epoch still holds those of the epochs before it: the total must begin at 0 in "
            "each epoch.",
            f"{LESSON_6}#running-it",
            shown_by=reported_is(lambda costs, sizes: np.cumsum((costs * sizes).sum(axis=1) / sizes.sum())),
        ),
        Mistake(
            "epoch-cost",
            "The batches are right now, and the epoch cost is not: it must be the mean over the examples, "
            "so a short batch weighs less.",
            f"{LESSON_6}#traps",
            shown_by=in_training(
                lambda passes, arguments, reported, _: (
                    len(passes[0]) == arguments[2] == reported[0].size
                    and not any(wholeness(one, arguments[0].shape[1], arguments[3]) for one in passes[0])
                    and not np.allclose(reported[0], right_costs(arguments, passes[0]))
                )
            ),
        ),
        Mistake(
            "seed-ignored",
            "The same seed gave two different trainings, so nobody can repeat yours. Make the generator "
            "from the seed.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_training(
                lambda passes, arguments, *_: (
                    len(passes) > 1
                    and len(set(arguments[4])) == 1
                    and any(
                        not np.array_equal(one.order, other.order)
                        for one, other in zip(passes[0], passes[1], strict=False)
                    )
                )
            ),
        ),
        Mistake(
            "caller-s-arrays-shuffled",
            "The caller's X or Y was changed: something shuffles in place. Take the columns in a new order, "
            "which makes a copy.",
            f"{LESSON_6}#mini-batches",
            shown_by=in_training(
                lambda passes, arguments, _, after: untouched(arguments, passes, [None, *after])
            ),
        ),
        Mistake(
            "one-cost-for-all",
            "Return one cost for each epoch, in a list or an array.",
            f"{LESSON_6}#running-it",
            shown_by=in_training(lambda _, arguments, reported, __: reported[0].shape != (arguments[2],)),
            raises="None, where the list of epoch costs|object is not iterable|0-d array|iteration over a",
        ),
    ],
)

EXPLAIN = Question(name="explain-the-bug", function="", words_points=6)

QUESTIONS = [BATCHES, COST, EPOCH_COST, COST_TF2, STEP, TRAIN, EXPLAIN]
