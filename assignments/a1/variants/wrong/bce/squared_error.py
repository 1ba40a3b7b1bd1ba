# mistake: squared-error
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    return np.mean((sigmoid(z) - y) ** 2)
