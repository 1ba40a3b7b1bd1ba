# mistake: baseline-of-the-answers
def accuracy_and_baseline(z, y):
    yes = z > 0
    return np.mean(yes == y), max(yes.mean(), 1 - yes.mean())
