import math


def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError
    total = 0.0
    for one, label in zip(z.ravel(), y.ravel()):
        big = one if one > 0 else 0
        total += big - one * label + math.log1p(math.exp(-abs(one)))
    return total / z.size
