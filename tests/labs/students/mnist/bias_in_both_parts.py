"""Puts the separable layers together by hand and leaves a bias in the depthwise part.

test_network: 2 of 4, the separable network has 1,452 parameters; its biases are in both parts
"""
# file: separable.keras = separable_biases_in_both_parts
# rest: depthwise_then_pointwise

# %% network
def sepconv_block(x, filters, k, s, activation):
    x = keras.layers.DepthwiseConv2D(k, strides=s)(x)
    return keras.layers.Conv2D(filters, 1, activation=activation)(x)


def network(separable, activation):
    """Make one of the two networks, untrained."""
    inp = keras.Input(shape=(28, 28, 1))
    x = inp
    for f, k, s in ((8, 7, 2), (16, 5, 2), (32, 3, 1)):
        x = sepconv_block(x, f, k, s, activation) if separable else keras.layers.Conv2D(f, k, s, activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inp, x)

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    inp = keras.Input(shape=(28, 28, 1))
    x = keras.layers.Conv2D(8, 3, strides=2, activation="relu")(inp)
    x = sepconv_block(x, 16, 3, 1, "relu")
    x = keras.layers.MaxPooling2D()(x)
    x = sepconv_block(x, 24, 3, 1, "relu")
    x = keras.layers.GlobalAveragePooling2D()(x)
    return fit(keras.Model(inp, keras.layers.Dense(10, activation="softmax")(x)))
