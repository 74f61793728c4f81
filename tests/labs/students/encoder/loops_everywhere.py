"""Loops where NumPy has a function, the course's SeparableConv2DKeras; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if type(kernel_size) == tuple or type(kernel_size) == list:
        height = kernel_size[0]
        width = kernel_size[1]
    else:
        height = kernel_size
        width = kernel_size
    one_filter = height * width * channels
    total = 0
    for i in range(filters):
        total = total + one_filter
        if use_bias == True:
            total = total + 1
    return total

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if type(kernel_size) == tuple or type(kernel_size) == list:
        height = kernel_size[0]
        width = kernel_size[1]
    else:
        height = kernel_size
        width = kernel_size
    # step 1: depthwise
    total = 0
    for c in range(channels):
        for m in range(depth_multiplier):
            total += height * width
    # step 2: pointwise is a conv2d with a 1x1 kernel :)
    total += conv2d_params(1, channels * depth_multiplier, filters, use_bias)
    return total

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    # YOUR CODE HERE
    H = depthwise_kernel.shape[0]
    W = depthwise_kernel.shape[1]
    C = depthwise_kernel.shape[2]
    M = depthwise_kernel.shape[3]
    F = pointwise_kernel.shape[3]
    result = np.zeros((H, W, C, F))
    for h in range(H):
        for w in range(W):
            for c in range(C):
                for f in range(F):
                    for m in range(M):
                        result[h, w, c, f] += depthwise_kernel[h, w, c, m] * pointwise_kernel[0, 0, c * M + m, f]
    return result

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    new_kernel = np.zeros(kernel.shape)
    new_bias = np.zeros(len(bias))
    for f in range(len(bias)):
        s = gamma[f] / (variance[f] + epsilon) ** 0.5
        new_kernel[:, :, :, f] = kernel[:, :, :, f] * s
        new_bias[f] = s * bias[f] - s * mean[f] + beta[f]
    return new_kernel, new_bias

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
    raise NotImplementedError()

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.layers.Input(shape=input_shape)
    layer = inputs
    for i in range(len(block_filters)):
        layer = encoder_block(layer, block_filters[i], 2)
    layer = conv2d_batchnorm(layer, filters, 1, 1)
    model = keras.Model(inputs=inputs, outputs=layer)
    return model
    raise NotImplementedError()

# %% rank_answer
The rank is m at most.
