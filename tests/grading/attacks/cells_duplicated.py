# tries: have a cell twice, the wrong one first, and the test that passes three times
# sigmoid: 6
# bce: 0

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    return 0.5


# %% nbgrader={"grade_id": "sigmoid-test", "grade": true, "locked": true, "points": 6}
assert sigmoid(0) == 0.5

# %% nbgrader={"grade_id": "sigmoid-test", "grade": true, "locked": true, "points": 6}
assert sigmoid(0) == 0.5

# %% nbgrader={"grade_id": "sigmoid-test", "grade": true, "locked": true, "points": 6}
assert sigmoid(0) == 0.5

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    return 0.0
