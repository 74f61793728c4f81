"""Did tasks 1 to 3, then uses `layers` without importing it and stops there.

test_separable_conv2d_batchnorm: 0 of 3, NameError, `layers` is not defined
test_conv2d_batchnorm: 0 of 3, NameError, `layers` is not defined
test_encoder_block: 0 of 1, not done
test_encoder: 0 of 4, not done
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if isinstance(kernel_size, int):
        h = w = kernel_size
    else:
        h, w = kernel_size
    if use_bias:
        return h * w * channels * filters + filters
    else:
        return h * w * channels * filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if isinstance(kernel_size, int):
        h = w = kernel_size
    else:
        h, w = kernel_size
    d = h * w * channels * depth_multiplier
    p = channels * depth_multiplier * filters
    if use_bias:
        return d + p + filters
    else:
        return d + p

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    h, w, c, m = depthwise_kernel.shape
    k = []
    for i in range(c):
        k.append(np.einsum('hwm,mf->hwf', depthwise_kernel[:, :, i], pointwise_kernel[0, 0, i*m:i*m+m]))
    return np.moveaxis(np.array(k), 0, 2)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    g = gamma / np.sqrt(variance + epsilon)
    return g * kernel, g * bias + (beta - g * mean)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = layers.SeparableConv2D(filters, 3, strides=strides, padding='same', activation='relu')(input_layer)
    return layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    x = layers.Conv2D(filters, kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
    return layers.BatchNormalization()(x)
