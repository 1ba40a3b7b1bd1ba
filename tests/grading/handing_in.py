"""Make notebooks as students hand them in, for the tests of the grader."""

import json
import os
from pathlib import Path
from typing import Any

import jupytext

HERE = Path(__file__).resolve().parent
COURSE = HERE / "course"
ATTACKS = sorted((HERE / "attacks").glob("*.py"))
# marks what attacks leave behind; each process of the tests has its own mark, since several run side by side
LEFT, SLEEP = f"left-by-an-attack-{os.getpid()}", f"654321{os.getpid():07d}"

RIGHT = {
    "sigmoid": "import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-np.asarray(z)))",
    "bce": "import numpy as np\ndef bce(y, p):\n    y, p = np.asarray(y), np.asarray(p)\n"
    "    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))",
    "explain": "The cost is the mean of the losses.",
}


def cell(source: str, grade_id: str = "", *, solution: bool = True, kind: str = "code", **marks: Any) -> dict:
    """Return a cell of a notebook, with nbgrader's metadata if it is named."""
    named = {"nbgrader": {"grade_id": grade_id, "solution": solution, **marks}} if grade_id else {}
    return {"cell_type": kind, "source": source, "metadata": named, "outputs": []}


def notebook(*cells: dict) -> bytes:
    """Return the file of a notebook with these cells."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def answers(**changed: str) -> bytes:
    """Return a notebook of assignment t1 with right answers, except those that are given; None leaves a cell out."""
    sources = {**RIGHT, **changed}
    return notebook(
        *(
            cell(source, name, kind="markdown" if name == "explain" else "code", grade=name == "explain")
            for name, source in sources.items()
            if source is not None
        )
    )


def attack(path: Path) -> tuple[bytes, dict[str, int]]:
    """Return the notebook of an attack and the points that it must get, by question."""
    text = path.read_text(encoding="utf-8").replace("left-by-an-attack", LEFT).replace("654321", SLEEP)
    lines = text.split("\n\n", 1)[0].splitlines()
    if not lines[0].startswith("# tries: "):
        raise ValueError(
            f"{path}: begin with '# tries: ...' and a line '# QUESTION: POINTS' for each question"
        )
    scores = dict(line.removeprefix("# ").split(": ") for line in lines[1:])
    made = jupytext.reads(text, fmt="py:percent")
    made.cells = made.cells[1:]  # what is above the first cell is about the attack
    return jupytext.writes(made, fmt="ipynb").encode(), {name: int(points) for name, points in scores.items()}
