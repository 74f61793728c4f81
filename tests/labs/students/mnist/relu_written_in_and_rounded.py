"""Writes "relu" where the argument belongs, and rounds the fraction to two places.

test_network: 3 of 4, the argument activation is not used
test_accuracy: 1 of 2, the fraction is rounded to two decimal places
"""
# rest: right_sequential_from_the_tutorial

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if not separable:
        model = keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 7, 2, activation="relu"),
            keras.layers.Conv2D(16, 5, 2, activation="relu"),
            keras.layers.Conv2D(32, 3, 1, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax")])
    else:
        model = keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.SeparableConv2D(8, 7, 2, activation="relu"),
            keras.layers.SeparableConv2D(16, 5, 2, activation="relu"),
            keras.layers.SeparableConv2D(32, 3, 1, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax")])
    return model

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    acc = sum(np.argmax(probabilities, axis=1) == labels) / len(labels)
    return round(acc, 2)
