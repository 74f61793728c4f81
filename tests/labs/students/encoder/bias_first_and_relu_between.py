"""Returns (bias, kernel), and puts a relu after the depthwise part as well.

test_fold_batch_norm: 2 of 3, gives the bias first and the kernel second
test_separable_conv2d_batchnorm: 2 of 3, there is a relu between the two parts where nothing should stand
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if np.isscalar(kernel_size): kernel_size = 2*[kernel_size]
    return kernel_size[0]*kernel_size[1]*channels*filters + (filters if use_bias else 0)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if np.isscalar(kernel_size): kernel_size = 2*[kernel_size]
    dw = kernel_size[0]*kernel_size[1]*channels*depth_multiplier
    pw = channels*depth_multiplier*filters
    b = filters if use_bias else 0
    return dw+pw+b

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    (H, W, C, M), F = depthwise_kernel.shape, pointwise_kernel.shape[3]
    out = []
    for y in range(H):
        for x in range(W):
            for c in range(C):
                out.append(sum(depthwise_kernel[y,x,c,m]*pointwise_kernel[0,0,c*M+m] for m in range(M)))
    return np.array(out).reshape(H, W, C, F)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    s = np.sqrt(variance + epsilon)
    b = gamma*(bias - mean)/s + beta
    w = gamma*kernel/s
    return b, w

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    h = keras.layers.DepthwiseConv2D(3, strides, padding='same', use_bias=False, activation='relu')(input_layer)
    h = keras.layers.Conv2D(filters, 1, activation='relu')(h)
    return keras.layers.BatchNormalization()(h)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    h = keras.layers.Conv2D(filters, kernel_size, strides, padding='same', activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(h)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    h = separable_conv2d_batchnorm(input_layer, filters, strides)
    return h

# %% encoder
def encoder(input_shape, block_filters, filters):
    h = [keras.Input(input_shape)]
    for f in block_filters: h += [encoder_block(h[-1], f, 2)]
    h += [conv2d_batchnorm(h[-1], filters, 1, 1)]
    return keras.Model(h[0], h[-1])
