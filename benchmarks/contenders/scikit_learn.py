"""scikit-learn: MLPClassifier without a hidden layer, which is softmax regression by mini-batch gradient descent.

`SGDClassifier(loss="log_loss")` would train ten separate logistic regressions, one example per step, and
`LogisticRegression` is not a mini-batch method: ten of its iterations are not ten epochs. The start weights are set as
`warm_start` documents it: `fit` continues from `coefs_`. It keeps no training accuracy.
"""

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import LEARNING_RATE, Task


def prepare(task: Task) -> Train:
    """Scale the pictures to (m, 784) from 0 to 1."""
    X = task.pictures.reshape(-1, 784) / np.float32(255)
    X_test = task.test_pictures.reshape(-1, 784) / np.float32(255)

    def train(epochs: int) -> Curves:
        model = MLPClassifier(
            hidden_layer_sizes=(),
            solver="sgd",
            batch_size=min(task.batch_size, len(X)),
            learning_rate_init=LEARNING_RATE,
            momentum=0,
            alpha=0,
            shuffle=False,
        )
        # only makes the arrays of weights; what it learns is overwritten
        model.partial_fit(X[: task.batch_size], task.labels[: task.batch_size], classes=np.arange(10))
        model.coefs_[0][:] = task.weights
        model.intercepts_[0][:] = task.biases
        curves: dict[str, list[float]] = {"loss": [], "test accuracy": []}
        for _ in range(epochs):
            model.partial_fit(X, task.labels)
            curves["loss"].append(model.loss_)
            curves["test accuracy"].append(model.score(X_test, task.test_labels))
        return curves

    return train


if __name__ == "__main__":
    serve(prepare, "scikit-learn", "numpy")
