"""Finds the dense kernel and the folding by trying: impulses go through both steps; slow but right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    # the weights themselves as an array, then count them
    size = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    kernel = np.empty((*size, channels, filters))
    b = np.empty(filters if use_bias else 0)
    return kernel.size + b.size

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    size = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    arrays = [
        np.empty((*size, channels, depth_multiplier)),
        np.empty((1, 1, channels * depth_multiplier, filters)),
    ]
    if use_bias:
        arrays.append(np.empty(filters))
    return sum(a.size for a in arrays)

# %% dense_kernel
def through_both(patch, dw, pw):
    # patch has exactly the size of the kernel, so there is one place only
    maps = []
    for c in range(dw.shape[2]):
        for m in range(dw.shape[3]):
            maps.append((patch[:, :, c] * dw[:, :, c, m]).sum())
    return np.array(maps) @ pw[0, 0]


def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    shape = depthwise_kernel.shape[:3]
    result = np.zeros((*shape, pointwise_kernel.shape[-1]))
    for place in np.ndindex(shape):
        impulse = np.zeros(shape)
        impulse[place] = 1
        result[place] = through_both(impulse, depthwise_kernel, pointwise_kernel)
    return result

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    def bn(x):
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    # bn is linear: what it makes of 0 is the offset
    offset = bn(np.zeros_like(mean))
    return bn(kernel) - offset, bn(bias)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = SeparableConv2DKeras(filters, 3, strides, "same", None)(input_layer)
    x = keras.layers.Activation("relu")(x)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    x = keras.layers.Conv2D(filters, kernel_size, strides, padding="same")(input_layer)
    x = keras.ops.relu(x)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    tensors = [keras.Input(input_shape)]
    for number in block_filters:
        tensors.append(encoder_block(tensors[-1], number, 2))
    tensors.append(conv2d_batchnorm(tensors[-1], filters, 1, 1))
    return keras.Model(tensors[0], tensors[-1])
