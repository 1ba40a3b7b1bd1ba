# feedback: returned 1 value\(s\), where 2 were expected
def accuracy_and_baseline(z, y):
    return np.mean((z > 0) == y)
