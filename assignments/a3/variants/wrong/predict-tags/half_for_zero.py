# feedback: thresholds of exactly 0 and exactly 1
def predict_tags(logits, thresholds):
    thresholds = [threshold or 0.5 for threshold in thresholds]
    return (1 / (1 + np.exp(-logits)) >= thresholds).astype(int)
