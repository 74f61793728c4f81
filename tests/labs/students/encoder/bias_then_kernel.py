"""Returns the folded pair the wrong way round; relu6 in the layers, out of habit.

test_fold_batch_norm: 2 of 3, (bias, kernel) instead of (kernel, bias)
test_separable_conv2d_batchnorm: 2 of 3, relu6 instead of relu
test_conv2d_batchnorm: 2 of 3, relu6 instead of relu
"""
# rest: einsum_and_pairs

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    inv = gamma * (variance + epsilon) ** -0.5
    return beta + (bias - mean) * inv, kernel * inv

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same")(input_layer)
    x = keras.layers.ReLU(max_value=6)(x)
    return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same")(input_layer)
    x = keras.layers.ReLU(max_value=6)(x)
    return keras.layers.BatchNormalization()(x)
