"""Each layer is a small keras.Sequential that is then called, the encoder nests them; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    match kernel_size:
        case (h, w):
            pass
        case n:
            h = w = n
    return filters * (h * w * channels + (1 if use_bias else 0))

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    match kernel_size:
        case (h, w):
            pass
        case n:
            h = w = n
    between = channels * depth_multiplier
    return between * h * w + filters * (between + (1 if use_bias else 0))

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, w, c, m = depthwise_kernel.shape
    flat = depthwise_kernel.reshape(h, w, c * m, 1)      # the maps in their order
    products = flat * pointwise_kernel                   # (h, w, c*m, filters), broadcasting
    return products.reshape(h, w, c, m, -1).sum(axis=3)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    def bn(x):
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    # bn is affine: what it does to 0 is its shift, the rest is its slope
    shift = bn(np.zeros_like(mean))
    slope = bn(np.ones_like(mean)) - shift
    return kernel * slope, bn(bias)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    box = keras.Sequential([
        keras.layers.SeparableConv2D(filters, (3, 3), strides=strides, padding="same", activation=keras.activations.relu),
        keras.layers.BatchNormalization(),
    ])
    return box(input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    box = keras.Sequential([
        keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation=keras.activations.relu),
        keras.layers.BatchNormalization(),
    ])
    return box(input_layer)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inp = keras.Input(tuple(input_shape))
    out = inp
    for bf in block_filters:
        out = encoder_block(out, bf, 2)
    out = conv2d_batchnorm(out, filters, 1, 1)
    return keras.Model(inp, out)
