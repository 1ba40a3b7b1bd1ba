"""An epoch in one compiled call, over pictures that lie on the device."""

import tensorflow as tf

from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import LEARNING_RATE, Task


def prepare(task: Task) -> Train:
    """Put the pictures on the device as (m, 784) from 0 to 1."""
    X, X_test = (tf.reshape(p, (-1, 784)) / 255 for p in (task.pictures, task.test_pictures))
    y, y_test = tf.cast(task.labels, tf.int32), tf.cast(task.test_labels, tf.int32)
    W, b = tf.Variable(task.weights), tf.Variable(task.biases)  # (784, 10), (10,)
    m, size = len(task.labels), task.batch_size
    whole = m - m % size

    def step(x, labels):
        """Take one step; return the sum of the losses and the number of hits."""
        logits = x @ W + b
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        gradient = (tf.nn.softmax(logits) - tf.one_hot(labels, 10)) / x.shape[0]
        W.assign_sub(LEARNING_RATE * tf.matmul(x, gradient, transpose_a=True))
        b.assign_sub(LEARNING_RATE * tf.reduce_sum(gradient, axis=0))
        right = tf.argmax(logits, axis=1, output_type=tf.int32) == labels
        return tf.reduce_sum(losses), tf.reduce_sum(tf.cast(right, tf.float32))

    @tf.function(jit_compile=True)
    def epoch():
        loss_sum = hits = 0.0
        for start in tf.range(0, whole, size):
            loss, right = step(tf.slice(X, [start, 0], [size, 784]), tf.slice(y, [start], [size]))
            loss_sum += loss
            hits += right
        if whole < m:
            loss, right = step(X[whole:], y[whole:])
            loss_sum += loss
            hits += right
        tested = tf.argmax(X_test @ W + b, axis=1, output_type=tf.int32) == y_test
        return loss_sum / m, hits / m, tf.reduce_mean(tf.cast(tested, tf.float32))

    def train(epochs: int) -> Curves:
        W.assign(task.weights)
        b.assign(task.biases)
        loss, accuracy, tested = zip(*(epoch() for _ in range(epochs)), strict=True)
        return {"loss": loss, "accuracy": accuracy, "test accuracy": tested}

    return train


if __name__ == "__main__":
    serve(prepare, "tensorflow")
