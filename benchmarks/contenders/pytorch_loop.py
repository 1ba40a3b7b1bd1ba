"""PyTorch on the CPU: the usual eager loop, over slices of tensors in memory, because a DataLoader would be slower."""

import torch
from torch.nn.functional import cross_entropy

from benchmarks.protocol import Curves, Train, serve
from benchmarks.task import LEARNING_RATE, Task


def prepare(task: Task) -> Train:
    """Scale the pictures to (m, 784) from 0 to 1, labels to int64, which `cross_entropy` needs."""
    X, X_test = (
        torch.from_numpy(pictures).reshape(-1, 784).float() / 255
        for pictures in (task.pictures, task.test_pictures)
    )
    y, y_test = (torch.from_numpy(labels).long() for labels in (task.labels, task.test_labels))
    net = torch.nn.Linear(784, 10)
    updater = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)

    def train(epochs: int) -> Curves:
        with torch.no_grad():
            net.weight.copy_(torch.from_numpy(task.weights.T.copy()))
            net.bias.copy_(torch.from_numpy(task.biases))
        curves: dict[str, list[float]] = {"loss": [], "accuracy": [], "test accuracy": []}
        for _ in range(epochs):
            loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
            for x, labels in zip(X.split(task.batch_size), y.split(task.batch_size), strict=True):
                logits = net(x)
                loss = cross_entropy(logits, labels)
                updater.zero_grad()
                loss.backward()
                updater.step()
                loss_sum += loss.detach() * len(labels)
                right += (logits.argmax(dim=1) == labels).sum()
            with torch.no_grad():
                tested = (net(X_test).argmax(dim=1) == y_test).float().mean()
            curves["loss"].append(float(loss_sum) / len(y))
            curves["accuracy"].append(float(right) / len(y))
            curves["test accuracy"].append(float(tested))
        return curves

    return train


if __name__ == "__main__":
    serve(prepare, "torch")
