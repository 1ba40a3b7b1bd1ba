"""The environment in which a lesson is executed, the same for `make sync` and for nbval.

A lesson knows nothing of this: on Colab it runs with Colab's own settings.
"""

from __future__ import annotations

import os

from course.paths import DATA, KERNEL


def environment() -> dict[str, str]:
    """Return the variables that a lesson's kernel is started with, on top of the caller's own."""
    return {
        "IPYTHONDIR": str(KERNEL),
        "MATPLOTLIBRC": str(KERNEL / "matplotlibrc"),
        "KERAS_HOME": os.environ.get("KERAS_HOME", str(DATA)),
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel of the same name in the user's home must not win
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
