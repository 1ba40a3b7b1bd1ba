import random


def random_mini_batches(X, Y, mini_batch_size, seed):
    numbers = list(range(X.shape[1]))
    random.Random(seed).shuffle(numbers)
    batches = []
    for start in range(0, len(numbers), mini_batch_size):
        chosen = numbers[start : start + mini_batch_size]
        batches.append((np.take(X, chosen, axis=1), np.take(Y, chosen, axis=1)))
    return tuple(batches)
