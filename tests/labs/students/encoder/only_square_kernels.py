"""A helper that squares the first number of a pair, and a mean that is added when folding.

test_conv2d_params: 0 of 1, a kernel of (height, width) is counted as height times height
test_fold_batch_norm: 2 of 3, adds the mean where it should be subtracted, so the bias is wrong
"""

# %% conv2d_params
def area(kernel_size):
    # square kernels
    if isinstance(kernel_size, tuple) or isinstance(kernel_size, list):
        kernel_size = kernel_size[0]
    return kernel_size**2

def conv2d_params(kernel_size, channels, filters, use_bias=True):
    p = area(kernel_size)*channels*filters
    return p + filters if use_bias else p

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    p = area(kernel_size)*channels*depth_multiplier
    p += channels*depth_multiplier*filters
    return p + filters if use_bias else p

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    dk, pk = depthwise_kernel, pointwise_kernel
    kh, kw, C, M = dk.shape
    F = pk.shape[-1]
    K = np.zeros((kh, kw, C, F))
    for f in range(F):
        for c in range(C):
            for m in range(M):
                K[:,:,c,f] += dk[:,:,c,m] * pk[0,0,c*M+m,f]
    return K

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    # y = gamma*(x - mean)/sqrt(var+eps) + beta,   x = K*p + b
    a = gamma/np.sqrt(variance + epsilon)
    new_kernel = a*kernel
    new_bias = a*(bias + mean) + beta
    return new_kernel, new_bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    out = SeparableConv2DKeras(filters, 3, strides, 'same', 'relu')(input_layer)
    return keras.layers.BatchNormalization()(out)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    out = keras.layers.Conv2D(filters, kernel_size, strides, 'same', activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(out)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inp = keras.Input(input_shape)
    out = inp
    for f in block_filters:
        out = encoder_block(out, f, 2)
    out = conv2d_batchnorm(out, filters, 1, 1)
    return keras.Model(inp, out)
