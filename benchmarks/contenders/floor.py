"""The floor: the matrix products of the training and nothing else, as fast as we can do them.

Each batch takes two, pictures times weights and gradient times pictures, and each epoch one for the test pictures. The
numbers used as weights and gradient do not matter for the time.
"""

import numpy as np

from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import Task


def prepare(task: Task) -> Train:
    """Scale the pictures to (m, 784) from 0 to 1."""
    X = task.pictures.reshape(-1, 784) / np.float32(255)
    X_test = task.test_pictures.reshape(-1, 784) / np.float32(255)
    W, size = task.weights.T.copy(), task.batch_size  # (10, 784): along rows, see numpy_loop.py

    def train(epochs: int) -> Curves:
        for _ in range(epochs):
            for start in range(0, len(X), size):
                x = X[start : start + size]
                z = x @ W.T
                z.T @ x
            X_test @ W.T
        return {}

    return train


if __name__ == "__main__":
    serve(prepare, "numpy")
