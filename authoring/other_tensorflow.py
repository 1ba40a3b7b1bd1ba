"""Run every notebook on another TensorFlow than the pinned one, in a virtual environment of its own.

    python -m authoring.other_tensorflow 2.19 -- PYTEST OPTIONS
    python -m authoring.other_tensorflow newest -- PYTEST OPTIONS

TensorFlow, Keras, NumPy, SciPy and JAX are taken as pip resolves them for that version; everything else stays as it
is pinned.
"""

from __future__ import annotations

import re
import subprocess
import sys

from course import environments
from course.paths import ROOT

FOLLOW_TENSORFLOW = ["scipy", "jax"]  # Keras and NumPy come with TensorFlow itself
TELL = "from importlib.metadata import version as v; print(*(f'{p} {v(p)}' for p in ('tensorflow', 'keras', 'numpy')))"
NEEDED = {
    "matplotlib",
    "scikit-learn",
    "ipykernel",
    "pytest",
    "nbval",
    "pytest-xdist",
    "jupytext",
    "filelock",
}


def wanted(version: str, requirements: str) -> list[str]:
    """Return what to install for a TensorFlow version such as "2.19", "2.19.1" or "newest".

    Raises ValueError for anything else.
    """
    if version != "newest" and not re.fullmatch(r"\d+\.\d+(\.\d+)?", version):
        raise ValueError(f"which TensorFlow is {version!r}? Say 2.19, 2.19.1 or newest")
    tensorflow = {"newest": "tensorflow"}.get(
        version, f"tensorflow=={version}{'.*' if version.count('.') == 1 else ''}"
    )
    pins = re.findall(r"^([\w-]+)==(\S+)", requirements, re.M)
    kept = [f"{name}=={pin}" for name, pin in pins if name in NEEDED]
    return [tensorflow, *FOLLOW_TENSORFLOW, *kept]


def main(arguments: list[str]) -> int:
    """Create the environment, install, and run the notebooks; return pytest's exit code."""
    if len(arguments) < 2 or arguments[1] != "--":
        print(__doc__, file=sys.stderr)
        return 2
    try:
        packages = wanted(arguments[0], (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        python = environments.python(ROOT / f".venv-tensorflow-{arguments[0]}", packages, newest=True)
    except environments.NotInstalledError as error:
        print(f"TensorFlow {arguments[0]} could not be installed: {error}", file=sys.stderr)
        return 2
    subprocess.run([python, "-c", TELL], check=True)
    return subprocess.run(
        [python, "-m", "pytest", "notebooks", *arguments[2:]], cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
