"""Takes an answer only where its probability is above one half, and counts only trainable parameters in the challenge.

test_accuracy: 1 of 2, an answer must be above 0.5; the largest would do
test_challenge: 0 of 6, 1,476 parameters with the moving means and variances, only the trainable ones were counted
"""
# rest: right_careful_physicist
# file: challenge.keras = challenge_too_many_moving_averages

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    picked = (probabilities > 0.5).astype(int)
    truth = np.eye(10, dtype=int)[labels]
    return np.sum(picked * truth) / len(labels)

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(16, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(30, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert trainable <= 1427, trainable
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    rng = np.random.default_rng(4)
    for _ in range(40 if digits.is_mnist else 200):
        model.fit(moved(x_train, rng), y_train, verbose=0)
    return model
