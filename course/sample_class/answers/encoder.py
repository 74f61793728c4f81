"""Right answers to the encoder lab in many forms, by function."""

from itertools import product

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def _built(layer, channels):
    layer.build((None, None, None, channels))
    return layer.count_params()


def _pair(kernel_size):
    return (kernel_size,) * 2 if np.isscalar(kernel_size) else kernel_size


def conv2d_params():
    """Give the forms of `conv2d_params`."""

    def by_shapes(kernel_size, channels, filters, use_bias=True):
        return np.prod([*_pair(kernel_size), channels, filters]) + np.prod([filters]) * use_bias

    def in_floats(size, c_in, c_out, use_bias=True):
        h, w = _pair(size)
        return float(c_out) * (h * w * c_in + (1 if use_bias else 0))

    def by_counting(kernel_size, channels, filters, use_bias=True):
        h, w = _pair(kernel_size)
        weights = [1 for _ in product(range(h), range(w), range(channels), range(filters))]
        return len(weights) + (filters if use_bias else 0)

    def of_layer(k, c, f, use_bias=True):
        return _built(layers.Conv2D(f, k, use_bias=use_bias), c)

    return {
        "a layer's own count": of_layer,
        "the product of shapes": by_shapes,
        "floats": in_floats,
        "counting one by one": by_counting,
    }


def separable_conv2d_params():
    """Give the forms of `separable_conv2d_params`."""

    def of_arrays(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
        depthwise = np.zeros((*_pair(kernel_size), channels, depth_multiplier))
        pointwise = np.zeros((1, 1, channels * depth_multiplier, filters))
        return depthwise.size + pointwise.size + (filters if use_bias else 0)

    def of_layer(k, c, f, depth_multiplier=1, use_bias=True):
        return _built(layers.SeparableConv2D(f, k, depth_multiplier=depth_multiplier, use_bias=use_bias), c)

    def of_two_layers(k, c, f, depth_multiplier=1, use_bias=True):
        first = layers.DepthwiseConv2D(k, depth_multiplier=depth_multiplier, use_bias=False)
        return _built(first, c) + _built(layers.Conv2D(f, 1, use_bias=use_bias), c * depth_multiplier)

    def factored(k, c, f, depth_multiplier=1, use_bias=True):
        h, w = _pair(k)
        return np.array(c * depth_multiplier * (h * w + f) + int(use_bias) * f)

    return {
        "sizes of arrays": of_arrays,
        "a layer's own count": of_layer,
        "two layers' counts": of_two_layers,
        "factored, as an array": factored,
    }


def dense_kernel():
    """Give the forms of `dense_kernel`."""

    def loops(d, p):
        h, w, c, m = d.shape
        result = [[[[0.0] * p.shape[3] for _ in range(c)] for _ in range(w)] for _ in range(h)]
        for i, j, k, n, f in product(range(h), range(w), range(c), range(m), range(p.shape[3])):
            result[i][j][k][f] += d[i, j, k, n] * p[0, 0, k * m + n, f]
        return result

    def matrices(d, p):
        h, w, c, m = d.shape
        per_channel = d.transpose(2, 0, 1, 3).reshape(c, h * w, m) @ p[0, 0].reshape(c, m, -1)
        return per_channel.reshape(c, h, w, -1).transpose(1, 2, 0, 3).astype("float32")

    def broadcast(d, p):
        return (d[..., None] * p.reshape(*d.shape[2:], -1)).sum(axis=-2)

    def in_tensorflow(d, p):
        mixing = tf.reshape(tf.constant(p), (d.shape[2], d.shape[3], p.shape[3]))
        return tf.einsum("hwcm,cmf->hwcf", tf.constant(d), mixing)

    def by_impulses(d, p):
        h, w, c, _ = d.shape
        layer = layers.SeparableConv2D(p.shape[3], (h, w), depth_multiplier=d.shape[3], use_bias=False)
        layer.build((None, h, w, c))
        layer.set_weights([d, p])
        impulses = np.eye(h * w * c).reshape(h * w * c, h, w, c)
        return np.asarray(layer(impulses)).reshape(h, w, c, -1)

    return {
        "loops and lists": loops,
        "matrix products, float32": matrices,
        "broadcasting": broadcast,
        "TensorFlow": in_tensorflow,
        "a layer's answer to impulses": by_impulses,
    }


def fold_batch_norm():
    """Give the forms of `fold_batch_norm`."""

    def by_filter(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
        kernel, bias = kernel.copy(), bias.copy()
        for f in range(kernel.shape[-1]):
            deviation = (variance[f] + epsilon) ** 0.5
            kernel[..., f] *= gamma[f] / deviation
            bias[f] = gamma[f] * (bias[f] - mean[f]) / deviation + beta[f]
        return [kernel, bias]

    def in_place(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
        gamma /= np.sqrt(variance + epsilon)
        kernel *= gamma
        bias -= mean
        bias *= gamma
        bias += beta
        return kernel, bias

    def diagonal(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
        by = np.diag(gamma) @ np.diag((variance + epsilon) ** -0.5)
        return (kernel @ by).astype("float32"), beta + by @ bias - by @ mean

    def in_tensorflow(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
        def normalized(x):
            return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)

        zero = normalized(tf.zeros_like(mean))
        return normalized(tf.constant(kernel)) - zero, normalized(tf.constant(bias))

    return {
        "filter by filter": by_filter,
        "in place": in_place,
        "matrices, float32": diagonal,
        "TensorFlow": in_tensorflow,
    }


def _normalized(x):
    return layers.BatchNormalization()(x)


def separable_conv2d_batchnorm():
    """Give the forms of `separable_conv2d_batchnorm`."""

    def two_layers(x, filters, strides=1):
        x = layers.DepthwiseConv2D(3, strides, "same", use_bias=False)(x)
        return _normalized(layers.Conv2D(filters, 1, activation="relu")(x))

    def relu_by_itself(x, filters, strides=1):
        x = tf.keras.layers.SeparableConv2D(filters, [3, 3], [strides, strides], padding="SAME")(x)
        return tf.keras.layers.BatchNormalization(axis=3)(tf.keras.layers.ReLU()(x))

    def groups(x, filters, strides=1):
        channels = x.shape[-1]
        x = layers.Conv2D(channels, 3, strides, "same", groups=channels, use_bias=False)(x)
        return _normalized(layers.Conv2D(filters, 1, activation=keras.activations.relu)(x))

    def dense_for_pointwise(x, filters, strides=1):
        x = layers.DepthwiseConv2D(3, strides, "same", use_bias=False)(x)
        return _normalized(layers.Dense(filters, "relu")(x))

    def nested(x, filters, strides=1):
        return keras.Sequential(
            [
                layers.SeparableConv2D(filters, 3, strides, "same", activation="relu", name="both"),
                layers.BatchNormalization(),
            ]
        )(x)

    return {
        "two layers": two_layers,
        "relu by itself, tf.keras": relu_by_itself,
        "one group for each channel": groups,
        "a dense layer at each place": dense_for_pointwise,
        "a model in the model": nested,
    }


def conv2d_batchnorm():
    """Give the forms of `conv2d_batchnorm`."""

    def plain(x, filters, kernel_size=3, strides=1):
        return _normalized(layers.Conv2D(filters, kernel_size, strides, "same", activation="relu")(x))

    def relu_by_itself(x, n, size=3, strides=1, **kwargs):
        size = kwargs.get("kernel_size", size)
        x = tf.keras.layers.Conv2D(n, (size, size), (strides, strides), padding="same")(x)
        return tf.keras.layers.BatchNormalization()(tf.keras.layers.Activation("relu")(x))

    def operations(x, filters, kernel_size=3, strides=1):
        x = layers.Convolution2D(filters, kernel_size, strides=strides, padding="same")(x)
        return _normalized(keras.ops.relu(x))

    def nested(x, filters, kernel_size=3, strides=1):
        start = keras.Input(x.shape[1:])
        return keras.Model(start, plain(start, filters, kernel_size, strides))(x)

    return {
        "activation inside": plain,
        "relu by itself, tf.keras": relu_by_itself,
        "relu as an operation": operations,
        "a model in the model": nested,
    }


def encoder_block():
    """Give the forms of `encoder_block`."""
    return separable_conv2d_batchnorm()


def encoder():
    """Give the forms of `encoder`."""
    blocks, ends = separable_conv2d_batchnorm(), conv2d_batchnorm()

    def chained(block, end):
        def encoder(input_shape, block_filters, filters):
            x = start = keras.Input(shape=tuple(input_shape))
            for n in block_filters:
                x = block(x, n, 2)
            return keras.Model(start, end(x, filters, kernel_size=1))

        return encoder

    def recursive(input_shape, block_filters, filters):
        start = layers.Input(input_shape)

        def after(x, rest):
            if not rest:
                return ends["activation inside"](x, filters, 1)
            return after(blocks["two layers"](x, rest[0], 2), rest[1:])

        return keras.models.Model(inputs=start, outputs=after(start, block_filters))

    def sequential(input_shape, block_filters, filters):
        stack = [keras.Input(input_shape)]
        for n in block_filters:
            stack += [layers.SeparableConv2D(n, 3, 2, "same", activation="relu"), layers.BatchNormalization()]
        stack += [layers.Conv2D(filters, 1, activation="relu"), layers.BatchNormalization()]
        return keras.Sequential(stack)

    def dense_at_each_place(input_shape, block_filters, filters):
        model = keras.Sequential([keras.Input(input_shape)])
        for n in block_filters:
            model.add(layers.SeparableConv2D(n, 3, 2, "same", activation="relu"))
            model.add(layers.BatchNormalization())
        model.add(layers.Dense(filters))
        model.add(layers.ReLU())
        model.add(layers.BatchNormalization())
        return model

    return {
        "a loop": chained(blocks["one group for each channel"], ends["relu by itself, tf.keras"]),
        "models in the model": chained(blocks["a model in the model"], ends["a model in the model"]),
        "recursion": recursive,
        "one after the other": sequential,
        "a dense layer at each place": dense_at_each_place,
    }


FUNCTIONS = (
    conv2d_params,
    separable_conv2d_params,
    dense_kernel,
    fold_batch_norm,
    separable_conv2d_batchnorm,
    conv2d_batchnorm,
    encoder_block,
    encoder,
)
RIGHT = {make.__name__: make() for make in FUNCTIONS}
