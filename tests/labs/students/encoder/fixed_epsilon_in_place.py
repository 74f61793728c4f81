"""Folds copies in place, with 0.001 whatever epsilon is; kernels in the separable layer are 5×5; the block list is read backwards.

test_fold_batch_norm: 2 of 3, the argument epsilon is not used
test_separable_conv2d_batchnorm: 2 of 3, the kernel is 5×5 where the text says 3×3
test_encoder: 2 of 4, the blocks come in reverse order; height, width and the last number of maps are right all the same
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    ks = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    total = filters * channels
    for k in ks:
        total *= k
    total += use_bias and filters
    return total

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    ks = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    maps = channels * depth_multiplier
    depthwise = maps
    for k in ks:
        depthwise *= k
    return depthwise + maps * filters + (use_bias and filters)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, w, c, m = depthwise_kernel.shape
    f = pointwise_kernel.shape[3]
    d = depthwise_kernel.reshape(h * w, c, m)
    p = pointwise_kernel.reshape(c, m, f)
    out = np.matmul(d.transpose(1, 0, 2), p)      # c, h*w, f
    return out.transpose(1, 0, 2).reshape(h, w, c, f)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    kernel = kernel.copy()
    bias = bias.copy()
    std = np.sqrt(variance + 0.001)
    kernel *= gamma / std
    bias -= mean
    bias *= gamma / std
    bias += beta
    return kernel, bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    net = keras.layers.SeparableConv2D(filters, 5, strides, padding='same', activation='relu')(input_layer)
    net = keras.layers.BatchNormalization()(net)
    return net

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    net = keras.layers.Conv2D(filters, kernel_size, strides, padding='same', activation='relu')(input_layer)
    net = keras.layers.BatchNormalization()(net)
    return net

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    net = separable_conv2d_batchnorm(input_layer, filters, strides)
    return net

# %% encoder
def encoder(input_shape, block_filters, filters):
    # from many filters to few
    net = inputs = keras.Input(input_shape)
    for n in reversed(block_filters):
        net = encoder_block(net, n, 2)
    net = conv2d_batchnorm(net, filters, 1, 1)
    return keras.Model(inputs, net)
