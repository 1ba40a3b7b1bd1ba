# mistake: guessing
def train_classifier(pictures, labels):
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10))
    model.compile(tf.keras.optimizers.SGD(0.1), tf.keras.losses.SparseCategoricalCrossentropy())
    model.fit(pictures, labels, batch_size=256, epochs=2, verbose=0)
    return model
