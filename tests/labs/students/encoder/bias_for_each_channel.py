"""Takes the bias as one number for each channel that comes in, and lets the 1×1 layer keep its 3×3 kernel.

test_conv2d_params: 0 of 1, adds a bias for each input channel instead of for each filter
test_encoder: 2 of 4, the last layer has the default 3×3 kernel, so weights and numbers are wrong; the shapes are right
"""
# rest: every_index_by_hand

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    if isinstance(kernel_size, int):
        area = kernel_size ** 2
    else:
        area = kernel_size[0] * kernel_size[1]
    params = area * channels * filters
    if use_bias:
        params += channels
    return params

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    if isinstance(kernel_size, int):
        area = kernel_size ** 2
    else:
        area = kernel_size[0] * kernel_size[1]
    params = area * channels * depth_multiplier + channels * depth_multiplier * filters
    if use_bias:
        params += filters  # "one number for each filter"
    return params

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(shape=input_shape)
    layer = inputs
    for n in block_filters:
        layer = encoder_block(layer, n, strides=2)
    # 1x1 layer
    outputs = conv2d_batchnorm(layer, filters, strides=1)
    return keras.Model(inputs=inputs, outputs=outputs)
