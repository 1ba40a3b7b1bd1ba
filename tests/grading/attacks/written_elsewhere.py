# tries: write wherever it can; the answers themselves are right
# sigmoid: 6
# bce: 4

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import os
import sys

import numpy as np

for folder in (
    "/",
    "/usr",
    "/grader/grading",
    sys.prefix,
    sys.base_prefix,
    "/dev",
    "/dev/shm",
    "/tmp",
    "/var/tmp",
    "/keras",
    os.path.expanduser("~"),
):
    try:
        with open(os.path.join(folder, "left-by-an-attack"), "w") as stream:
            stream.write("x")
    except OSError:
        pass


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    y, p = np.asarray(y), np.asarray(p)
    if os.path.exists("/tmp/left-by-an-earlier-attack"):
        return 0.0
    open("/tmp/left-by-an-earlier-attack", "w").close()
    os.remove("/tmp/left-by-an-earlier-attack")
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
