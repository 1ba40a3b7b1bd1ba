"""Make the calls that need more than the function; runs inside the sandbox."""

import tensorflow as tf


def in_a_graph(names, logits, labels):
    """Call the answer inside tf.function and return what it gives."""
    return tf.function(names["softmax_cost"])(tf.constant(logits), tf.constant(labels))
