"""Five nested loops, counters instead of products, nothing vectorised; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    try:
        height = kernel_size[0]
        width = kernel_size[1]
    except TypeError:
        height = kernel_size
        width = kernel_size
    count = 0
    for filter_number in range(filters):
        for channel in range(channels):
            for row in range(height):
                for column in range(width):
                    count = count + 1
        if use_bias == True:
            count = count + 1
    return count

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    try:
        height = kernel_size[0]
        width = kernel_size[1]
    except TypeError:
        height = kernel_size
        width = kernel_size
    count = 0
    maps = 0
    # first step
    for channel in range(channels):
        for k in range(depth_multiplier):
            maps = maps + 1
            for row in range(height):
                for column in range(width):
                    count = count + 1
    # second step
    for filter_number in range(filters):
        for m in range(maps):
            count = count + 1
        if use_bias == True:
            count = count + 1
    return count

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    height = depthwise_kernel.shape[0]
    width = depthwise_kernel.shape[1]
    channels = depthwise_kernel.shape[2]
    multiplier = depthwise_kernel.shape[3]
    filters = pointwise_kernel.shape[3]
    result = np.zeros((height, width, channels, filters))
    for i in range(height):
        for j in range(width):
            for c in range(channels):
                for f in range(filters):
                    s = 0.0
                    for m in range(multiplier):
                        # maps of channel c start at c * multiplier
                        s = s + depthwise_kernel[i, j, c, m] * pointwise_kernel[0, 0, c * multiplier + m, f]
                    result[i, j, c, f] = s
    return result

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    new_kernel = np.zeros(kernel.shape)
    new_bias = np.zeros(bias.shape)
    for f in range(len(bias)):
        deviation = (variance[f] + epsilon) ** 0.5
        new_bias[f] = gamma[f] * (bias[f] - mean[f]) / deviation + beta[f]
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                for c in range(kernel.shape[2]):
                    new_kernel[i, j, c, f] = gamma[f] * kernel[i, j, c, f] / deviation
    return new_kernel, new_bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    convolution = keras.layers.SeparableConv2D(
        filters=filters,
        kernel_size=(3, 3),
        strides=(strides, strides),
        padding="same",
        depth_multiplier=1,
        activation="relu",
        use_bias=True,
    )
    normalization = keras.layers.BatchNormalization()
    y = convolution(input_layer)
    z = normalization(y)
    return z

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    convolution = keras.layers.Conv2D(
        filters=filters,
        kernel_size=kernel_size,
        strides=(strides, strides),
        padding="same",
        activation="relu",
        use_bias=True,
    )
    normalization = keras.layers.BatchNormalization()
    y = convolution(input_layer)
    z = normalization(y)
    return z

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    y = separable_conv2d_batchnorm(input_layer, filters, strides)
    return y

# %% encoder
def encoder(input_shape, block_filters, filters):
    tensors = []
    tensors.append(keras.Input(input_shape))
    for number in range(len(block_filters)):
        tensors.append(encoder_block(tensors[number], block_filters[number], 2))
    last = conv2d_batchnorm(tensors[len(tensors) - 1], filters, 1, 1)
    return keras.Model(tensors[0], last)
