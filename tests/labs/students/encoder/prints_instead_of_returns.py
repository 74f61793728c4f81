"""Prints the counts instead of returning them, leaves the dense kernel, folds only the kernel.

test_conv2d_params: 0 of 1, prints and returns nothing
test_separable_conv2d_params: 0 of 2, prints and returns nothing
test_dense_kernel: 0 of 3, not done
test_fold_batch_norm: 1 of 3, only the kernel
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if isinstance(kernel_size, tuple):
        result = kernel_size[0] * kernel_size[1] * channels * filters
    else:
        result = kernel_size * kernel_size * channels * filters
    if use_bias:
        result += filters
    print(result)

conv2d_params(3, 3, 9, use_bias=False)   # 243 !!!

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if isinstance(kernel_size, tuple):
        result = kernel_size[0] * kernel_size[1] * channels * depth_multiplier
    else:
        result = kernel_size * kernel_size * channels * depth_multiplier
    result += channels * depth_multiplier * filters
    if use_bias:
        result += filters
    print(result)

separable_conv2d_params(3, 3, 9, use_bias=False)   # 54

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    kernel = kernel * gamma / np.sqrt(variance + epsilon)
    return kernel

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    output_layer = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    output_layer = keras.layers.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    output_layer = separable_conv2d_batchnorm(input_layer, filters, strides)
    return output_layer

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(input_shape)
    layer = inputs
    for f in block_filters:
        layer = encoder_block(layer, f, 2)
    layer = conv2d_batchnorm(layer, filters, 1, 1)
    return keras.Model(inputs, layer)
