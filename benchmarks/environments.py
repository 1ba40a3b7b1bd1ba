"""The environments in which contenders run: the course's own, and one for each peer that the course does not need.

A peer's environment also sees the packages of the course, so that all contenders run on the same TensorFlow and NumPy,
and so that a peer takes up only what it adds instead of 3 GB.
"""

from __future__ import annotations

import sys

from course import environments
from course.paths import ROOT

# What is installed in addition to the course's packages.
PEERS = {
    # d2l requires packages of 2021 (numpy==1.21.5), which today's Python cannot install; it works with the course's.
    # It imports pandas, which the course does not have, so pandas and what it needs are listed too.
    "d2l": ["d2l==0.17.6", "pandas==3.0.3", "python-dateutil==2.9.0.post0", "six==1.17.0"],
    "torch": ["torch==2.13.0"],
}
NO_DEPENDENCIES = {"d2l"}


def python(name: str) -> str:
    """Return the interpreter of an environment: "course", or a peer, whose environment is made if needed.

    Raises environments.NotInstalledError with pip's complaint.
    """
    if name == "course":
        return sys.executable
    options = ["--no-deps"] * (name in NO_DEPENDENCIES)
    return str(environments.python(ROOT / f".venv-bench-{name}", PEERS[name], *options, sees_course=True))
