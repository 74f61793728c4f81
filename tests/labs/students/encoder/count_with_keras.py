"""Lets Keras count: builds the layer and asks count_params; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    # Keras knows it, why should I calculate :)
    layer = keras.layers.Conv2D(filters, kernel_size, use_bias=use_bias)
    layer.build((None, 64, 64, channels))
    return layer.count_params()

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    layer = keras.layers.SeparableConv2D(filters, kernel_size, depth_multiplier=depth_multiplier, use_bias=use_bias)
    layer.build((None, 64, 64, channels))
    return layer.count_params()

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    h, w, c, m = depthwise_kernel.shape
    f = pointwise_kernel.shape[3]
    pw = np.reshape(pointwise_kernel, (1, 1, c, m, f))
    return np.sum(depthwise_kernel[:, :, :, :, None] * pw, axis=3)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    # y = gamma * (k*x + bias - mean) / std + beta
    std = np.sqrt(variance + epsilon)
    folded_kernel = gamma / std * kernel
    folded_bias = gamma / std * (bias - mean) + beta
    return folded_kernel, folded_bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    conv = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(conv)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    conv = keras.layers.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(conv)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides=strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(shape=input_shape)
    h = inputs
    for n in block_filters:
        h = encoder_block(h, n, strides=2)
    outputs = conv2d_batchnorm(h, filters, kernel_size=1)
    return keras.Model(inputs, outputs, name="encoder")

# %% rank_answer
1. at most m
2. up to 9 (or the number of filters if it is smaller)
3. [[1,0],[0,1],...]: columns not multiples
4. m=9. Nothing is saved.
