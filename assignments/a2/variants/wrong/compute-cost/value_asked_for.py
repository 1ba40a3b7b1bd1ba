# mistake: value-wanted-while-drawing
def compute_cost(Z3, Y):
    losses = tf.nn.softmax_cross_entropy_with_logits(labels=tf.transpose(Y), logits=tf.transpose(Z3))
    return tf.reduce_mean(losses).numpy()
