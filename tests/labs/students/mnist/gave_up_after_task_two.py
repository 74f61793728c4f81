"""Did the first two tasks, rightly, and ran out of time; nothing was trained, no file is there.

test_accuracy: 0 of 2, not done
test_trained: 0 of 3, fit is not written, and no file is handed in
test_table: 0 of 2, not done
test_challenge: 0 of 6, not done, no file
"""
# file: dense.keras = none
# file: separable.keras = none
# file: challenge.keras = none

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    if separable:
        model.add(keras.layers.SeparableConv2D(8, 7, strides=2, activation=activation))
        model.add(keras.layers.SeparableConv2D(16, 5, strides=2, activation=activation))
        model.add(keras.layers.SeparableConv2D(32, 3, activation=activation))
    else:
        model.add(keras.layers.Conv2D(8, 7, strides=2, activation=activation))
        model.add(keras.layers.Conv2D(16, 5, strides=2, activation=activation))
        model.add(keras.layers.Conv2D(32, 3, activation=activation))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10))
    model.add(keras.layers.Softmax())
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    output_pixels = ((size - kernel_size) // strides + 1) ** 2
    dense_weights = kernel_size * kernel_size * channels * filters
    separable_weights = kernel_size * kernel_size * channels + channels * filters
    return output_pixels * (separable_weights if separable else dense_weights)
