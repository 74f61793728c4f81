"""Uses tf and math without importing them, in every cell but the first three.

test_fold_batch_norm: 0 of 3, a NameError, and math.sqrt takes no arrays
test_separable_conv2d_batchnorm: 0 of 3, a NameError
test_conv2d_batchnorm: 0 of 3, a NameError
test_encoder_block: 0 of 1, nothing of Keras runs
test_encoder: 0 of 4, a NameError of its own
"""
# rest: one_liners

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    per_filter = kernel_size[0] * kernel_size[1] * channels
    return (per_filter + 1) * filters if use_bias else per_filter * filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    return conv2d_params(kernel_size, 1, channels * depth_multiplier, False) + conv2d_params(1, channels * depth_multiplier, filters, use_bias)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    std = math.sqrt(variance + epsilon)
    return kernel * gamma / std, (bias - mean) * gamma / std + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = tf.keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", activation="relu")(input_layer)
    return tf.keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = tf.keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")(input_layer)
    return tf.keras.layers.BatchNormalization()(x)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = tf.keras.Input(input_shape)
    x = inputs
    for f in block_filters:
        x = encoder_block(x, f, 2)
    return tf.keras.Model(inputs, conv2d_batchnorm(x, filters, 1))
