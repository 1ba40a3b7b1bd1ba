# mistake: arguments-ignored
def train_classifier(pictures, labels):
    _, (pictures, labels) = tf.keras.datasets.fashion_mnist.load_data()
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, batch_size=128, epochs=8, verbose=0)
    return model
