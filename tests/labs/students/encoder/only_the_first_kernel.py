"""Tries only a depth multiplier of 1, forgets the old bias, and leaves the padding away in the dense layer.

test_dense_kernel: 1 of 3, uses only the first kernel of each channel
test_fold_batch_norm: 2 of 3, the convolution's own bias is forgotten
test_conv2d_batchnorm: 2 of 3, the padding is Keras' default, "valid"; one slip, so it costs once
"""
# rest: tf_tutorial_prints

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    kh, kw, channels, dm = depthwise_kernel.shape
    filters = pointwise_kernel.shape[3]
    out = np.zeros((kh, kw, channels, filters))
    for c in range(channels):
        for f in range(filters):
            out[:, :, c, f] = depthwise_kernel[:, :, c, 0] * pointwise_kernel[0, 0, c, f]
    return out

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    scale = gamma / np.sqrt(variance + epsilon)
    new_kernel = kernel * scale
    new_bias = beta - mean * scale
    return new_kernel, new_bias

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(x)
