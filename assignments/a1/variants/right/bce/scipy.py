from scipy.special import log_expit


def bce_from_logits(z, y):
    z, y = np.asarray(z, float), np.asarray(y, float)
    if z.shape != y.shape:
        raise ValueError("one label for each logit, please")
    return -(y * log_expit(z) + (1 - y) * log_expit(-z)).sum() / z.size
