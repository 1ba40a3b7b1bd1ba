def train_classifier(pictures, labels):
    model = tf.keras.Sequential()
    model.add(tf.keras.Input((28, 28)))
    model.add(tf.keras.layers.Rescaling(1.0 / 255))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    steps = tf.keras.optimizers.schedules.PiecewiseConstantDecay([480], [0.3, 0.05])
    model.compile(tf.keras.optimizers.SGD(steps), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(pictures, labels, batch_size=500, epochs=5, verbose=0)
    return model
