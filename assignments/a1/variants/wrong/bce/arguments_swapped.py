# mistake: arguments-swapped
def bce_from_logits(y, z):
    if z.shape != y.shape:
        raise ValueError("shapes")
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
