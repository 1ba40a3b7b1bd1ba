def predict_tags(logits, thresholds):
    thresholds = np.asarray(thresholds)
    return logits >= np.log(thresholds / (1 - thresholds))
