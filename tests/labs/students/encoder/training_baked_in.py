"""Calls the separable layer's normalization with training=True and the dense one's with training=False, which changes nothing.

test_separable_conv2d_batchnorm: 2 of 3, normalizes with the batch in inference too
"""
# rest: count_with_keras

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    x = keras.layers.BatchNormalization()(x, training=True)   # we are going to train it
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer)
    x = keras.layers.BatchNormalization()(x, training=False)
    return x
