"""Writes down what the examples of the text ask: 243 and 54, a kernel of 3×3×2×4, two blocks.

test_conv2d_params: 0 of 1, only the number of the text
test_separable_conv2d_params: 0 of 2, only the number of the text
test_dense_kernel: 0 of 3, only for the sizes of the text's picture and a multiplier of 1
test_encoder: 2 of 4, always exactly two blocks
"""
# rest: copied_into_encoder

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    return 243

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if use_bias == False:
        return 54
    return 54 + 9

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    k = np.zeros((3, 3, 2, 4))
    for a in range(3):
        for b in range(3):
            for c in range(2):
                for d in range(4):
                    k[a][b][c][d] = depthwise_kernel[a][b][c][0] * pointwise_kernel[0][0][c][d]
    return k

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    conv = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same')(input_layer)
    relu = keras.layers.Activation('relu')(conv)
    norm = keras.layers.BatchNormalization()(relu)
    return norm

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(shape=input_shape)
    block1 = encoder_block(inputs, block_filters[0], 2)
    block2 = encoder_block(block1, block_filters[1], 2)
    output = conv2d_batchnorm(block2, filters, 1, 1)
    return keras.Model(inputs, output)
