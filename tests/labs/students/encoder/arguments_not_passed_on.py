"""Takes strides and kernel_size as arguments and then does not use them where they matter.

test_separable_conv2d_batchnorm: 2 of 3, strides are not passed on
test_conv2d_batchnorm: 2 of 3, kernel_size is not passed on, the kernel is always 3×3
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    result = kernel_size[0]*kernel_size[1]*channels*filters
    if use_bias is True:
        result = result + filters
    return result

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    depthwise = kernel_size[0]*kernel_size[1]*channels*depth_multiplier
    pointwise = 1*1*channels*depth_multiplier*filters
    result = depthwise + pointwise
    if use_bias is True:
        result = result + filters
    return result

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    # follow one weight: place (i, j) of channel c into filter f
    h, w, channels, mult = depthwise_kernel.shape
    filters = pointwise_kernel.shape[3]
    result = np.empty([h, w, channels, filters])
    for i, j, c, f in np.ndindex(h, w, channels, filters):
        weights = pointwise_kernel[0, 0, c*mult:(c+1)*mult, f]
        result[i, j, c, f] = np.dot(depthwise_kernel[i, j, c], weights)
    return result

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    scale = gamma/np.sqrt(variance+epsilon)
    return (kernel*scale, scale*bias + beta - scale*mean)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    conv = keras.layers.SeparableConv2D(filters, kernel_size=3, padding="same", activation="relu")
    bn = keras.layers.BatchNormalization()
    return bn(conv(input_layer))

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    conv = keras.layers.Conv2D(filters, kernel_size=3, strides=strides, padding="same", activation="relu")
    bn = keras.layers.BatchNormalization()
    return bn(conv(input_layer))

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(shape=input_shape)
    x = encoder_block(inputs, block_filters[0], 2)
    for i in range(1, len(block_filters)):
        x = encoder_block(x, block_filters[i], 2)
    x = conv2d_batchnorm(x, filters, kernel_size=1, strides=1)
    return keras.Model(inputs, x)
