"""Returns a list of layers, treats accuracy as a loop that returns at once, and leaves table and challenge undone.

test_network: 0 of 4, a list of layers is not a model
test_macs: 2 of 3, the separable count multiplies where both parts are to be added
test_accuracy: 0 of 2, returns after the first picture
test_trained: 0 of 3, no files
test_table: 0 of 2, not done
test_challenge: 0 of 6, not done
"""
# file: dense.keras = none
# file: separable.keras = none
# file: challenge.keras = none

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    layers = []
    for f, k, s in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
        if separable:
            layers.append(keras.layers.SeparableConv2D(f, k, s, activation=activation))
        else:
            layers.append(keras.layers.Conv2D(f, k, s, activation=activation))
    layers.append(keras.layers.GlobalAveragePooling2D())
    layers.append(keras.layers.Dense(10, activation="softmax"))
    return layers

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    places = ((size - kernel_size) // strides + 1) ** 2
    if separable:
        return places * (kernel_size**2 * channels) * (channels * filters)
    return places * kernel_size**2 * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    for p, l in zip(probabilities, labels):
        if p.argmax() == l:
            return 1.0
        return 0.0

# %% fit
def fit(model):
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x_train, y_train)
