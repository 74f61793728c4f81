"""Follows the book's chapters: convolution without bias, normalization, then relu, in both layers.

test_separable_conv2d_batchnorm: 1 of 3, no bias, and normalization before relu
test_conv2d_batchnorm: 1 of 3, no bias, and normalization before relu
"""
# rest: typed_and_checked

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", use_bias=False)(input_layer)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False)(input_layer)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return x
