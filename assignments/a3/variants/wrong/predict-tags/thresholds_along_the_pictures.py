# mistake: thresholds-along-the-pictures
def predict_tags(logits, thresholds):
    return (1 / (1 + np.exp(-logits)) >= thresholds[:, None]).astype(int)
