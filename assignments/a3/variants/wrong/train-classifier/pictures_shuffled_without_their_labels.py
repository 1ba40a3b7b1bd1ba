# mistake: guessing
def train_classifier(pictures, labels):
    rng = np.random.default_rng(0)
    pictures, labels = rng.permutation(pictures), rng.permutation(labels)
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, batch_size=256, epochs=1, verbose=0)
    return model
