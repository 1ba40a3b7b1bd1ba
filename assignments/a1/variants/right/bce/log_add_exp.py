def bce_from_logits(z, y):
    if z.shape != y.shape:
        raise ValueError(f"logits {z.shape}, labels {y.shape}")
    return float(np.average(np.logaddexp(0.0, z) - z * y))
