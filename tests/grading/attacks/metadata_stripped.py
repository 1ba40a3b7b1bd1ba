# tries: an editor that threw the metadata away: one answer has its mark, the other its function alone
# sigmoid: 6
# bce: 4

# %%
import numpy as np


# %%
# GRADED: sigmoid
def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))


# %%
assert sigmoid(0) == 1, "a test cell that is no longer locked"


# %%
def bce(y, p):
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
