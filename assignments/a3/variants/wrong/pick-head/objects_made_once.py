# feedback: which give new objects
kept = {}


def pick_head(problem):
    if problem not in kept:
        losses, metrics = tf.keras.losses, tf.keras.metrics
        if problem == "kind":
            loss, metric = (
                losses.SparseCategoricalCrossentropy(from_logits=True),
                metrics.SparseCategoricalAccuracy(),
            )
        else:
            loss, metric = losses.BinaryCrossentropy(from_logits=True), metrics.BinaryAccuracy(threshold=0.0)
        units = {"kind": 10, "tags": 4, "shoe": 1}[problem]
        kept[problem] = tf.keras.layers.Dense(units), loss, metric
    return kept[problem]
