"""The loop of lesson 8: eager, one GradientTape per batch, input checked, curves drawn after every epoch."""

from benchmarks.lesson_8 import Lesson8
from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import Task


def prepare(task: Task) -> Train:
    """Build pipelines and model as the lesson does."""
    lesson = Lesson8(task)
    train_ch3 = lesson.functions["train_ch3"]

    def train(epochs: int) -> Curves:
        updater = lesson.restart()
        return train_ch3(lesson.net, lesson.train_iter, lesson.test_iter, lesson.loss, epochs, updater)

    return train


if __name__ == "__main__":
    serve(prepare, "tensorflow", "keras")
