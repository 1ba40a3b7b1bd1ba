# mistake: always-the-same
def fit_temperature(logits, labels):
    return 2.3605
