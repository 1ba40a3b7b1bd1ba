"""JAX on the CPU: one compiled epoch, a `lax.scan` over batches that are on the device."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import LEARNING_RATE, Task

Parameters = tuple[jax.Array, jax.Array]


def cost(parameters: Parameters, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Return the mean loss of a batch, and for how many examples the label's logit is the largest."""
    W, b = parameters
    logits = x @ W.T + b
    losses = -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1)
    return losses.mean(), (logits.argmax(axis=1) == y).sum()


def step(parameters: Parameters, batch: tuple[jax.Array, jax.Array]) -> tuple[Parameters, jax.Array]:
    """Take one step; return the parameters, and loss sum and hits of the batch."""
    (loss, right), gradients = jax.value_and_grad(cost, has_aux=True)(parameters, *batch)
    parameters = jax.tree.map(lambda p, g: p - LEARNING_RATE * g, parameters, gradients)
    return parameters, jnp.array([loss * len(batch[1]), right])


@jax.jit
def epoch(parameters: Parameters, batches: list, test: tuple) -> tuple[Parameters, jax.Array]:
    """Run through stacks of equal batches; return the parameters, and loss sum, hits and test accuracy."""
    sums = jnp.zeros(2)
    for stack in batches:  # the whole batches, and the shorter last one
        parameters, each = jax.lax.scan(step, parameters, stack)
        sums += each.sum(axis=0)
    _, right = cost(parameters, *test)
    return parameters, jnp.append(sums, right / len(test[1]))


def prepare(task: Task) -> Train:
    """Put the pictures on the device as (batches, batch, 784) from 0 to 1; W as (10, 784)."""
    X, X_test = (p.reshape(-1, 784) / np.float32(255) for p in (task.pictures, task.test_pictures))
    y, size = task.labels.astype(np.int32), task.batch_size
    whole = len(y) - len(y) % size
    batches = [(jnp.asarray(X[:whole].reshape(-1, size, 784)), jnp.asarray(y[:whole].reshape(-1, size)))]
    if whole < len(y):
        batches.append((jnp.asarray(X[None, whole:]), jnp.asarray(y[None, whole:])))
    test = jnp.asarray(X_test), jnp.asarray(task.test_labels.astype(np.int32))

    def train(epochs: int) -> Curves:
        parameters = jnp.asarray(task.weights.T), jnp.asarray(task.biases)
        rows = []
        for _ in range(epochs):
            parameters, row = epoch(parameters, batches, test)
            rows.append(row)
        loss, right, tested = np.array(rows).T  # waits for the device
        return {"loss": loss / len(y), "accuracy": right / len(y), "test accuracy": tested}

    return train


if __name__ == "__main__":
    serve(prepare, "jax", "jaxlib")
