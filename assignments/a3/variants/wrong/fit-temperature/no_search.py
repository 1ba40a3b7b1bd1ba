# mistake: always-the-same
def fit_temperature(logits, labels):
    return 1.0
