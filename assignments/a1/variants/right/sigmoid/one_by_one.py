import math


def one(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def sigmoid(z):
    z = np.asarray(z)
    return np.array([one(x) for x in z.ravel()]).reshape(z.shape).tolist()
