# tries: sys.exit in a cell and in an answer, an interrupt, an exception of its own kind
# sigmoid: 0
# bce: 4

# %%
import sys

sys.exit(0)

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import numpy as np

raise KeyboardInterrupt


# %% nbgrader={"grade_id": "sigmoid", "solution": true}
class Odd(BaseException):
    def __str__(self):
        raise Odd


def sigmoid(z):
    if np.ndim(z) == 0:
        sys.exit(0)
    if np.ndim(z) == 1:
        raise KeyboardInterrupt
    raise Odd


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


sys.exit(0)
