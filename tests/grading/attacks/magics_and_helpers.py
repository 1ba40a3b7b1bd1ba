# tries: nothing: a notebook as it comes from Colab, with magics, a helper of its own, training between the answers
# sigmoid: 6
# bce: 4

# %%
# !pip install something
import numpy as np
from google.colab import files

# %%
EPS = 1e-12
history = []
for step in range(10**12):
    history.append(step)


def clipped(p):
    return np.clip(p, EPS, 1 - EPS)


# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))


# %%
def sigmoid(z):
    """A later try, to plot it: not the answer."""
    return z


# %% nbgrader={"grade_id": "bce", "solution": true}
def bce(y, p):
    y, p = np.asarray(y), clipped(np.asarray(p))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
