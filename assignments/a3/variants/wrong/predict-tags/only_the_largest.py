# mistake: only-the-largest
def predict_tags(logits, thresholds):
    tags = np.zeros(logits.shape, int)
    tags[np.arange(len(logits)), logits.argmax(axis=1)] = 1
    return tags
