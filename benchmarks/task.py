"""What every contender is given: the same pictures in the same order, and the same weights to start from.

Needs only NumPy, because contenders run in environments of their own.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course.paths import CACHE, DATA

START = CACHE / "bench" / "start.npz"
EXAMPLES, PIXELS, CLASSES = 60_000, 784, 10
LEARNING_RATE = 0.1


class Task(NamedTuple):
    """Pictures (m, 28, 28) and labels (m,), both uint8, in the order of training; test set; W (784, 10); b (10,)."""

    pictures: np.ndarray
    labels: np.ndarray
    test_pictures: np.ndarray
    test_labels: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    batch_size: int


def write_start(path: Path = START) -> None:
    """Write the file of weights and order. It is a file because a seed gives other numbers in another library."""
    random = np.random.default_rng(0)
    weights = random.normal(0, 0.01, (PIXELS, CLASSES)).astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, weights=weights, order=random.permutation(EXAMPLES))


def read_idx(path: Path) -> np.ndarray:
    """Return the bytes of a packed IDX file as an array of the shape that its header states.

    Raises ValueError for any type other than unsigned bytes.
    """
    data = gzip.decompress(path.read_bytes())
    if data[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path.name}: found the header {data[:4].hex()}, expected 000008 and the rank")
    shape = np.frombuffer(data, ">i4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def load(examples: int, batch_size: int, start: Path = START) -> Task:
    """Return the first `examples` training pictures in the common order, and a sixth as many test pictures.

    The whole set has a sixth too, 10,000 to 60,000. So the work of an epoch grows in proportion to `examples`.
    """
    if not 6 <= examples <= EXAMPLES:
        raise ValueError(f"examples: found {examples}, expected 6 to {EXAMPLES}")
    folder = Path(os.environ.get("KERAS_HOME", DATA)) / "datasets" / "fashion-mnist"
    parts = {
        f"{part} {kind}": read_idx(folder / f"{part}-{kind}.gz")
        for part in ("train", "t10k")
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
    }
    stored = np.load(start)
    order, test = stored["order"][:examples], slice(examples // 6)
    return Task(
        parts["train images-idx3-ubyte"][order],
        parts["train labels-idx1-ubyte"][order],
        parts["t10k images-idx3-ubyte"][test],
        parts["t10k labels-idx1-ubyte"][test],
        stored["weights"],
        np.zeros(CLASSES, np.float32),
        batch_size,
    )
