# tries: print 50 MB; the answers are right
# sigmoid: 6
# bce: 4

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import os
import sys

import numpy as np


def sigmoid(z):
    print("x" * 50_000_000)
    return 1 / (1 + np.exp(-np.asarray(z)))


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    os.write(2, b"x" * 1_000_000)
    sys.__stdout__.write("y" * 1_000_000)
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
