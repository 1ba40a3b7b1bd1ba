# tries: nothing: right answers as a list, as an array of float32, with warnings and noise on stderr
# sigmoid: 6
# bce: 4

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import sys
import warnings

import numpy as np


def sigmoid(z):
    warnings.warn("overflow is possible", RuntimeWarning, stacklevel=1)
    print("computing", file=sys.stderr)
    return (1 / (1 + np.exp(-np.asarray(z)))).tolist()


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    y, p = np.asarray(y), np.asarray(p)
    return np.float32(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
