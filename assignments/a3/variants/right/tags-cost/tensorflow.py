def tags_cost(logits, labels):
    losses = tf.nn.sigmoid_cross_entropy_with_logits(
        labels=tf.cast(labels, tf.float64), logits=tf.cast(logits, tf.float64)
    )
    return tf.reduce_mean(tf.reduce_sum(losses, axis=-1))
