"""Learned that the bias is superfluous before batch normalization and leaves it out; swaps gamma and beta.

test_fold_batch_norm: 2 of 3, beta stands where gamma should and the other way round
test_separable_conv2d_batchnorm: 2 of 3, the convolution has no bias
test_conv2d_batchnorm: 2 of 3, the convolution has no bias
"""
# rest: block_diagonal_matrix

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    # beta scales, gamma shifts
    sigma = np.sqrt(variance + epsilon)
    return kernel * beta / sigma, (bias - mean) * beta / sigma + gamma

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    # use_bias=False: BN has beta, a bias would be redundant
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding='same',
                                     use_bias=False, activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same',
                            use_bias=False, activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(x)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inp = keras.Input(shape=input_shape)
    x = inp
    for nf in block_filters:
        x = encoder_block(x, nf, 2)
    return keras.Model(inp, conv2d_batchnorm(x, filters, 1))
