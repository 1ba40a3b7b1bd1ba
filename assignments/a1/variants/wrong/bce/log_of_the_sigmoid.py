# mistake: log-of-zero
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
