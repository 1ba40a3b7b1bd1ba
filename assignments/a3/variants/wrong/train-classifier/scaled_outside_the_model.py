# mistake: surer-than-right
def train_classifier(pictures, labels):
    model = tf.keras.Sequential(
        [tf.keras.Input((28, 28)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)]
    )
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures / np.float32(255), labels, batch_size=256, epochs=1, verbose=0)
    return model
