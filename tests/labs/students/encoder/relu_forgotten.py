"""Has no activation in either layer and forgets epsilon in the folding.

test_fold_batch_norm: 2 of 3, leaves epsilon out
test_separable_conv2d_batchnorm: 2 of 3, no relu
test_conv2d_batchnorm: 2 of 3, no relu
"""
# rest: count_with_keras

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    sd = np.sqrt(variance)
    return kernel * gamma / sd, (bias - mean) * gamma / sd + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x
