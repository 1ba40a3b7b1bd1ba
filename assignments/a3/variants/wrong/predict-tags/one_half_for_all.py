# mistake: one-half-for-all
def predict_tags(logits, thresholds):
    return (logits >= 0).astype(int)
