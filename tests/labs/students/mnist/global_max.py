"""Pools with the maximum instead of the average, and leaves the strides out of the count.

test_network: 3 of 4, global max pooling instead of average pooling
test_macs: 2 of 3, counts every place although the kernel goes in strides
"""
# file: dense.keras = dense_global_max
# file: separable.keras = separable_global_max
# rest: functional_api

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    Conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    inputs = keras.Input((28, 28, 1))
    x = Conv(8, 7, 2, activation=activation)(inputs)
    x = Conv(16, 5, 2, activation=activation)(x)
    x = Conv(32, 3, 1, activation=activation)(x)
    x = keras.layers.GlobalMaxPool2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs, x)

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = size - kernel_size + 1
    weights = kernel_size**2 * channels * filters
    if separable:
        weights = kernel_size**2 * channels + channels * filters
    return out * out * weights
