# mistake: surer-than-right
def train_classifier(pictures, labels):
    model = tf.keras.Sequential(
        [tf.keras.Input((28, 28)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.SGD(0.1), loss)
    model.fit(pictures, labels, batch_size=256, epochs=2, verbose=0)
    return model
