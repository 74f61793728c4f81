"""einsum, a helper for the pair of sizes, Keras' own SeparableConv2D; everything is right."""

# %% conv2d_params
def pair(k):
    return (k, k) if isinstance(k, int) else tuple(k)


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    kh, kw = pair(kernel_size)
    return kh * kw * channels * filters + (filters if use_bias else 0)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    kh, kw = pair(kernel_size)
    depthwise = kh * kw * channels * depth_multiplier
    pointwise = channels * depth_multiplier * filters
    return depthwise + pointwise + (filters if use_bias else 0)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    _, _, c, m = depthwise_kernel.shape
    mix = pointwise_kernel[0, 0].reshape(c, m, -1)
    return np.einsum("hwcm,cmf->hwcf", depthwise_kernel, mix)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(x)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(input_shape)
    x = inputs
    for f in block_filters:
        x = encoder_block(x, f, 2)
    return keras.Model(inputs, conv2d_batchnorm(x, filters, kernel_size=1, strides=1))

# %% rank_answer
With multiplier m the matrix A_c is D·P, D is 9×m and P is m×filters, so the rank is at most min(m, 9, filters).
A dense layer can have rank up to min(9, filters). Two filters, one is 1 at (0,0) and the other 1 at (1,1): rank 2.
From m = 9 on everything is possible, but then nothing is saved (9·9 + 9·filters is more than 9·filters).
