"""Try the answers of assignment 3 that need Keras; runs beside the student's code and returns plain arrays.

Every function is called as `function(names, *arguments)`, where `names` holds what the notebook defined.
"""

import weakref

import numpy as np
import tensorflow as tf

# read before the student's code runs, which finds no data: pictures and labels to learn from, and the test pictures
(PICTURES, LABELS), (NEW_PICTURES, _) = tf.keras.datasets.fashion_mnist.load_data()
PIECE = 2_000  # pictures that a trained model sees at once

# for the function of an answer: the kinds that it was trained on, and the result
_trained = weakref.WeakKeyDictionary()


def try_head(names, what, problem, features, kernels, biases, labels):
    """Build the head for a problem, give it weights, and return its outputs, its cost or its share of right answers.

    what: "outputs" (m, units), "cost", "share", or "shared": how many of its objects a second call returns again.
    features: (m, d). kernels (d, K) and biases (K,) have more columns than a right head has units; the head gets as
    many as it asks for. labels: as the problem has them.
    """
    parts = names["pick_head"](problem)
    if what == "shared":
        again = names["pick_head"](problem)
        return sum(any(part is other for other in again) for part in parts)
    if not isinstance(parts, (tuple, list)) or len(parts) != 3:
        raise TypeError(
            f"pick_head must return three things: head, loss, metric; found a {type(parts).__name__}"
        )
    head, loss, metric = parts
    if not isinstance(head, tf.keras.layers.Layer):
        raise TypeError(f"the head must be a Keras layer such as Dense; found a {type(head).__name__}")
    if not isinstance(loss, tf.keras.losses.Loss):
        raise TypeError(f"the loss must be an object of tf.keras.losses; found a {type(loss).__name__}")
    if not isinstance(metric, tf.keras.metrics.Metric):
        raise TypeError(f"the metric must be an object of tf.keras.metrics; found a {type(metric).__name__}")
    head(features)  # makes the weights
    units = head.weights[0].shape[-1]
    head.set_weights([kernels[:, :units], biases[:units]])
    # As an array, so that Keras cannot see an activation behind it and correct a wrong one.
    outputs = np.asarray(head(features))
    if what == "outputs":
        return outputs
    if what == "cost":
        return np.asarray(loss(labels, outputs))
    metric.reset_state()
    metric.update_state(labels, outputs)
    return np.asarray(metric.result())


def changed(pictures, rng, shift):
    """Return pictures (m, 28, 28) mirrored, moved by a shift, each a little darker and with noise, in uint8.

    None of them is in a public file any more, so none can be looked up there; to be learnt they are as good as before.
    """
    moved = np.roll(pictures[:, :, ::-1], shift, axis=(1, 2)).astype(np.uint16)
    moved *= rng.integers(218, 257, (len(pictures), 1, 1), dtype=np.uint16)
    moved >>= 8
    moved += rng.integers(0, 13, pictures.shape, dtype=np.uint8)
    return np.minimum(moved, 255).astype(np.uint8)


def trained_outputs(train_classifier, kinds, seed):
    """Train with renumbered labels on changed pictures, and return the model's outputs for the test pictures.

    The model sees these in an order of their own, so that none is known by its place in a public file.
    """
    rng = np.random.default_rng(seed)
    shift = tuple(rng.integers(-1, 2, 2))
    pictures, new_pictures = changed(PICTURES, rng, shift), changed(NEW_PICTURES, rng, shift)
    tf.keras.utils.set_random_seed(0)  # the same answer gets the same grade
    model = train_classifier(pictures, kinds[LABELS].astype(LABELS.dtype))
    if not callable(model):
        raise TypeError(f"train_classifier must return the trained model; found a {type(model).__name__}")
    order = rng.permutation(len(new_pictures))
    pieces = [order[k : k + PIECE] for k in range(0, len(order), PIECE)]
    outputs = np.concatenate([np.asarray(model(new_pictures[piece])) for piece in pieces])
    return outputs[np.argsort(order)] if len(outputs) == len(order) else outputs


def train_and_try(names, kinds, seed):
    """Train on Fashion-MNIST with renumbered labels and return what the model says of the 10,000 test pictures.

    kinds: (10,), the new number of each kind of clothes. seed: by which the pictures are changed. A call with the same
    kinds as the last one trains nothing: it returns the same outputs, or raises the same error.
    """
    answer = names["train_classifier"]
    seen, outputs, error = _trained.get(answer, (None, None, None))
    if not np.array_equal(seen, kinds):
        outputs = error = None
        try:
            outputs = trained_outputs(answer, kinds, seed)
        except Exception as raised:
            error = raised
        _trained[answer] = kinds, outputs, error
    if error is not None:
        raise error
    return outputs
