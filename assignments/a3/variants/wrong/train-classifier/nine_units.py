# mistake: labels-out-of-range
def train_classifier(pictures, labels):
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(9))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, batch_size=256, epochs=5, verbose=0)
    return model
