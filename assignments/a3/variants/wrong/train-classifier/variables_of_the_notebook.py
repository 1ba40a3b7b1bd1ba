# mistake: arguments-ignored
(some_pictures, some_labels), _ = tf.keras.datasets.fashion_mnist.load_data()


def train_classifier(pictures, labels):
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(some_pictures[:20000], some_labels[:20000], batch_size=128, epochs=1, verbose=0)
    return model
