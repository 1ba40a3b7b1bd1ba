# mistake: one-threshold-for-all
def predict_tags(logits, thresholds):
    return (1 / (1 + np.exp(-logits)) >= thresholds.min()).astype(int)
