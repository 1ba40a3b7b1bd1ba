"""Assignment 3: the calls that try each answer, and the mistakes that have a name.

Everything expected is computed here in float64 with NumPy and SciPy, in other ways than the model answer uses.
"""

import gzip
import os
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, log_expit, log_softmax, logit, softmax

from course.paths import DATA
from course.question import Case, Mistake, Question

TITLE = "One head for each problem"

UNITS = {"kind": 10, "tags": 4, "shoe": 1}

LESSON_3 = "03-binary-cross-entropy.ipynb"
LESSON_4 = "04-softmax.ipynb"
LESSON_5 = "05-cross-entropy.ipynb"
LESSON_8 = "08-keras-softmax-regression.ipynb"
LESSON_9 = "09-which-one.ipynb"


# --- pick_head ---------------------------------------------------------------------------------------------------


def scores(problem, features, kernels, biases, units=0):
    """Return the logits (m, units) that a head gives in float64; as many units as the problem needs, or `units`."""
    units = units or UNITS[problem]
    return features.astype(float) @ kernels[:, :units].astype(float) + biases[:units]


def cost_by_softmax(z, labels):
    """Return the mean over the rows of minus the logarithm of the softmax at integer labels (m,)."""
    return -np.mean(log_softmax(z, axis=1)[np.arange(len(z)), labels])


def cost_by_sigmoids(z, labels):
    """Return the mean over all entries of the cross-entropy of sigmoids, from logits z of the labels' shape."""
    return -np.mean(labels * log_expit(z) + (1 - labels) * log_expit(-z))


EDGE = np.float32(1e-7)  # Keras clips probabilities this far from 0 and 1, in float32


def cost_of_probabilities(p, labels):
    """Return the mean cross-entropy of yes-or-no probabilities as Keras computes it, with clipping."""
    p = np.clip(np.float32(p), EDGE, 1 - EDGE)
    return -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))


def cost_of_shares(p, labels):
    """Return the mean of minus the logarithm at integer labels as Keras computes it: rows clipped, then rescaled."""
    p = np.clip(p, EDGE, 1 - EDGE)
    return -np.mean(np.log(p / p.sum(axis=1, keepdims=True))[np.arange(len(p)), labels])


def probabilities(problem, z):
    """Return the probabilities of a head's logits: softmax if the answers exclude each other, else sigmoids."""
    return softmax(z, axis=1) if problem == "kind" else expit(z)


def logits_or_probabilities(problem, z):
    """Return the check of a head's outputs: logits are right, and so are their probabilities."""

    def check(values):
        got = values[0]
        if got.ndim == 2 and got.shape[1] != z.shape[1]:
            return f"The outputs have the shape {got.shape}: another number of units was expected."
        if got.shape != z.shape:
            return f"The outputs have the shape {got.shape}, where {z.shape} was expected."
        for right in (z, probabilities(problem, z)):
            if np.allclose(got, right, rtol=1e-4, atol=1e-5):
                return ""
        return "The outputs are neither logits nor the probabilities that belong to this problem."

    return check


def pick_head_cases(rng):
    """Try outputs, cost and share of right answers of each of the three heads, with weights that the grader sets."""
    cases = []
    for problem, what in [("kind", "one of ten kinds"), ("tags", "four tags"), ("shoe", "a shoe or not")]:
        features = rng.normal(size=(200, 6)).astype(np.float32)
        kernels = (rng.normal(size=(6, 12)) * 0.7).astype(np.float32)
        biases = rng.normal(size=12).astype(np.float32)
        z = scores(problem, features, kernels, biases)
        if problem == "kind":
            labels = rng.integers(0, 10, 200)
            cost, share = cost_by_softmax(z, labels), np.mean(z.argmax(axis=1) == labels)
        else:
            labels = rng.integers(0, 2, z.shape).astype(np.float32)
            cost, share = cost_by_sigmoids(z, labels), np.mean((z > 0) == labels)
        given = (problem, features, kernels, biases, labels)
        check = logits_or_probabilities(problem, z)
        trying = {"driver": "try_head", "rtol": 1e-4}
        cases += [
            Case(f"the outputs of the head for {what}", ("outputs", *given), z, accept=check, **trying),
            Case(f"two calls for {what}, which give new objects", ("shared", *given), 0, points=0, **trying),
            Case(f"the cost of a batch by the loss for {what}", ("cost", *given), cost, **trying),
            Case(f"the share of right answers by the metric for {what}", ("share", *given), share, **trying),
        ]
    return cases


def softmax_for_tags(what, problem, features, kernels, biases, labels):
    """Softmax over the tags, as outputs, or its cross-entropy with the unchanged labels."""
    z = scores(problem, features, kernels, biases)
    if problem != "tags" or what == "share":
        return None
    return {
        "outputs": softmax(z, axis=1),
        "cost": -np.mean(np.sum(labels * log_softmax(z, axis=1), axis=1)),
    }[what]


def softmax_and_binary_loss(what, problem, features, kernels, biases, labels):
    """Softmax over the tags whose shares go into the binary loss."""
    if problem != "tags" or what != "cost":
        return None
    return cost_of_probabilities(softmax(scores(problem, features, kernels, biases), axis=1), labels)


def sigmoids_for_kinds(what, problem, features, kernels, biases, labels):
    """Ten sigmoids although exactly one kind is right."""
    z = scores(problem, features, kernels, biases)
    if problem != "kind" or what == "share":
        return None
    return expit(z) if what == "outputs" else cost_of_shares(expit(z), labels)


def softmax_over_one(what, problem, features, kernels, biases, labels):
    """A softmax over a single unit, which is 1 whatever the logit is."""
    if problem != "shoe":
        return None
    ones = np.ones((len(features), 1))
    return {
        "outputs": ones,
        "cost": cost_of_probabilities(ones, labels),
        "share": np.mean(labels),
    }[what]


def two_units(what, problem, features, kernels, biases, labels):
    """Two units for a yes or a no, with or without softmax."""
    if problem != "shoe":
        return None
    z = scores(problem, features, kernels, biases, units=2)
    whole = labels[:, 0].astype(int)
    return {
        "outputs": z,
        "cost": cost_by_softmax(z, whole),
        "share": np.mean(z.argmax(axis=1) == whole),
    }[what]


def flag_forgotten(what, problem, features, kernels, biases, labels):
    """Logits that the loss takes for probabilities."""
    if what != "cost":
        return None
    z = scores(problem, features, kernels, biases)
    return (cost_of_shares if problem == "kind" else cost_of_probabilities)(z, labels)


def activation_and_flag(what, problem, features, kernels, biases, labels):
    """Probabilities that the loss takes for logits."""
    if what != "cost":
        return None
    p = probabilities(problem, scores(problem, features, kernels, biases))
    return (cost_by_softmax if problem == "kind" else cost_by_sigmoids)(p, labels)


def threshold_at_half(what, problem, features, kernels, biases, labels):
    """The share of right answers if a logit counts as yes from 0.5 on."""
    if what != "share" or problem == "kind":
        return None
    return np.mean((scores(problem, features, kernels, biases) > 0.5) == labels)


def threshold_at_zero(what, problem, features, kernels, biases, labels):
    """The share of right answers if every probability counts as yes because it is above 0."""
    if what != "share" or problem == "kind":
        return None
    return np.mean(labels)


def categorical_share(what, problem, features, kernels, biases, labels):
    """The share of rows whose largest output and largest label are in the same place."""
    if what != "share" or problem == "kind":
        return None
    z = scores(problem, features, kernels, biases)
    return np.mean(z.argmax(axis=1) == labels.argmax(axis=1))


def squared(what, problem, features, kernels, biases, labels):
    """The mean squared distance of probabilities and labels."""
    if what != "cost" or problem == "kind":
        return None
    return np.mean((probabilities(problem, scores(problem, features, kernels, biases)) - labels) ** 2)


def always_one(given, got):
    """A single output that is 1 whatever the input."""
    return given[:2] == ("outputs", "shoe") and got[0].shape[1:] == (1,) and np.allclose(got[0], 1, atol=1e-5)


def wrong_number_of_units(given, got):
    """Outputs whose last axis has another length than the problem needs."""
    what, problem = given[:2]
    return what == "outputs" and got[0].ndim == 2 and got[0].shape[1] != UNITS[problem]


PICK_HEAD = Question(
    name="pick-head",
    function="pick_head",
    tensorflow=True,
    cases=pick_head_cases,
    mistakes=[
        Mistake(
            "softmax-for-tags",
            "Softmax makes the tags share one whole, so at most one of them can lie above one half. A coat "
            "has sleeves and is warm. Each tag is a question of its own: a sigmoid each, and the binary "
            "loss.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            returns=softmax_for_tags,
        ),
        Mistake(
            "softmax-and-binary-loss",
            "The activation says softmax and the loss says sigmoid: the shares of a softmax went into the "
            "binary loss. Both must say the same, and tags are separate questions.",
            f"{LESSON_9}#traps",
            returns=softmax_and_binary_loss,
        ),
        Mistake(
            "sigmoids-for-kinds",
            "The kinds exclude each other, and ten sigmoids know nothing of each other: a picture may be "
            "two kinds, or none. One question with ten answers takes softmax.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            returns=sigmoids_for_kinds,
        ),
        Mistake(
            "softmax-over-one-unit",
            "Softmax over a single unit is 1, whatever the logit: one number that must sum to 1 is 1. A "
            "single unit takes a sigmoid, or no activation and a loss that is told so.",
            f"{LESSON_4}#more-traps",
            returns=softmax_over_one,
            shown_by=always_one,
        ),
        Mistake(
            "two-units-for-yes-or-no",
            "Two units can answer a yes-or-no question, with softmax. Here the smallest head was asked for: "
            "only the difference of the two logits counts, and one unit with a sigmoid says the same.",
            f"{LESSON_9}#one-unit-or-two",
            returns=two_units,
        ),
        Mistake(
            "flag-forgotten",
            "Your head gives logits, and your loss takes them for probabilities. Tell it: from_logits=True. "
            "Or put the activation into the head.",
            f"{LESSON_8}#traps",
            returns=flag_forgotten,
        ),
        Mistake(
            "activation-and-flag",
            "Your head gives probabilities, and from_logits=True makes the loss apply softmax or sigmoid "
            "once more. Take one of the two away. (Inside fit on TensorFlow, Keras mends this with a "
            "warning; elsewhere nobody does.)",
            f"{LESSON_9}#the-tested-table-of-from_logits",
            returns=activation_and_flag,
        ),
        Mistake(
            "accuracy-by-shape",
            "Your metric asks whether the largest output and the largest label stand in one place: "
            "categorical accuracy. For yes-or-no questions count single answers, with BinaryAccuracy.",
            f"{LESSON_9}#traps",
            returns=categorical_share,
        ),
        Mistake(
            "threshold-at-half",
            "Your metric calls a logit a yes from 0.5 on. A probability of one half is the logit 0: set "
            "threshold=0.0.",
            f"{LESSON_9}#the-chooser",
            returns=threshold_at_half,
        ),
        Mistake(
            "threshold-at-zero",
            "Your metric calls every probability above 0 a yes. The threshold 0 belongs to logits; to "
            "probabilities belongs one half.",
            f"{LESSON_9}#the-chooser",
            returns=threshold_at_zero,
        ),
        Mistake(
            "squared-error",
            "Your loss is the squared error. It trains classifiers badly, since its slope dies where the "
            "answer is most wrong; cross-entropy is the loss of a probability.",
            f"{LESSON_3}#why-not-mse-first-the-gradient-that-dies",
            returns=squared,
        ),
        Mistake(
            "one-hot-loss-for-integers",
            "Loss or metric want one-hot labels, and the kinds come as integers of shape (m,). The names "
            "with Sparse in them take integers.",
            f"{LESSON_8}#traps",
            raises=r"ValueError: .*(same (shape|rank)|shape mismatch|incompatible|target)|Shapes? .*incompatible"
            r"|must have the same|Invalid reduction dim|broadcast",
        ),
        Mistake(
            "accuracy-by-name",
            'A name such as "accuracy" leaves the choice to Keras, which goes by the shapes and not by your '
            "loss. Return a metric object of tf.keras.metrics.",
            f"{LESSON_9}#traps",
            raises=r"the metric must be an object.*found a str",
        ),
        Mistake(
            "names-instead-of-objects",
            "pick_head returns three objects: a Keras layer, a Keras loss, a Keras metric, in this order. "
            "At least one of yours is something else.",
            f"{LESSON_9}#the-chooser",
            raises=r"TypeError: (pick_head must return three|the (head|loss|metric) must be)",
        ),
        Mistake(
            "wrong-number-of-units",
            "The head has another number of outputs than the problem needs: one for each class that "
            "excludes the others, one for each tag, one for a single yes or no.",
            f"{LESSON_9}#the-chooser",
            shown_by=wrong_number_of_units,
        ),
    ],
)


# --- train_classifier --------------------------------------------------------------------------------------------


@cache
def test_labels():
    """Return the labels (10000,) of Fashion-MNIST's test pictures, read where Keras keeps them."""
    homes = [Path(home) for home in (os.environ.get("KERAS_HOME"), DATA, Path.home() / ".keras") if home]
    for home in homes:
        path = home / "datasets" / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz"
        if path.is_file():
            return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=8).astype(int)
    raise FileNotFoundError(f"Fashion-MNIST is in none of {', '.join(map(str, homes))}: run make data first")


def measured(outputs, kinds):
    """Return share of right answers and mean cost of outputs (10000, 10), logits or probabilities."""
    outputs, labels = outputs.astype(float), kinds[test_labels()]
    probable = outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-3)
    log_p = np.log(np.clip(outputs, 1e-7, 1)) if probable else log_softmax(outputs, axis=1)
    return np.mean(outputs.argmax(axis=1) == labels), -np.mean(log_p[np.arange(len(labels)), labels])


def ten_numbers(values):
    """Check that there are ten numbers for each test picture."""
    got = values[0]
    if got.shape != (10_000, 10):
        return f"The outputs have the shape {got.shape}, where (10000, 10) was expected: ten numbers for each picture."
    if not np.isfinite(got).all():
        return "The outputs contain NaN or infinity."
    return ""


def right_share(kinds, wanted):
    """Return the check that at least `wanted` of the test pictures are named right."""

    def check(values):
        if wrong := ten_numbers(values):
            return wrong
        share, _ = measured(values[0], kinds)
        return "" if share >= wanted else f"It named {share:.3f} of them right."

    return check


def cost_at_most(kinds, wanted):
    """Return the check that the test pictures cost at most `wanted` each, on average."""

    def check(values):
        if wrong := ten_numbers(values):
            return wrong
        _, cost = measured(values[0], kinds)
        return "" if cost <= wanted else f"It cost {cost:.2f} on average; knowing nothing costs ln 10 = 2.30."

    return check


def train_classifier_cases(rng):
    """Train once on renumbered kinds, and ask four things of the outputs for the test pictures.

    The renumbering has no fixed point. So only a model that learnt from its arguments can be right: not one that was
    trained beforehand, not one trained on what the notebook loaded, and not one that saw the test labels. The driver
    changes the pictures, so that none can be recognised as one of a public file. FileNotFoundError without the data.
    """
    test_labels()  # so that this is known before anything is run
    order = rng.permutation(10)
    kinds = np.empty(10, int)
    kinds[order] = np.roll(order, 1)
    trying = {"arguments": (kinds, int(rng.integers(2**32))), "expected": None, "driver": "train_and_try"}
    return [
        Case("ten numbers for each new picture", accept=ten_numbers, **trying),
        Case("at least 0.75 of new pictures right", accept=right_share(kinds, 0.75), points=2, **trying),
        # The assignment asks for 0.82; chance moves the result by about 0.005, so whoever reached 0.82 passes here.
        Case("new pictures against the bar for 0.82", accept=right_share(kinds, 0.81), points=2, **trying),
        Case("an average cost of at most 0.6", accept=cost_at_most(kinds, 0.6), **trying),
    ]


def share_and_cost(given, got):
    """Return share and cost, or (nan, nan) if the outputs are not ten numbers per picture."""
    return (np.nan, np.nan) if ten_numbers(got) else measured(got[0], given[0])


def learnt_other_labels(_, got):
    """The outputs name far more pictures by the old numbers of the kinds than guessing would.

    Not nearly all of them: the pictures that it learnt were not mirrored.
    """
    return share_and_cost((np.arange(10),), got)[0] > 0.25


def returned_classes(_, got):
    """One number for each picture."""
    return got[0].shape in {(10_000,), (10_000, 1)}


def surer_than_right(given, got):
    """Most answers are right, but the wrong ones cost more than knowing nothing would."""
    share, cost = share_and_cost(given, got)
    return share > 0.6 and cost > 1


def shared_among_pictures(_, got):
    """Columns that sum to whole numbers, once for each batch, and rows that sum to anything."""
    if ten_numbers(got) or got[0].min() < 0:
        return False
    columns, rows = (got[0].astype(float).sum(axis=axis) for axis in (0, 1))
    return np.allclose(columns, np.round(columns), atol=1e-3) and not np.allclose(rows, 1, atol=1e-3)


TRAIN_CLASSIFIER = Question(
    name="train-classifier",
    function="train_classifier",
    tensorflow=True,
    seconds=90.0,
    most_bytes=4_000_000,  # four times 10,000 pictures with ten numbers each
    cases=train_classifier_cases,
    mistakes=[
        Mistake(
            "arguments-ignored",
            "Your function was given pictures and labels, and it learnt from others: the kinds had been "
            "renumbered, and your model uses the old numbers. Train on the two arguments, not on variables "
            "of the notebook, and never on the test set.",
            f"{LESSON_8}#training-with-fit",
            shown_by=learnt_other_labels,
            # in the sandbox there is no other data: neither Keras nor the cells of the notebook could load any
            raises=r"URL fetch failure|NameError: name '(train|test)_(pictures|labels)' is not defined",
        ),
        Mistake(
            "classes-returned",
            "Your model gives one number for each picture. Return the model with its ten logits or "
            "probabilities; whoever wants the kind takes the place of the largest.",
            f"{LESSON_8}#predictions",
            shown_by=returned_classes,
        ),
        Mistake(
            "softmax-over-the-batch",
            "The pictures share each kind among them, so softmax ran along the batch. It belongs on the "
            "last axis: each row must sum to 1.",
            f"{LESSON_4}#which-axis",
            shown_by=shared_among_pictures,
        ),
        Mistake(
            "surer-than-right",
            "Most answers are right, and the wrong ones are dear: the model is all but certain of every "
            "answer. So it looks where pixels go from 0 to 255, in the training or only afterwards. Divide "
            "by 255 inside the model, with a Rescaling layer; then it cannot be forgotten.",
            f"{LESSON_8}#traps",
            shown_by=surer_than_right,
        ),
        Mistake(
            "one-hot-labels-for-the-sparse-loss",
            "Labels and loss do not fit. Sparse in its name means integers of shape (m,); without it the "
            "labels must be one-hot.",
            f"{LESSON_8}#traps",
            raises=r"ValueError: .*(same (shape|rank)|shape mismatch|[Ii]ncompatible|target|output)",
        ),
        Mistake(
            "labels-out-of-range",
            "The loss met a label for which the head has no unit. Ten kinds are numbered from 0 to 9 and "
            "need ten units.",
            f"{LESSON_8}#traps",
            raises=r"(?s)InvalidArgumentError.*SparseSoftmaxCrossEntropy",
        ),
        Mistake(
            "history-returned",
            "You returned what fit returns, the history of the training. Return the model.",
            f"{LESSON_8}#training-with-fit",
            raises=r"must return the trained model",
        ),
        Mistake(
            "no-numbers",
            "NaN came out: the training ran away. Look at the learning rate and at the scale of the pixels.",
            f"{LESSON_8}#traps",
            shown_by=lambda _, got: not np.isfinite(got[0].astype(float)).all(),
        ),
        Mistake(
            "guessing",
            "The model names one picture in ten right, or little more: that is guessing. Is it the model "
            "that was trained, do pictures and labels still belong together, and does the loss know that it "
            "gets logits? A loss of ln 10 that stays there, or one far above it, tells which.",
            f"{LESSON_8}#check-yourself",
            shown_by=lambda given, got: share_and_cost(given, got)[0] < 0.3,
        ),
        Mistake(
            "stopped-too-early",
            "It learns, and is not there yet. Where the training loss is still falling, give it more epochs "
            "or larger steps; where it leaps about, smaller ones.",
            f"{LESSON_8}#training-by-hand-train_ch3",
            shown_by=lambda given, got: 0.3 <= share_and_cost(given, got)[0] < 0.82,
        ),
    ],
)


# --- tags_cost ---------------------------------------------------------------------------------------------------


def losses_of_tags(z, y):
    """Return the cross-entropy of each single answer, of the shape of z, by log-sum-exp of (0, z)."""
    z, y = np.asarray(z, float), np.asarray(y, float)
    return np.logaddexp(0, z) - y * z


def tags_cost_cases(rng):
    """Try small and far logits, integer labels, one picture, and more pictures than tags."""

    def case(name, z, y, points=1):
        return Case(name, (z, y), losses_of_tags(z, y).sum() / len(z), points)

    def labels(*shape):
        return rng.integers(0, 2, shape).astype(float)

    far = np.array([[1000.0, -1000.0, 3.0], [-1000.0, 2.0, 1000.0]])
    far_labels = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    order = rng.permutation(3)
    return [
        case("seven pictures and four tags", rng.normal(size=(7, 4)) * 2, labels(7, 4)),
        case("two pictures and five tags", rng.normal(size=(2, 5)) * 3, labels(2, 5)),
        case("one picture alone", rng.normal(size=(1, 4)), labels(1, 4)),
        case("a single tag", rng.normal(size=(5, 1)), labels(5, 1), points=0),
        case("labels of whole numbers", rng.normal(size=(6, 3)), rng.integers(0, 2, (6, 3))),
        case("logits of whole numbers", rng.integers(-3, 4, (6, 3)), labels(6, 3), points=0),
        case("logits as far out as -1000 and 1000", far[:, order], far_labels[:, order], points=2),
    ]


def clipped(z, y, eps):
    """The cost of probabilities that were clipped at eps."""
    p = np.clip(expit(z), eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(z)


def was_cut_off(given, got):
    """The cost of probabilities that were clipped at some power of ten, or had one added."""
    z, y = given
    exact, p = losses_of_tags(z, y).sum() / len(z), expit(z)
    for eps in 10.0 ** -np.arange(5, 17):
        cut = clipped(z, y, eps), -np.sum(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps)) / len(z)
        if got[0].ndim == 0 and any(np.isclose(got[0], cost, rtol=1e-3) for cost in cut):
            return abs(got[0] - exact) > 1  # a cost that is only inexact has another cause
    return False


def swapped(z, y):
    """The cost if the labels are taken for logits and the logits for labels."""
    return losses_of_tags(y, z).sum() / len(z)


TAGS_COST = Question(
    name="tags-cost",
    function="tags_cost",
    cases=tags_cost_cases,
    mistakes=[
        Mistake(
            "mean-over-the-tags",
            "You took the mean over all answers, as Keras does. Asked for is the sum over the tags of a "
            "picture, and the mean over the pictures: your value is too small by the number of tags.",
            f"{LESSON_9}#the-formulas-side-by-side",
            returns=lambda z, y: losses_of_tags(z, y).mean(),
        ),
        Mistake(
            "sum-over-everything",
            "You added up all answers. The tags of a picture are summed, the pictures are averaged: divide "
            "by the number of pictures.",
            f"{LESSON_3}#more-traps",
            returns=lambda z, y: losses_of_tags(z, y).sum(),
        ),
        Mistake(
            "mean-over-the-wrong-axis",
            "You divided by the number of tags where the number of pictures was due. The pictures are the "
            "rows, axis 0.",
            f"{LESSON_9}#the-formulas-side-by-side",
            returns=lambda z, y: losses_of_tags(z, y).sum() / np.shape(z)[1],
        ),
        Mistake(
            "no-mean",
            "You returned one loss for each picture. The cost is their mean, one number.",
            f"{LESSON_3}#the-formula",
            returns=lambda z, y: losses_of_tags(z, y).sum(axis=1),
        ),
        Mistake(
            "minus-forgotten",
            "Your cost has the wrong sign: the logarithm of a probability is negative, so the loss has a "
            "minus in front.",
            f"{LESSON_3}#the-formula",
            returns=lambda z, y: -losses_of_tags(z, y).sum() / len(z),
        ),
        Mistake(
            "softmax",
            "You used softmax. Its outputs share one whole, and tags do not exclude each other: a sigmoid "
            "for each.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            returns=lambda z, y: -np.sum(y * log_softmax(z, axis=1)) / len(z),
        ),
        Mistake(
            "only-the-yes-answers",
            "Your loss looks at the tags that are true and not at the others. A false tag that was called "
            "likely must cost too: that is the half with 1 - y.",
            f"{LESSON_3}#the-formula",
            returns=lambda z, y: -np.sum(y * log_expit(z)) / len(z),
        ),
        Mistake(
            "logarithm-to-base-two",
            "Your value is in bits: the logarithm has base 2. The loss uses the natural one, np.log.",
            f"{LESSON_5}#more-traps",
            returns=lambda z, y: losses_of_tags(z, y).sum() / len(z) / np.log(2),
        ),
        Mistake(
            "sigmoid-twice",
            "The sigmoid was applied twice. A loss from logits has it inside; it gets the logits as they "
            "are.",
            f"{LESSON_3}#more-traps",
            returns=lambda z, y: losses_of_tags(expit(z), y).sum() / len(z),
        ),
        Mistake(
            "arguments-swapped",
            "Logits and labels have changed places somewhere: the first argument holds the logits.",
            f"{LESSON_3}#more-traps",
            returns=swapped,
        ),
        Mistake(
            "cut-off",
            "Your probabilities are cut off before the logarithm, so that a sure and wrong answer costs 16 "
            "or 23 and no more, and teaches nothing. From the logits the loss needs no cutting.",
            f"{LESSON_3}#from-logits",
            shown_by=was_cut_off,
        ),
        Mistake(
            "overflow",
            "At logits of a thousand your cost is NaN or infinite: the exponential "
            "overflows, or the logarithm meets a 0. Compute the loss from the logits by the stable "
            "formula.",
            f"{LESSON_3}#from-logits",
            shown_by=lambda given, got: not np.isfinite(got[0].astype(float)).all(),
        ),
    ],
)


# --- predict_tags ------------------------------------------------------------------------------------------------


def predict_tags_cases(rng):
    """Try one threshold for all, one for each tag, 0 and 1, as many pictures as tags, none and all, and a tie."""

    def case(name, z, thresholds, points=1):
        return Case(name, (z, thresholds), (expit(z) >= thresholds).astype(int), points)

    half = np.full(4, 0.5)
    own = rng.permutation([0.15, 0.35, 0.7, 0.9]) + rng.uniform(-0.03, 0.03, 4)
    square = rng.permutation([0.1, 0.3, 0.75, 0.92])
    # Each tag has a logit on either side of its own threshold, and some between it and one half.
    around = logit(own) + rng.permuted(
        np.array([-1.5, -0.4, -0.15, 0.15, 0.4, 1.5])[:, None].repeat(4, 1), axis=0
    )
    between = (logit(own) / 2)[None]
    near = logit(square) + rng.permuted(np.array([-1.2, -0.3, 0.3, 1.2])[:, None].repeat(4, 1), axis=0)
    ends = rng.permutation([0.0, 1.0, 0.25, 0.6])
    return [
        case("one half for every tag", rng.choice([-1, 1], (6, 4)) * rng.uniform(0.1, 3, (6, 4)), half),
        case("a threshold of its own for each tag", np.concatenate([around, between]), own),
        case(
            "thresholds of exactly 0 and exactly 1 among others", np.array([[-2.0] * 4, [2.0] * 4]), ends, 0
        ),
        case("as many pictures as tags", near, square),
        case("one picture without any tag and one with all", np.array([[-2.0] * 4, [3.0] * 4]), half),
        case(
            "probabilities that lie exactly on the threshold",
            np.array([[0.0, -1.0, 0.0, 1.0], [2.0, 0.0, 0.3, -3.0]]),
            half,
        ),
    ]


def only_the_largest(z, thresholds):
    """One-hot at the largest logit of each row."""
    return np.eye(z.shape[1])[z.argmax(axis=1)]


def one_threshold_for_all(given, got):
    """The tags above one of the thresholds, or above their mean."""
    z, thresholds = given
    return any(np.array_equal(got[0], expit(z) >= one) for one in (*thresholds, np.mean(thresholds)))


PREDICT_TAGS = Question(
    name="predict-tags",
    function="predict_tags",
    cases=predict_tags_cases,
    mistakes=[
        Mistake(
            "only-the-largest",
            'Every picture got exactly one tag, the one with the largest logit. argmax answers "which '
            'one?"; tags ask "this one, yes or no?", each for itself.',
            f"{LESSON_9}#the-idea-how-many-questions-do-you-ask",
            returns=only_the_largest,
        ),
        Mistake(
            "place-of-the-largest",
            "You returned one number a picture, the place of the largest logit. Asked for is a 0 or 1 for "
            "each tag.",
            f"{LESSON_9}#the-idea-how-many-questions-do-you-ask",
            returns=lambda z, thresholds: z.argmax(axis=1),
        ),
        Mistake(
            "logits-against-thresholds",
            "You compared logits with thresholds that are probabilities. Take the sigmoid of the logits "
            "first, or the log-odds of the thresholds.",
            "01-sigmoid.ipynb#the-idea-every-number-is-somebodys-log-odds",
            returns=lambda z, thresholds: z >= thresholds,
        ),
        Mistake(
            "one-half-for-all",
            "Your tags are those above one half: the thresholds that were given play no part.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            returns=lambda z, thresholds: z >= 0,
        ),
        Mistake(
            "softmax",
            "You compared the shares of a softmax with the thresholds. Tags do not share one whole: a "
            "sigmoid for each.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            returns=lambda z, thresholds: softmax(z, axis=1) >= thresholds,
        ),
        Mistake(
            "the-other-side",
            "Yes and no have changed places: a tag is given where its probability reaches the threshold.",
            f"{LESSON_9}#the-formulas-side-by-side",
            returns=lambda z, thresholds: expit(z) < thresholds,
        ),
        Mistake(
            "minus-forgotten",
            "Your probabilities fall where they should rise: the exponent of the sigmoid carries a minus sign.",
            "01-sigmoid.ipynb#the-formula",
            returns=lambda z, thresholds: expit(-z) >= thresholds,
        ),
        Mistake(
            "thresholds-along-the-pictures",
            "The thresholds went along the pictures. There is one for each tag, and tags are columns: NumPy "
            "lines a vector (K,) up with the last axis of (m, K) by itself.",
            f"{LESSON_4}#which-axis",
            returns=lambda z, thresholds: (
                expit(z) >= thresholds[:, None] if len(z) == len(thresholds) else None
            ),
            raises=r"could not be broadcast|Incompatible shapes|operands",
        ),
        Mistake(
            "probabilities-returned",
            "You returned probabilities. The function decides: 1 where a probability reaches its threshold, "
            "else 0.",
            f"{LESSON_9}#the-formulas-side-by-side",
            returns=lambda z, thresholds: expit(z),
        ),
        Mistake(
            "one-threshold-for-all",
            "You compared with one threshold for all tags. Each tag has its own.",
            f"{LESSON_9}#each-question-with-the-wrong-head",
            shown_by=one_threshold_for_all,
        ),
        Mistake(
            "threshold-left-out",
            'A probability that lies exactly on its threshold reaches it: "at least" is >=, not >.',
            f"{LESSON_9}#the-formulas-side-by-side",
            returns=lambda z, thresholds: expit(z) > thresholds,
        ),
    ],
)


# --- tempered ----------------------------------------------------------------------------------------------------


def tempered_rows(z, temperature):
    """Return softmax of z divided by the temperature, computed through its logarithm in float64."""
    return np.exp(log_softmax(np.asarray(z, float) / temperature, axis=1))


def tempered_cases(rng):
    """Try temperatures above and below 1, far logits, whole numbers, and as many pictures as kinds."""

    def case(name, z, temperature, points=1):
        return Case(name, (z, temperature), tempered_rows(z, temperature), points, rtol=1e-5, atol=1e-7)

    # Multiples of 1/64 and a temperature that float32 divides exactly: an answer in float32 is right too.
    near = np.round(rng.normal(size=(3, 4)) * 96) / 64
    apart = (
        near + rng.permutation([-2000.0, 0.0, 2000.0])[:, None] + rng.permutation([1000.0, 0.0, 0.0, -1000.0])
    )
    return [
        case("a temperature above 1", rng.normal(size=(5, 4)) * 2, 2.5),
        case("a temperature below 1", rng.normal(size=(6, 3)), 0.4),
        case("as many pictures as kinds", rng.normal(size=(4, 4)) * 2, 1.7),
        case("a single picture", rng.normal(size=(1, 4)) * 2, 1.3, points=0),
        case("a temperature of 1", rng.normal(size=(3, 4)) * 2, 1, points=0),
        case("logits of whole numbers", rng.integers(-5, 6, (3, 5)), 2),
        case("logits near 1000", 1000 + near, 0.5),
        case("logits that lie thousands apart", apart, 0.5),
    ]


TEMPERED = Question(
    name="tempered",
    function="tempered",
    cases=tempered_cases,
    mistakes=[
        Mistake(
            "multiplied",
            "You multiplied by the temperature. The logits are divided by it: a high temperature makes the "
            "model humbler.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: softmax(z * t, axis=1),
        ),
        Mistake(
            "temperature-ignored",
            "Your probabilities are those at a temperature of 1, whatever temperature was given. A factor "
            "changes nothing once softmax has normalised, or before it where it stands outside the "
            "exponential: divide the logits first.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: softmax(z, axis=1),
        ),
        Mistake(
            "probabilities-divided",
            "You divided the probabilities, so the rows do not sum to 1 any more. Divide the logits, then "
            "apply softmax.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: softmax(z, axis=1) / t,
        ),
        Mistake(
            "softmax-of-probabilities",
            "Softmax was applied twice: once before the temperature and once after it. Divide the logits, "
            "then apply it once.",
            f"{LESSON_5}#more-traps",
            returns=lambda z, t: softmax(softmax(z, axis=1) / t, axis=1),
        ),
        Mistake(
            "softmax-over-the-batch",
            "Your columns sum to 1, not your rows: softmax ran along the pictures. It belongs on the last "
            "axis.",
            f"{LESSON_4}#which-axis",
            returns=lambda z, t: softmax(z / t, axis=0),
        ),
        Mistake(
            "softmax-over-everything",
            "All your numbers together sum to 1. Each picture has a distribution of its own: sum along the "
            "last axis, and keep that axis (keepdims=True).",
            f"{LESSON_4}#which-axis",
            returns=lambda z, t: softmax(z / t),
        ),
        Mistake(
            "sigmoids",
            "You used sigmoids, so the rows sum to anything. The kinds exclude each other: softmax.",
            f"{LESSON_4}#softmax-against-three-sigmoids",
            returns=lambda z, t: expit(z / t),
        ),
        Mistake(
            "logits-returned",
            "You returned logits divided by the temperature. Asked for are the probabilities: softmax is "
            "missing.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: z / t,
        ),
        Mistake(
            "logarithms-returned",
            "You returned the logarithms of the probabilities.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: log_softmax(z / t, axis=1),
        ),
        Mistake(
            "whole-numbers-divided",
            "The division threw the fraction away. Use /, and not //, or make floats of whole numbers first.",
            f"{LESSON_4}#temperature",
            returns=lambda z, t: softmax(z // t, axis=1),
        ),
        Mistake(
            "overflow",
            "At logits near 1000 the exponential overflows, and infinity over infinity is NaN. Subtract the "
            "largest logit of each row first: softmax does not see a shift.",
            f"{LESSON_4}#overflow-and-the-stable-form",
            shown_by=lambda given, got: given[0].max() > 500 and not np.isfinite(got[0].astype(float)).all(),
        ),
        Mistake(
            "axis-lost",
            "The sum lost its axis, so the shapes do not fit or fit by chance in the wrong direction: sum "
            "with keepdims=True.",
            f"{LESSON_4}#which-axis",
            raises=r"could not be broadcast|Incompatible shapes",
        ),
    ],
)


# --- fit_temperature ---------------------------------------------------------------------------------------------

LOWEST, HIGHEST = 0.05, 20.0  # the range that the assignment gives


def best_temperature(z, labels):
    """Return the temperature at which the mean cross-entropy is smallest: the root of its slope in 1/T.

    In 1/T the cost is convex, and its slope is the mean over the rows of the expected logit minus the true one.
    """
    z = np.asarray(z, float)
    z = z - z.max(axis=1, keepdims=True)
    true = z[np.arange(len(z)), labels]

    def slope(inverse):
        return np.mean((softmax(z * inverse, axis=1) * z).sum(axis=1) - true)

    return 1 / brentq(slope, 1 / HIGHEST, 1 / LOWEST, xtol=1e-13)


def lowest_point(cost):
    """Return the temperature at which a cost is smallest, on a fine grid and then between its neighbours."""
    grid = np.geomspace(LOWEST, HIGHEST, 20)
    k = int(np.nanargmin([cost(t) for t in grid]))
    between = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    return minimize_scalar(cost, bounds=between, method="bounded").x


def fit_temperature_cases(rng):
    """Try models that are too sure and not sure enough, to near both ends, logits near 3000, and many kinds."""

    def case(name, temperature, m, kinds, shift=0.0, points=1):
        # Labels are drawn from the softmax of z, and noise makes the model wrong in a way that no temperature repairs:
        # so the cost differs from other measures. A factor on the logits is a factor on the best temperature.
        z = rng.normal(size=(m, kinds)) * 2
        labels = (softmax(z, axis=1).cumsum(axis=1) > rng.random((m, 1))).argmax(axis=1)
        z += 0.5 * rng.normal(size=z.shape)
        wanted = temperature * rng.uniform(0.98, 1.02)
        logits = z * wanted / best_temperature(z, labels)
        return Case(name, (logits + shift, labels), wanted, points, rtol=RTOL_T, atol=RTOL_T)

    return [
        case("a model that is too sure", 2.8, 200, 5),
        case("a model that is not sure enough", 0.35, 200, 4),
        case("a model that is far too sure", 19.5, 200, 3),
        case("logits near 3000", 1.6, 200, 4, shift=3000.0),
        case("as many pictures as kinds", 1.9, 40, 40),
        case("a model that is hardly sure of anything", 0.13, 200, 5),
        case("a model that is even less sure", 0.07, 200, 4, points=0),
    ]


# A grid in steps of 0.01 is good enough, and so is a search in float32: a cost that is rounded at 1e-7 places its
# lowest point within about 0.001. Every mistake below that has a value is further away.
RTOL_T = 0.01


def other_axis(z, labels):
    """The temperature that is best for a softmax along the pictures."""
    return lowest_point(lambda t: -log_softmax(z / t, axis=0)[np.arange(len(z)), labels].mean())


def twice(z, labels):
    """The temperature that is best if softmax is applied once before the division and once after it."""
    p = softmax(z, axis=1)
    return lowest_point(lambda t: -log_softmax(p / t, axis=1)[np.arange(len(z)), labels].mean())


def confidence_like_accuracy(z, labels):
    """The temperature at which mean confidence and accuracy are equal."""
    share = np.mean(z.argmax(axis=1) == labels)
    return lowest_point(lambda t: abs(softmax(z / t, axis=1).max(axis=1).mean() - share))


def least_squares(z, labels):
    """The temperature at which the squared distance of probabilities and one-hot labels is smallest."""
    return lowest_point(lambda t: np.mean((softmax(z / t, axis=1) - np.eye(z.shape[1])[labels]) ** 2))


def lowest_cost(z, labels):
    """The cost at the best temperature."""
    return -log_softmax(z / best_temperature(z, labels), axis=1)[np.arange(len(z)), labels].mean()


def single(got):
    """Return the one number that came back, or nan."""
    return float(got[0]) if got[0].shape == () and got[0].dtype.kind in "iuf" else np.nan


def off_by(given, got):
    """Return the factor by which the returned number misses the best temperature."""
    return single(got) / best_temperature(*given)


FIT_TEMPERATURE = Question(
    name="fit-temperature",
    function="fit_temperature",
    cases=fit_temperature_cases,
    mistakes=[
        Mistake(
            "overflow",
            "At logits near 3000 your cost is NaN, so nothing can be smallest. Subtract the largest logit of "
            "each row before the exponential, or use a function that does.",
            f"{LESSON_4}#overflow-and-the-stable-form",
            shown_by=lambda given, got: given[0].max() > 500 and not 0.01 < off_by(given, got) < 2,
        ),
        Mistake(
            "multiplied",
            "Your number is the inverse of the temperature: you multiplied the logits by it. They are "
            "divided by the temperature.",
            f"{LESSON_4}#temperature",
            returns=lambda z, labels: 1 / best_temperature(z, labels),
        ),
        Mistake(
            "never-below-one",
            "For a model that is not sure enough your search stopped at 1. The temperature of such a model "
            "lies below 1, so the search must go there too.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            returns=lambda z, labels: max(1.0, best_temperature(z, labels)),
        ),
        Mistake(
            "always-the-same",
            "Your function returns the same temperature whatever it is given. Each model needs one of its own: "
            "compute it from the two arguments.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            shown_by=lambda _, got: bool(
                np.isclose(single(got), (1, 2 / np.log(7 / 3)), rtol=0, atol=1e-3).any()
            ),
        ),
        Mistake(
            "cost-returned",
            "You returned the lowest cost. Asked for is the temperature at which it is reached.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            returns=lowest_cost,
        ),
        Mistake(
            "softmax-over-the-batch",
            "Your softmax ran along the pictures. It belongs on the last axis.",
            f"{LESSON_4}#which-axis",
            returns=other_axis,
        ),
        Mistake(
            "softmax-twice",
            "Softmax was applied twice: the temperature divides logits, not probabilities.",
            f"{LESSON_5}#more-traps",
            returns=twice,
        ),
        Mistake(
            "range-too-narrow",
            "Your search did not reach the temperature of a model that is far too sure, or of one that is hardly "
            "sure of anything. Search the whole range that the assignment gives.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            shown_by=lambda given, got: (
                3 < single(got) < 0.75 * best_temperature(*given)
                or 1.25 * best_temperature(*given) < single(got) < 0.15
            ),
        ),
        Mistake(
            "too-coarse",
            "You are near, and not near enough: the search took steps that are too large, or stopped too "
            "early. Two decimals are asked for.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            shown_by=lambda given, got: abs(single(got) - best_temperature(*given)) < 0.06,
        ),
        Mistake(
            "confidence-like-accuracy",
            "You made the mean confidence equal to the accuracy. It is a good sign, and another measure. "
            "Asked for is the temperature with the lowest cost, the mean of -ln p of the true kind.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            returns=confidence_like_accuracy,
        ),
        Mistake(
            "squared-error",
            "You minimised the squared error of the probabilities. Asked for is the lowest cross-entropy, "
            "the mean of -ln p of the true kind.",
            f"{LESSON_5}#from-likelihood-to-the-loss",
            returns=least_squares,
        ),
        Mistake(
            "end-of-the-range",
            "Your temperature lies at an end of the range, so what you measured has no lowest point inside. "
            "Accuracy does not: no temperature changes it. Nor does the probability of the largest logit: "
            "it grows as T falls. Minimise the mean of -ln p of the true kind.",
            f"{LESSON_8}#can-its-probabilities-be-taken-at-their-word",
            shown_by=lambda _, got: not LOWEST * 3 < single(got) < HIGHEST / 1.5,
        ),
    ],
)

EXPLAIN = Question(name="explain", function="", words_points=5)

QUESTIONS = [PICK_HEAD, TRAIN_CLASSIFIER, TAGS_COST, PREDICT_TAGS, TEMPERED, FIT_TEMPERATURE, EXPLAIN]
