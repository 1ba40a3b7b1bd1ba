"""nbval, called as `make test` calls it, sees a changed number and a changed word in a figure, and nothing else."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from authoring import sync
from course.paths import ROOT

LESSON = """---
kernelspec:
  display_name: Python 3
  name: python3
---

```{code-cell} ipython3
print("loss", round(0.693147, 3))
```

```{code-cell} ipython3
import matplotlib.pyplot as plt

fig, ax = plt.subplots()
ax.plot([0, 1, 2], [0.1, 0.4, 0.2], marker="o")
ax.fill_between([0, 1], [0.1, 0.2], [0.2, 0.3])
ax.imshow([[0.1, 0.2]], extent=(0, 1, 0, 1))
ax.set_xlabel("epoch")
plt.show()
```
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """The notebook of LESSON, executed once."""
    root = tmp_path_factory.mktemp("course")
    (root / "book").mkdir()
    (root / "notebooks").mkdir()
    (root / "book" / "01-a.md").write_text(LESSON, encoding="utf-8")
    sync.sync("01-a", root)
    return (root / "notebooks" / "01-a.ipynb").read_text(encoding="utf-8")


def nbval(content, folder):
    """Run nbval on a notebook with the Makefile's own options; return exit code and output."""
    options = re.search(r"^NBVAL := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)[1]
    path = folder / "01-a.ipynb"
    path.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            str(path),
            *options.replace("-n auto", "-n 0").split(),
            "-p",
            "authoring.nbval_kernels",  # named in conftest.py, which pytest does not find from another folder
            "-p",
            "no:cacheprovider",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_untouched_notebook_passes(stored, tmp_path):
    code, output = nbval(stored, tmp_path)
    assert code == 0, output
    assert "2 passed" in output


def test_changed_number_fails(stored, tmp_path):
    assert "loss 0.693" in stored
    code, output = nbval(stored.replace("loss 0.693", "loss 0.694"), tmp_path)
    assert code == 1
    assert "1 failed, 1 passed" in output
    assert "0.694" in output


def test_moved_line_in_a_figure_passes(stored, tmp_path):
    """Trained curves differ in the last digits between processors."""
    moved, count = re.subn(r"(M \d+\.)(\d)", r"\g<1>9\2", stored)
    assert count > 0
    code, output = nbval(moved, tmp_path)
    assert code == 0, output


def test_other_label_in_a_figure_fails(stored, tmp_path):
    assert "<!-- epoch -->" in stored
    code, output = nbval(stored.replace("<!-- epoch -->", "<!-- epochs -->"), tmp_path)
    assert code == 1
    assert "1 failed, 1 passed" in output


def test_missing_figure_fails(stored, tmp_path):
    notebook = nbformat.reads(stored, as_version=4)
    notebook.cells[-1].outputs = []
    code, output = nbval(nbformat.writes(notebook), tmp_path)
    assert code == 1
    assert "1 failed, 1 passed" in output
