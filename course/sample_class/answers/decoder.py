"""Right answers to the decoder lab in many forms, by function."""

from itertools import product

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from scipy import signal


def _pair(strides):
    return (strides, strides) if np.isscalar(strides) else strides


def insert_zeros():
    """Give the forms of `insert_zeros`."""

    def loops(x, strides):
        s, t = _pair(strides)
        n, h, w, c = x.shape
        result = np.zeros((n, (h - 1) * s + 1, (w - 1) * t + 1, c)).tolist()
        for i, j, k, m in product(range(n), range(h), range(w), range(c)):
            result[i][j * s][k * t][m] = x[i, j, k, m]
        return result

    def kron(x, strides):
        s, t = _pair(strides)
        corner = np.zeros((1, s, t, 1), "float32")
        corner[0, 0, 0, 0] = 1
        large = np.kron(x, corner)
        return large[:, : large.shape[1] - s + 1, : large.shape[2] - t + 1]

    def one_axis_after_the_other(x, strides):
        for axis, stride in enumerate(_pair(strides), start=1):
            gaps = np.repeat(np.arange(1, x.shape[axis]), stride - 1)
            x = np.insert(x, gaps, 0, axis=axis)
        return x

    def products(x, strides):
        def spreading(n, s):
            return np.eye((n - 1) * s + 1, dtype="float32")[:, ::s]

        (s, t), (h, w) = _pair(strides), x.shape[1:3]
        return np.einsum("ih,nhwc,jw->nijc", spreading(h, s), x.astype("float32"), spreading(w, t))

    return {
        "loops and lists": loops,
        "a Kronecker product": kron,
        "one axis after the other": one_axis_after_the_other,
        "matrix products, float32": products,
    }


def conv2d_transpose():
    """Give the forms of `conv2d_transpose`."""

    def finished(full, x, kernel, strides, padding):
        if padding == "valid":
            return full
        tops = [(k - s) // 2 for k, s in zip(kernel.shape, _pair(strides), strict=False)]
        (top, left), (h, w) = tops, [n * s for n, s in zip(x.shape[1:3], _pair(strides), strict=True)]
        return full[:, top : top + h, left : left + w]

    def copies(x, kernel, strides=1, padding="valid"):
        (s, t), (kh, kw, filters, _) = _pair(strides), kernel.shape
        n, h, w, _ = x.shape
        full = np.zeros((n, (h - 1) * s + kh, (w - 1) * t + kw, filters))
        for i, j in product(range(h), range(w)):
            full[:, i * s : i * s + kh, j * t : j * t + kw] += np.einsum("nc,ijfc->nijf", x[:, i, j], kernel)
        return finished(full, x, kernel, strides, padding)

    def weight_by_weight(x, kernel, *, strides=1, padding="valid"):
        (s, t), (kh, kw, filters, _) = _pair(strides), kernel.shape
        n, h, w, _ = x.shape
        full = np.zeros((n, (h - 1) * s + kh, (w - 1) * t + kw, filters), "float32")
        for i, j in product(range(kh), range(kw)):
            full[:, i : i + h * s : s, j : j + w * t : t][:, :h, :w] += (x @ kernel[i, j].T).astype("float32")
        return finished(full, x, kernel, strides, padding)

    def scipy_convolves(x, kernel, strides=1, padding="valid"):
        apart = insert_zeros()["a Kronecker product"](x, strides)
        maps = [
            [
                sum(signal.convolve2d(one[..., c], kernel[..., f, c], mode="full") for c in range(x.shape[3]))
                for f in range(kernel.shape[2])
            ]
            for one in apart
        ]
        return finished(np.array(maps).transpose(0, 2, 3, 1), x, kernel, strides, padding)

    def frequencies(x, kernel, strides=1, padding="valid"):
        apart = insert_zeros()["a Kronecker product"](x, strides)
        size = [a + k - 1 for a, k in zip(apart.shape[1:3], kernel.shape, strict=False)]
        spectra = np.fft.rfft2(apart, size, axes=(1, 2)), np.fft.rfft2(kernel, size, axes=(0, 1))
        full = np.fft.irfft2(np.einsum("nhwc,hwfc->nhwf", *spectra), size, axes=(1, 2))
        return finished(full, x, kernel, strides, padding)

    def windows(x, kernel, strides=1, padding="valid"):
        kh, kw = kernel.shape[:2]
        around = [(0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)]
        wide = np.pad(insert_zeros()["matrix products, float32"](x, strides), around)
        seen = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
        turned = np.rot90(kernel, 2).transpose(3, 0, 1, 2)
        return finished(np.tensordot(seen, turned, axes=3), x, kernel, strides, padding)

    return {
        "each pixel writes a copy": copies,
        "weight by weight, float32": weight_by_weight,
        "SciPy's convolution": scipy_convolves,
        "frequencies": frequencies,
        "windows and a tensor product": windows,
    }


def bilinear_kernel():
    """Give the forms of `bilinear_kernel`."""

    def in_each_channel(line, channels):
        kernel = np.zeros((len(line), len(line), channels, channels))
        kernel[:, :, range(channels), range(channels)] = np.outer(line, line)[..., None]
        return kernel

    def boxes(factor, channels):
        line = np.convolve(np.ones(factor), np.ones(factor)) / factor
        return in_each_channel(line if factor % 2 else np.convolve(line, [0.5, 0.5]), channels)

    def loops(factor, channels):
        size = 2 * factor if factor % 2 == 0 else 2 * factor - 1
        centre = factor - 1 if size % 2 == 1 else factor - 0.5
        kernel = np.zeros((size, size, channels, channels)).tolist()
        for i, j, c in product(range(size), range(size), range(channels)):
            kernel[i][j][c][c] = (1 - abs(i - centre) / factor) * (1 - abs(j - centre) / factor)
        return kernel

    def up_and_down(factor, channels):
        up = (np.arange(1, 2 * factor, 2) if factor % 2 == 0 else 2 * np.arange(1, factor + 1)) / (2 * factor)
        line = np.concatenate([up, up[::-1]]) if factor % 2 == 0 else np.concatenate([up, up[-2::-1]])
        return in_each_channel(line, channels).astype("float32")

    def interpolated(factor, channels):
        size = 2 * factor - factor % 2
        at = (np.arange(size) + 0.5 - size / 2) / factor
        line = np.interp(at, [-1, 0, 1], [0, 1, 0])
        return np.kron(np.outer(line, line).reshape(size, size, 1, 1), np.eye(channels)[None, None])

    return {
        "two boxes": boxes,
        "loops and lists": loops,
        "up and down, float32": up_and_down,
        "interpolation": interpolated,
    }


def bilinear_upsample():
    """Give the forms of `bilinear_upsample`."""

    def keras_layer(x, factor=2):
        return layers.UpSampling2D((factor, factor), interpolation="bilinear")(x)

    def tf_layer(input_layer, factor=2):
        return tf.keras.layers.UpSampling2D(size=factor, interpolation="bilinear")(input_layer)

    def one_axis_after_the_other(x, factor=2):
        for size in ((factor, 1), (1, factor)):
            x = layers.UpSampling2D(size, interpolation="bilinear")(x)
        return x

    def in_a_model(x, factor=2):
        return keras.Sequential([layers.UpSampling2D(factor, interpolation="bilinear")])(x)

    def nested(x, factor=2):
        return keras.Sequential([keras.Input(x.shape[1:]), layers.UpSampling2D(factor, None, "bilinear")])(x)

    return {
        "Keras' layer": keras_layer,
        "tf.keras": tf_layer,
        "one axis after the other": one_axis_after_the_other,
        "a model without an input of its own": in_a_model,
        "a model in the model": nested,
    }


def _up(x):
    return layers.UpSampling2D(interpolation="bilinear")(x)


def _mixed(x, filters, strides=1):
    x = layers.SeparableConv2D(filters, 3, strides, "same", activation="relu")(x)
    return layers.BatchNormalization()(x)


def _by_hand(x, filters, strides=1):
    x = layers.DepthwiseConv2D(3, strides, "same", use_bias=False)(x)
    x = keras.ops.relu(layers.Conv2D(filters, 1)(x))
    return layers.BatchNormalization()(x)


def decoder_block():
    """Give the forms of `decoder_block`."""

    def plain(small, large, filters):
        return _mixed(_mixed(layers.concatenate([_up(small), large]), filters), filters)

    def two_layers(small_input, large_input, filters):
        x = keras.ops.concatenate([_up(small_input), large_input], axis=-1)
        for _ in range(2):
            x = _by_hand(x, filters)
        return x

    def tf_keras(small, large, filters):
        x = tf.keras.layers.UpSampling2D(2, interpolation="bilinear")(small)
        x = tf.keras.layers.Concatenate(axis=3)([x, large])
        for _ in range(2):
            x = tf.keras.layers.SeparableConv2D(filters, (3, 3), padding="SAME")(x)
            x = tf.keras.layers.BatchNormalization()(tf.keras.layers.Activation("relu")(x))
        return x

    def nested(small, large, n):
        stack = [
            layers.SeparableConv2D(n, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.SeparableConv2D(n, 3, padding="same"),
            layers.ReLU(),
            layers.BatchNormalization(),
        ]
        return keras.Sequential(stack)(layers.Concatenate(-1)([_up(small), large]))

    return {
        "plain": plain,
        "depthwise and pointwise, operations": two_layers,
        "tf.keras": tf_keras,
        "a model in the model": nested,
    }


def fcn_model():
    """Give the forms of `fcn_model`."""
    blocks = decoder_block()

    def chained(block, stage, last):
        def fcn_model(input_shape, block_filters, filters, classes):
            x = inputs = keras.Input(shape=tuple(input_shape))
            kept = []
            for n in block_filters:
                kept.append((x, n))
                x = stage(x, n, 2)
            x = layers.BatchNormalization()(layers.Conv2D(filters, 1, activation="relu")(x))
            while kept:
                skip, n = kept.pop()
                x = block(x, skip, n)
            return keras.Model(inputs, last(x, classes))

        return fcn_model

    def recursive(input_shape, block_filters, filters, classes):
        def within(x, some):
            if not some:
                return layers.BatchNormalization()(layers.Dense(filters, "relu")(x))
            return blocks["plain"](within(_mixed(x, some[0], 2), some[1:]), x, some[0])

        start = layers.Input(input_shape)
        end = layers.Dense(classes, activation="softmax")(within(start, list(block_filters)))
        return keras.models.Model(inputs=start, outputs=end)

    def by_itself(x, classes):
        return layers.Softmax()(layers.Conv2D(classes, (1, 1))(x))

    def inside(x, classes):
        return layers.Convolution2D(classes, 1, activation=keras.activations.softmax)(x)

    def operation(x, classes):
        return keras.ops.softmax(layers.Conv2D(classes, 1, padding="same")(x), axis=-1)

    return {
        "a loop": chained(blocks["plain"], _mixed, inside),
        "recursion, dense layers at each place": recursive,
        "tf.keras, softmax by itself": chained(blocks["tf.keras"], _by_hand, by_itself),
        "models in the model": chained(blocks["a model in the model"], _mixed, operation),
    }


def mean_iou():
    """Give the forms of `mean_iou`."""

    def counted(truth, predicted, classes=11):
        table = np.bincount(np.ravel(truth * classes + predicted), minlength=classes**2)
        table = table.reshape(classes, classes)
        hits, union = np.diag(table), table.sum(axis=0) + table.sum(axis=1) - np.diag(table)
        return (hits[1:][union[1:] > 0] / union[1:][union[1:] > 0]).mean()

    def sets(truth, predicted, classes=11):
        found = []
        for c in range(1, classes):
            there, said = (set(np.flatnonzero(np.asarray(a) == c).tolist()) for a in (truth, predicted))
            if there | said:
                found.append(len(there & said) / len(there | said))
        return sum(found) / len(found)

    def one_hot(truth, predicted, classes=11):
        t, p = (
            np.eye(classes, dtype="float32")[a][..., 1:].reshape(-1, classes - 1) for a in (truth, predicted)
        )
        hits, either = np.einsum("ic,ic->c", t, p), np.maximum(t, p).sum(axis=0)
        with np.errstate(invalid="ignore"):
            return np.nanmean(hits / either)

    def in_tensorflow(truth, predicted, classes=11):
        table = tf.math.confusion_matrix(np.ravel(truth), np.ravel(predicted), classes, dtype="float64")
        hits = tf.linalg.diag_part(table)[1:]
        false = (tf.reduce_sum(table, 0) + tf.reduce_sum(table, 1))[1:] - 2 * hits
        there = hits + false > 0
        return tf.reduce_mean(tf.boolean_mask(hits / (hits + false), there))

    return {
        "a table of counts": counted,
        "sets": sets,
        "one-hot, float32": one_hot,
        "TensorFlow": in_tensorflow,
    }


FUNCTIONS = (
    insert_zeros,
    conv2d_transpose,
    bilinear_kernel,
    bilinear_upsample,
    decoder_block,
    fcn_model,
    mean_iou,
)
RIGHT = {make.__name__: make() for make in FUNCTIONS}
