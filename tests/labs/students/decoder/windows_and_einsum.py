"""Takes the text's hints: sliding windows and one einsum; everything is right."""


# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    sh, sw = (strides, strides) if np.isscalar(strides) else strides
    b, h, w, c = x.shape
    out = np.zeros((b, (h - 1) * sh + 1, (w - 1) * sw + 1, c), dtype=x.dtype)
    out[:, ::sh, ::sw, :] = x
    return out


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    sh, sw = (strides, strides) if np.isscalar(strides) else strides
    kh, kw = kernel.shape[:2]
    h, w = x.shape[1:3]
    padded = np.pad(insert_zeros(x, (sh, sw)), ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    out = np.einsum("bhwcij,ijfc->bhwf", windows, kernel[::-1, ::-1])
    if padding == "same":
        top, left = (kh - sh) // 2, (kw - sw) // 2
        out = out[:, top : top + h * sh, left : left + w * sw]
    return out


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    size = 2 * factor - factor % 2
    line = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    return np.outer(line, line)[:, :, None, None] * np.eye(channels)


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return BilinearUpSampling2D(factor)(input_layer)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(x)


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    x = bilinear_upsample(small_input)
    x = keras.layers.Concatenate()([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    return separable_conv2d_batchnorm(x, filters)


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    inputs = x = keras.Input(input_shape)
    skips = []
    for f in block_filters:
        skips.append(x)
        x = separable_conv2d_batchnorm(x, f, 2)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for f in reversed(block_filters):
        x = decoder_block(x, skips.pop(), f)
    outputs = keras.layers.Conv2D(classes, 1, activation="softmax")(x)
    return keras.Model(inputs, outputs)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    ious = []
    for c in range(1, classes):
        t, p = truth == c, predicted == c
        union = (t | p).sum()
        if union:
            ious.append((t & p).sum() / union)
    return np.mean(ious)
