"""Functional programmer: reduce, partial, lambdas bound to the names; everything is right."""

# %% conv2d_params
from functools import reduce, partial
from math import prod

both = lambda k: (k, k) if isinstance(k, (int, np.integer)) else k
conv2d_params = lambda kernel_size, channels, filters, use_bias=True: prod((*both(kernel_size), channels, filters)) + use_bias * filters

# %% separable_conv2d_params
separable_conv2d_params = lambda kernel_size, channels, filters, depth_multiplier=1, use_bias=True: (
    prod((*both(kernel_size), channels, depth_multiplier))
    + prod((channels, depth_multiplier, filters))
    + use_bias * filters
)

# %% dense_kernel
dense_kernel = lambda depthwise_kernel, pointwise_kernel: np.einsum(
    "ijcm,cmf->ijcf",
    depthwise_kernel,
    np.reshape(pointwise_kernel, (*depthwise_kernel.shape[2:], -1)),
)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    s = gamma * (variance + epsilon) ** -0.5
    return tuple(map(np.add, (kernel * s, (bias - mean) * s), (0, beta)))

# %% separable_conv2d_batchnorm
def chain(*fs):
    return lambda x: reduce(lambda y, f: f(y), fs, x)

def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return chain(
        SeparableConv2DKeras(filters, 3, strides, "same", "relu"),
        keras.layers.BatchNormalization(),
    )(input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return chain(
        keras.layers.Conv2D(filters, kernel_size, strides, "same", activation="relu"),
        keras.layers.BatchNormalization(),
    )(input_layer)

# %% encoder_block
encoder_block = lambda input_layer, filters, strides: separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    start = keras.Input(input_shape)
    end = reduce(partial(encoder_block, strides=2), block_filters, start)
    return keras.Model(start, conv2d_batchnorm(end, filters, 1))
