"""Forgets padding in the separable layer (so "valid"), and one bias per channel in the count.

test_conv2d_params: 0 of 1, one bias for each channel that comes in instead of each filter
test_separable_conv2d_batchnorm: 2 of 3, padding is forgotten
"""
# rest: loops_everywhere

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = [kernel_size, kernel_size]
    n = kernel_size[0]*kernel_size[1]*channels*filters
    if use_bias:
        n = n + channels
    return n

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = [kernel_size, kernel_size]
    n = kernel_size[0]*kernel_size[1]*channels*depth_multiplier + channels*depth_multiplier*filters
    if use_bias:
        n = n + filters
    return n

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    layer = keras.layers.SeparableConv2D(filters, (3,3), strides=strides, activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(layer)
