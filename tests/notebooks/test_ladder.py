"""The ladder: one small batch, and every way in which the course computes its cost and gradient.

The expected numbers come from mpmath with 40 digits, which shares no code with NumPy, TensorFlow or JAX.
The lessons show the same by asserts of their own; this test holds all rungs side by side.
"""

import json
import os
import re
import subprocess
import sys

import mpmath
import numpy as np
import pytest
from scipy.special import log_softmax

from course.paths import ROOT

LOGITS = [[2.0, 1.0, 0.1], [0.5, 2.5, -1.0], [-1.5, 0.0, 3.0], [1.0, 1.0, 1.0]]  # (m, C) = (4, 3)
LABELS = [0, 1, 2, 1]  # (4,)
ONE_HOT = np.eye(3)[LABELS]  # (4, 3)
WEIGHTS = [1.0, 2.0, 0.5, 1.5]  # (4,), of the examples; the cost divides by m, not by their sum
EXACT = {"float64": 1e-12, "float32": 1e-6}


@pytest.fixture(scope="module")
def expected():
    """Cost and gradient (4, 3) of the batch, and the weighted cost, from 40 digits."""
    with mpmath.workdps(40):
        losses, gradient = [], []
        for row, label in zip(LOGITS, LABELS, strict=True):
            powers = [mpmath.e ** mpmath.mpf(z) for z in row]
            total = mpmath.fsum(powers)
            losses.append(mpmath.log(total) - mpmath.mpf(row[label]))
            shares = [power / total for power in powers]
            gradient.append([float((p - (k == label)) / 4) for k, p in enumerate(shares)])
        cost = float(mpmath.fsum(losses) / 4)
        weighted = float(mpmath.fsum(w * loss for w, loss in zip(WEIGHTS, losses, strict=True)) / 4)
    return cost, np.array(gradient), weighted


def numpy_naive(logits, labels):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), (p - ONE_HOT) / len(labels)


def numpy_stable(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean(), (np.exp(log_p) - ONE_HOT) / len(labels)


def tape(cost_of, logits):
    """Return the value of cost_of at the logits and its gradient, from a GradientTape in eager mode."""
    import tensorflow as tf

    point = tf.Variable(logits)
    with tf.GradientTape() as recorded:
        cost = cost_of(point)
    return cost.numpy(), recorded.gradient(cost, point).numpy()


def tf_nn_one_hot(logits, labels):
    import tensorflow as tf

    labels = tf.constant(ONE_HOT, logits.dtype)
    return tape(lambda z: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels, z)), logits)


def tf_nn_sparse(logits, labels):
    import tensorflow as tf

    return tape(lambda z: tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z)), logits)


def tf1_graph_in_a_session(logits, labels):
    import tensorflow as tf

    tf1 = tf.compat.v1
    with tf.Graph().as_default(), tf1.Session() as session:
        place = tf1.placeholder(logits.dtype, logits.shape)
        losses = tf.nn.softmax_cross_entropy_with_logits(labels=ONE_HOT.astype(logits.dtype), logits=place)
        cost = tf.reduce_mean(losses)
        return session.run([cost, tf.gradients(cost, place)[0]], feed_dict={place: logits})


def tf_function(logits, labels):
    import tensorflow as tf

    @tf.function
    def compiled(point):
        with tf.GradientTape() as recorded:
            recorded.watch(point)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, point)
            cost = tf.reduce_mean(losses)
        return cost, recorded.gradient(cost, point)

    return [tensor.numpy() for tensor in compiled(tf.constant(logits))]


def keras_class_sparse(logits, labels):
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype=logits.dtype.name)
    return tape(lambda z: loss(np.array(labels), z), logits)


def keras_class_one_hot(logits, labels):
    import keras

    loss = keras.losses.CategoricalCrossentropy(from_logits=True, dtype=logits.dtype.name)
    return tape(lambda z: loss(ONE_HOT, z), logits)


def keras_function(logits, labels):
    import keras
    import tensorflow as tf

    function = keras.losses.sparse_categorical_crossentropy
    return tape(lambda z: tf.reduce_mean(function(np.array(labels), z, from_logits=True)), logits)


RUNGS = [
    numpy_naive,
    numpy_stable,
    tf_nn_one_hot,
    tf_nn_sparse,
    tf1_graph_in_a_session,
    tf_function,
    keras_class_sparse,
    keras_class_one_hot,
    keras_function,
]


@pytest.mark.parametrize("precision", EXACT)
@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.__name__)
def test_rung_computes_cost_and_gradient(rung, precision, expected):
    cost, gradient = rung(np.array(LOGITS, dtype=precision), LABELS)
    np.testing.assert_allclose(cost, expected[0], rtol=0, atol=EXACT[precision])
    np.testing.assert_allclose(gradient, expected[1], rtol=0, atol=EXACT[precision])


def passing_model(keras):
    """A model whose logits are its inputs: a Dense layer that starts as the identity."""
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, kernel_initializer="identity")])


def test_fit_and_evaluate(expected):
    """With learning rate 1 a single step of fit subtracts the gradient from the weights."""
    import keras

    cost, gradient, weighted = expected
    x, y = np.array(LOGITS, dtype="float32"), np.array(LABELS)
    model = passing_model(keras)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss, weighted_metrics=[])
    np.testing.assert_allclose(model.evaluate(x, y, verbose=0), cost, rtol=0, atol=1e-6)
    np.testing.assert_allclose(
        model.evaluate(x, y, sample_weight=np.array(WEIGHTS), verbose=0), weighted, rtol=0, atol=1e-6
    )
    history = model.fit(x, y, batch_size=4, epochs=1, verbose=0).history["loss"]
    np.testing.assert_allclose(history, [cost], rtol=0, atol=1e-6)
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(np.eye(3) - kernel, x.T @ gradient, rtol=0, atol=1e-6)
    np.testing.assert_allclose(-bias, gradient.sum(axis=0), rtol=0, atol=1e-6)


JAX_RUNG = """
import json, sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp, keras
logits, labels = json.loads(sys.argv[1])
assert keras.backend.backend() == "jax"
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
cost, gradient = jax.value_and_grad(lambda z: loss(jnp.array(labels), z))(jnp.array(logits))
print(json.dumps([float(cost), gradient.tolist()]))
"""


def test_jax_backend(expected):
    """Keras takes one backend per process, so this one has a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", JAX_RUNG, json.dumps([LOGITS, LABELS])],
        env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cost, gradient = json.loads(done.stdout)
    np.testing.assert_allclose(cost, expected[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(gradient, expected[1], rtol=0, atol=1e-12)


def lessons_on_the_ladder():
    return [path for path in sorted((ROOT / "book").glob("*.md")) if re.match(r"0[4-9]|[1-9]\d-", path.name)]


@pytest.mark.parametrize("path", lessons_on_the_ladder(), ids=lambda path: path.stem)
def test_lesson_uses_this_batch(path):
    """A lesson is self-contained, so it writes the batch down; it must be this one."""
    source = re.sub(r"\s+", "", path.read_text(encoding="utf-8"))
    literals = re.findall(r"\[\[2(?:\.0)?,1(?:\.0)?,0\.1\].*?\]\]", source)
    assert literals, "the little batch is not there"
    assert {tuple(map(tuple, json.loads(text))) for text in literals} == {tuple(map(tuple, LOGITS))}
    assert "[0,1,2,1]" in source or path.stem == "04-softmax"  # softmax alone has no labels


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("0[1-3]-*.md")), ids=lambda path: path.stem)
def test_binary_lesson_uses_the_first_column(path):
    """Its logits are those of class 0."""
    source = re.sub(r"\s+", "", path.read_text(encoding="utf-8"))
    assert re.search(r"\[2(?:\.0)?,0\.5,-1\.5,1(?:\.0)?\]", source)


def test_start_page_shows_the_number(expected):
    text = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"\b0\.\d{12}\b", text) == [f"{expected[0]:.12f}"]


def test_numpy_line_that_is_drawn_on_the_ladder_gives_the_number(expected):
    """Its examples are in columns, as on the rungs of lesson 6; the sheet to print has them in rows."""
    drawn = (ROOT / "book" / "ladder.svg").read_text(encoding="utf-8")
    (line,) = re.findall(r">(-\(Y \* log_softmax[^<]*)<", drawn)
    Z, Y = np.array(LOGITS), ONE_HOT
    known = {"log_softmax": log_softmax}
    np.testing.assert_allclose(
        eval(line, known, {"Z": Z.T, "Y": Y.T}), float(expected[0]), rtol=0, atol=1e-12
    )
    sheet = (ROOT / "book" / "one-page.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`(-\(Y \* log_softmax[^`]*)`", sheet)
    np.testing.assert_allclose(eval(line, known, {"Z": Z, "Y": Y}), float(expected[0]), rtol=0, atol=1e-12)
