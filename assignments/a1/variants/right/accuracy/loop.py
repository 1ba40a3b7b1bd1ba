def accuracy_and_baseline(z, y):
    right = zeros = 0
    for logit, label in zip(z, y):
        right += (1 if logit > 0 else 0) == label
        zeros += label == 0
    share = zeros / len(y)
    return right / len(y), share if share > 0.5 else 1 - share
