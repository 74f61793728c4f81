"""Two copies of the network, and in the separable one the last convolution lost its activation.

test_network: 3 of 4, the separable network's third convolution has no activation
test_accuracy: 1 of 2, gives per cent instead of a fraction
"""
# file: separable.keras = separable_third_linear
# rest: tf_tutorial

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable:
        return keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.SeparableConv2D(8, 7, strides=2, activation=activation),
            keras.layers.SeparableConv2D(16, 5, strides=2, activation=activation),
            keras.layers.SeparableConv2D(32, 3),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ])
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 7, strides=2, activation=activation),
        keras.layers.Conv2D(16, 5, strides=2, activation=activation),
        keras.layers.Conv2D(32, 3, activation=activation),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return np.mean(np.argmax(probabilities, axis=1) == labels) * 100
