"""`fit`, as lesson 8 calls it."""

from benchmarks.lesson_8 import Lesson8
from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import Task


def prepare(task: Task) -> Train:
    """Build pipelines and model as the lesson does, and compile."""
    lesson = Lesson8(task)
    lesson.net.compile(optimizer=lesson.restart(), loss=lesson.loss, metrics=["accuracy"])

    def train(epochs: int) -> Curves:
        lesson.restart()  # the optimizer of `compile` is kept: it has no state that changes a step
        history = lesson.net.fit(
            lesson.train_iter, epochs=epochs, validation_data=lesson.test_iter, shuffle=False, verbose=0
        ).history
        return {
            "loss": history["loss"],
            "accuracy": history["accuracy"],
            "test accuracy": history["val_accuracy"],
        }

    return train


if __name__ == "__main__":
    serve(prepare, "tensorflow", "keras")
