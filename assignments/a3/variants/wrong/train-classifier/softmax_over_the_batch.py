# mistake: softmax-over-the-batch
def train_classifier(pictures, labels):
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Rescaling(1 / 255)])
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10))
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, batch_size=256, epochs=1, verbose=0)
    return tf.keras.Sequential([model, tf.keras.layers.Softmax(axis=0)])
