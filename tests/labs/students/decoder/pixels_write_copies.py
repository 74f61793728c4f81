"""The second description of the transposed convolution, with `+=`, and a confusion matrix; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    x = np.asarray(x)
    sy, sx = np.broadcast_to(strides, 2)
    # repeat everything, then blank what is not a first copy
    y = x.repeat(sy, axis=1).repeat(sx, axis=2)
    row_ok = np.arange(y.shape[1]) % sy == 0
    col_ok = np.arange(y.shape[2]) % sx == 0
    y = y * (row_ok[:, None] & col_ok[None, :])[None, :, :, None]
    return y[:, : y.shape[1] - sy + 1, : y.shape[2] - sx + 1]

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    # "each pixel writes a copy of the kernel, multiplied by its own value"
    sy, sx = np.broadcast_to(strides, 2)
    n, h, w, _ = x.shape
    kh, kw, nf, _ = kernel.shape
    canvas = np.zeros((n, (h - 1) * sy + kh, (w - 1) * sx + kw, nf))
    for i in range(h):
        for j in range(w):
            copy = np.tensordot(x[:, i, j], kernel, axes=(1, 3))
            canvas[:, i * sy : i * sy + kh, j * sx : j * sx + kw] += copy
    if padding == "valid":
        return canvas
    t, l = (kh - sy) // 2, (kw - sx) // 2
    return canvas[:, t : t + h * sy, l : l + w * sx]

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    half = [(k + 0.5) / factor for k in range(factor)] if factor % 2 == 0 else [(k + 1) / factor for k in range(factor)]
    ramp = half + half[::-1] if factor % 2 == 0 else half + half[-2::-1]
    if factor == 1:
        ramp = [1.0]
    ramp = np.array(ramp)
    kernel = np.zeros((len(ramp), len(ramp), channels, channels))
    kernel[:, :, range(channels), range(channels)] = np.outer(ramp, ramp)[:, :, None]
    return kernel

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return keras.layers.UpSampling2D(factor, interpolation="bilinear")(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(x)


def decoder_block(small_input, large_input, filters):
    up = bilinear_upsample(small_input)
    x = keras.ops.concatenate([up, large_input], axis=-1)
    x = separable_conv2d_batchnorm(x, filters)
    return separable_conv2d_batchnorm(x, filters)

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    picture = keras.Input(input_shape)

    def level(x, widths):
        """One step down, everything below it, one step up."""
        if not widths:
            x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
            return keras.layers.BatchNormalization()(x)
        down = separable_conv2d_batchnorm(x, widths[0], 2)
        return decoder_block(level(down, widths[1:]), x, widths[0])

    answer = keras.layers.Conv2D(classes, 1, activation="softmax")(level(picture, list(block_filters)))
    return keras.Model(picture, answer)

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    pairs = np.ravel(truth).astype(int) * classes + np.ravel(predicted).astype(int)
    confusion = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    hits = confusion.diagonal()
    union = confusion.sum(0) + confusion.sum(1) - hits
    keep = union > 0
    keep[0] = False
    return float((hits[keep] / union[keep]).mean())
