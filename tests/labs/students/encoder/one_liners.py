"""Everything in one line, lambdas and reduce; everything is right."""

# %% conv2d_params
from functools import reduce

conv2d_params = lambda kernel_size, channels, filters, use_bias=True: int(
    np.prod(np.broadcast_to(kernel_size, 2))) * channels * filters + filters * int(use_bias)

# %% separable_conv2d_params
separable_conv2d_params = lambda kernel_size, channels, filters, depth_multiplier=1, use_bias=True: conv2d_params(
    kernel_size, 1, channels * depth_multiplier, False) + conv2d_params(1, channels * depth_multiplier, filters, use_bias)

# %% dense_kernel
dense_kernel = lambda d, p: (d[:, :, :, None, :] @ p.reshape(*d.shape[2:], -1))[:, :, :, 0]

# %% fold_batch_norm
fold_batch_norm = lambda kernel, bias, gamma, beta, mean, variance, epsilon=1e-3: (
    kernel * (s := gamma / (variance + epsilon) ** .5), beta + s * (bias - mean))

# %% separable_conv2d_batchnorm
L = keras.layers
separable_conv2d_batchnorm = lambda input_layer, filters, strides=1: L.BatchNormalization()(
    L.SeparableConv2D(filters, 3, strides, "same", activation="relu")(input_layer))

# %% conv2d_batchnorm
conv2d_batchnorm = lambda input_layer, filters, kernel_size=3, strides=1: L.BatchNormalization()(
    L.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer))

# %% encoder_block
encoder_block = separable_conv2d_batchnorm

# %% encoder
encoder = lambda input_shape, block_filters, filters: keras.Model(
    i := keras.Input(input_shape), conv2d_batchnorm(reduce(lambda x, f: encoder_block(x, f, 2), block_filters, i), filters, 1))

# %% rank_answer
rank(A_c) = rank(D_c P_c) <= m. Dense: <= min(9, filters). e1 and e2 as the two filters. m = 9; no.
