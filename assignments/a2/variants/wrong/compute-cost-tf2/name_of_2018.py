# mistake: name-of-2017
def compute_cost_tf2(logits, labels):
    one_hot = tf.one_hot(labels, logits.shape[1])
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=one_hot, logits=logits))
