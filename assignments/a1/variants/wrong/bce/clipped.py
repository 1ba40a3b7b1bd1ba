# mistake: held-off-the-ends
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    p = np.clip(sigmoid(z), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
