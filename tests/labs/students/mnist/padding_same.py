"""Copies padding="same" from an old homework into every convolution, and trains these networks.

test_network: 3 of 4, the text asks for no padding: the layers have the right sizes, what they compute is not asked for
"""
# file: dense.keras = dense_padding_same
# file: separable.keras = separable_padding_same
# rest: tf_tutorial

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    return keras.Sequential([
        keras.layers.Input((28, 28, 1)),
        conv(8, 7, strides=2, padding="same", activation=activation),
        conv(16, 5, strides=2, padding="same", activation=activation),
        conv(32, 3, strides=1, padding="same", activation=activation),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
