# mistake: place-of-the-largest
def predict_tags(logits, thresholds):
    return np.argmax(logits, axis=1)
