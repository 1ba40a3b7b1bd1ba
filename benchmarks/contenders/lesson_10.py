"""The fast version of lesson 10: an epoch in one compiled call, over batches that are on the device."""

import tensorflow as tf

from benchmarks.lesson_8 import Lesson8
from benchmarks.lesson_code import functions
from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import Task

NAMES = ["on_device", "training_step", "epoch_on_device"]


def prepare(task: Task) -> Train:
    """Build pipelines and model as lesson 8 does, and put all batches on the device; nothing is compiled yet."""
    lesson = Lesson8(task)
    fast = functions("10-fast-and-far", NAMES, {"tf": tf})
    updater = lesson.restart()
    updater.build(lesson.net.trainable_variables)
    step = fast["training_step"](lesson.net, lesson.loss, updater)
    epoch = fast["epoch_on_device"](step, jit_compile=True)
    held = fast["on_device"](lesson.train_iter)
    test_x, test_y = (tf.concat(parts, 0) for parts in zip(*lesson.test_iter, strict=True))

    def test_accuracy() -> tf.Tensor:
        """Return the share of hits, computed as in the lesson, which does so only at the end, not in each epoch."""
        right = tf.argmax(lesson.net(test_x), axis=1, output_type=tf.int32) == test_y
        return tf.reduce_mean(tf.cast(right, tf.float32))

    def train(epochs: int) -> Curves:
        lesson.restart()  # the optimizer of `prepare` is kept: it has no state that changes a step
        rows = [(*epoch(*held), test_accuracy()) for _ in range(epochs)]
        loss, accuracy, tested = zip(*rows, strict=True)
        return {"loss": loss, "accuracy": accuracy, "test accuracy": tested}

    return train


if __name__ == "__main__":
    serve(prepare, "tensorflow", "keras")
