"""Knows Keras from TensorFlow's tutorials, einsum, prints left in; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    n = kh * kw * channels * filters
    if use_bias:
        n += filters
    return n

print(conv2d_params(3, 3, 9, use_bias=False))  # 243 :)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    depthwise = kh * kw * channels * depth_multiplier
    pointwise = channels * depth_multiplier * filters
    if use_bias:
        return depthwise + pointwise + filters
    return depthwise + pointwise

print(separable_conv2d_params(3, 3, 9, use_bias=False))  # 54

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    h, w, c, m = depthwise_kernel.shape
    f = pointwise_kernel.shape[-1]
    # (1, 1, c*m, f) -> (c, m, f)
    p = pointwise_kernel.reshape(c, m, f)
    return np.einsum("hwcm,cmf->hwcf", depthwise_kernel, p)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", activation="relu")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(shape=input_shape)
    x = inputs
    for f in block_filters:
        x = encoder_block(x, f, 2)
    outputs = conv2d_batchnorm(x, filters, kernel_size=1, strides=1)
    model = keras.Model(inputs=inputs, outputs=outputs)
    model.summary()
    return model
