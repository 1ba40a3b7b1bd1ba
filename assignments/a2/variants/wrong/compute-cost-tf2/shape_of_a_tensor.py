# feedback: logits in an array of NumPy
def compute_cost_tf2(logits, labels):
    m, classes = logits.shape.as_list()
    losses = tf.nn.softmax_cross_entropy_with_logits(
        labels=tf.one_hot(labels, classes, dtype=logits.dtype), logits=logits
    )
    return tf.reduce_mean(losses)
