# mistake: names-instead-of-objects
def pick_head(problem):
    if problem == "kind":
        return 10, "softmax", "sparse_categorical_crossentropy"
    return (4 if problem == "tags" else 1), "sigmoid", "binary_crossentropy"
