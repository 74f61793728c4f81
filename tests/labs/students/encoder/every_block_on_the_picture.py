"""Each block is called on the input again, and variance is taken for the standard deviation.

test_fold_batch_norm: 2 of 3, divides by the variance plus epsilon, without the root
test_encoder: 1 of 4, every block works on the picture itself, so that only the last one counts
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    try:
        h, w = kernel_size
    except:
        h, w = kernel_size, kernel_size
    return h*w*channels*filters + filters*int(use_bias)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    try:
        h, w = kernel_size
    except:
        h, w = kernel_size, kernel_size
    return (h*w + filters)*channels*depth_multiplier + filters*int(use_bias)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    c, m = depthwise_kernel.shape[2:]
    slices = np.split(pointwise_kernel[0,0], c)
    return np.stack([np.dot(depthwise_kernel[:,:,i,:], s) for i, s in enumerate(slices)], axis=-2)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    factor = gamma/(variance + epsilon)
    return kernel*factor, (bias - mean)*factor + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    y = SeparableConv2DKeras(filters, (3, 3), (strides, strides), "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(y)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    y = keras.layers.Conv2D(filters, kernel_size, strides, padding="same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(y)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    input_layer = keras.Input(shape=input_shape)
    for f in block_filters:
        block = encoder_block(input_layer, f, 2)
    output_layer = conv2d_batchnorm(block, filters, kernel_size=1)
    return keras.Model(input_layer, output_layer)
