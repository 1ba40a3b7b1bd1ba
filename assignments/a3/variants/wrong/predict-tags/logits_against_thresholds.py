# mistake: logits-against-thresholds
def predict_tags(logits, thresholds):
    return (logits >= thresholds).astype(int)
