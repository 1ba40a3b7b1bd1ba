# mistake: labels-rounded
def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes")
    return np.mean(np.where(y > 0.5, np.logaddexp(0, -z), np.logaddexp(0, z)))
