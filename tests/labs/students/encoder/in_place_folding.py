"""Folds in place (kernel *= …), shortest names; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    a, b = [kernel_size]*2 if np.isscalar(kernel_size) else kernel_size
    ci, co = channels, filters
    n = a*b*ci*co
    if use_bias: n += co
    return n

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    a, b = [kernel_size]*2 if np.isscalar(kernel_size) else kernel_size
    ci, co = channels, filters
    n = a*b*ci*depth_multiplier + ci*depth_multiplier*co
    if use_bias: n += co
    return n

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    d, p = depthwise_kernel, pointwise_kernel
    a, b, c, m = d.shape
    out = np.zeros((a, b, c, p.shape[3]))
    for i in range(c):
        for j in range(m):
            out[:, :, i] += d[:, :, i, j, None] * p[0, 0, i*m + j]
    return out

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    g = gamma / np.sqrt(variance + epsilon)
    kernel *= g
    bias -= mean
    bias *= g
    bias += beta
    return kernel, bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding='same', activation='relu')(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    i = x = keras.Input(input_shape)
    for f in block_filters: x = encoder_block(x, f, 2)
    x = conv2d_batchnorm(x, filters, 1)
    return keras.Model(i, x)
