"""As few lines as possible; everything is right."""


# %% insert_zeros
def pair(s): return tuple(s) if np.ndim(s) else (s, s)

def insert_zeros(x, strides):
    (s, t), (b, h, w, c) = pair(strides), x.shape
    return np.pad(x[:, :, None, :, None], ((0, 0), (0, 0), (0, s - 1), (0, 0), (0, t - 1), (0, 0))).reshape(b, h * s, w * t, c)[:, : h * s - s + 1, : w * t - t + 1]


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    (s, t), (k, l), (_, h, w, _) = pair(strides), kernel.shape[:2], x.shape
    y = np.einsum("nhwckl,klfc->nhwf", np.lib.stride_tricks.sliding_window_view(np.pad(insert_zeros(x, strides), ((0, 0), (k - 1, k - 1), (l - 1, l - 1), (0, 0))), (k, l), (1, 2)), kernel[::-1, ::-1], optimize=True)
    return y if padding == "valid" else y[:, (k - s) // 2 :, (l - t) // 2 :][:, : h * s, : w * t]


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    f = 1 - np.abs(np.linspace(-(n := (2 * factor - factor % 2) - 1) / 2, n / 2, n + 1)) / factor
    return np.multiply.outer(np.outer(f, f), np.eye(channels))


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2): return BilinearUpSampling2D(factor)(input_layer)


# %% decoder_block
L = keras.layers
def separable_conv2d_batchnorm(input_layer, filters, strides=1): return L.BatchNormalization()(SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer))
def decoder_block(small_input, large_input, filters): return separable_conv2d_batchnorm(separable_conv2d_batchnorm(L.concatenate([bilinear_upsample(small_input), large_input]), filters), filters)


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    xs = [keras.Input(input_shape)]
    for f in block_filters: xs += [separable_conv2d_batchnorm(xs[-1], f, 2)]
    y = L.BatchNormalization()(L.Conv2D(filters, 1, activation="relu")(xs[-1]))
    for x, f in zip(xs[-2::-1], block_filters[::-1]): y = decoder_block(y, x, f)
    return keras.Model(xs[0], L.Conv2D(classes, 1, activation="softmax")(y))


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    return np.mean([np.sum((truth == c) & (predicted == c)) / u for c in range(1, classes) if (u := np.sum((truth == c) | (predicted == c)))])
