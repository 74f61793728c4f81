"""Forgets that the pointwise part sees depth_multiplier times as many maps, in the count and in their order.

test_separable_conv2d_params: 1 of 2, the pointwise part is counted without the depth multiplier
test_dense_kernel: 2 of 3, reads the pointwise kernel as if first came the first map of every channel
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    size = np.array(kernel_size)
    n = size.prod() if size.ndim else size ** 2
    total = n * channels * filters
    if use_bias: total += filters
    return int(total)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    size = np.array(kernel_size)
    n = size.prod() if size.ndim else size ** 2
    depthwise = n * channels * depth_multiplier
    pointwise = channels * filters
    if use_bias: pointwise += filters
    return int(depthwise + pointwise)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    kh, kw, ch, dm = depthwise_kernel.shape
    filters = pointwise_kernel.shape[3]
    pw = pointwise_kernel.reshape(dm, ch, filters)
    return np.einsum('hwcd,dcf->hwcf', depthwise_kernel, pw)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    inv = 1 / np.sqrt(variance + epsilon)
    return kernel * gamma * inv, gamma * (bias - mean) * inv + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    output_layer = SeparableConv2DKeras(filters=filters, kernel_size=3, strides=strides,
                                        padding='same', activation='relu')(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    output_layer = keras.layers.Conv2D(filters=filters, kernel_size=kernel_size, strides=strides,
                                       padding='same', activation='relu')(input_layer)
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
    inputs = keras.layers.Input(input_shape)
    output_layer = inputs
    for f in block_filters:
        output_layer = encoder_block(output_layer, filters=f, strides=2)
    output_layer = conv2d_batchnorm(output_layer, filters, kernel_size=1, strides=1)
    return keras.Model(inputs, output_layer)
