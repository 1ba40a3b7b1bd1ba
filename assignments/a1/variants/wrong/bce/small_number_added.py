# mistake: held-off-the-ends
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    p, eps = sigmoid(z), 1e-10
    return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))
