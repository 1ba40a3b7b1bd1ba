"""Model, pipelines and loss of lesson 8, taken out of its notebook, for every contender that trains with them."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import display

from benchmarks.lesson_code import functions
from benchmarks.task import LEARNING_RATE, Task

NAMES = ["batches", "softmax_regression", "train_ch3"]
NAMES += ["check_batch", "hits", "evaluate_accuracy", "train_epoch", "drawn"]  # those that train_ch3 calls


class Lesson8:
    """What the lesson has made before it begins to train.

    `net` is its model, `train_iter` and `test_iter` its cached pipelines in the task's order, `loss` its loss, and
    `functions` its functions by name.
    """

    def __init__(self, task: Task) -> None:
        self.functions: dict[str, Any] = functions(
            "08-keras-softmax-regression", NAMES, {"tf": tf, "np": np, "plt": plt, "display": display}
        )
        batches = self.functions["batches"]
        self.train_iter = batches(task.pictures, task.labels, shuffle=False, batch_size=task.batch_size)
        self.test_iter = batches(task.test_pictures, task.test_labels, False, task.batch_size)
        self.net = self.functions["softmax_regression"]()
        self.loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self._start = [task.weights, task.biases]

    def restart(self) -> tf.keras.optimizers.Optimizer:
        """Reset the weights and return a new optimizer like the lesson's."""
        self.net.set_weights(self._start)
        return tf.keras.optimizers.SGD(learning_rate=LEARNING_RATE)
