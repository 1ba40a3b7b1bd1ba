# mistake: not-averaged
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
