from tensorflow import keras


def pick_head(problem):
    if problem == "kind":
        head = keras.Sequential([keras.layers.Dense(10), keras.layers.Softmax()])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
        return head, loss, keras.metrics.SparseTopKCategoricalAccuracy(k=1)
    head = keras.Sequential(
        [keras.layers.Dense(4 if problem == "tags" else 1), keras.layers.Activation("sigmoid")]
    )
    return (
        head,
        keras.losses.BinaryCrossentropy(from_logits=False),
        keras.metrics.BinaryAccuracy(threshold=0.5),
    )
