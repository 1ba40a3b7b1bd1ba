# tries: leave a process behind that has left the family; the answers are right
# sigmoid: 6
# bce: 4

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import os
import subprocess
import sys

import numpy as np


def sigmoid(z):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(
                sys.executable, [sys.executable, "-c", "import time; time.sleep(600)  # left-by-an-attack"]
            )
        os._exit(0)
    return 1 / (1 + np.exp(-np.asarray(z)))


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    subprocess.Popen(["setsid", "sleep", "654321"])
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
