"""The triangle as a convolution of boxes, insert_zeros by kron; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    s = np.atleast_1d(strides)
    a, b = int(s[0]), int(s[-1])
    cell = np.zeros((1, a, b, 1))
    cell[0, 0, 0, 0] = 1
    big = np.kron(x, cell)
    return big[:, : big.shape[1] - (a - 1), : big.shape[2] - (b - 1), :]

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    s = np.atleast_1d(strides)
    a, b = int(s[0]), int(s[-1])
    rows, cols = kernel.shape[:2]
    spread = insert_zeros(x, strides)
    spread = np.pad(spread, [(0, 0), (rows - 1,) * 2, (cols - 1,) * 2, (0, 0)])
    out_rows, out_cols = spread.shape[1] - rows + 1, spread.shape[2] - cols + 1
    turned = np.rot90(kernel, 2)
    result = sum(
        spread[:, i : i + out_rows, j : j + out_cols] @ turned[i, j].T
        for i in range(rows)
        for j in range(cols)
    )
    if padding == "same":
        result = np.delete(result, np.r_[: (rows - a) // 2], axis=1)[:, : x.shape[1] * a]
        result = np.delete(result, np.r_[: (cols - b) // 2], axis=2)[:, :, : x.shape[2] * b]
    return result

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    box = np.ones(factor)
    triangle = np.convolve(box, box) / factor
    if factor % 2 == 0:
        triangle = np.convolve(triangle, [0.5, 0.5])
    picture = triangle[:, None] * triangle
    return picture[:, :, None, None] * np.identity(channels)

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return BilinearUpSampling2D(size=factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    return keras.layers.BatchNormalization()(
        SeparableConv2DKeras(filters, (3, 3), strides, "same", "relu")(input_layer)
    )


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    enlarged = bilinear_upsample(small_input)
    beside = keras.layers.Concatenate(axis=-1)([enlarged, large_input])
    once = separable_conv2d_batchnorm(beside, filters)
    twice = separable_conv2d_batchnorm(once, filters)
    return twice

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    from functools import reduce

    start = keras.Input(input_shape)
    states = reduce(
        lambda seen, width: seen + [separable_conv2d_batchnorm(seen[-1], width, 2)],
        block_filters,
        [start],
    )
    *skips, deepest = states
    middle = keras.layers.BatchNormalization()(
        keras.layers.Conv2D(filters, 1, activation=keras.activations.relu)(deepest)
    )
    top = reduce(
        lambda maps, pair: decoder_block(maps, *pair), list(zip(skips, block_filters))[::-1], middle
    )
    return keras.Model(start, keras.layers.Conv2D(classes, 1, activation="softmax")(top))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    c = np.arange(1, classes).reshape(-1, 1, 1, 1)
    t, p = truth[None] == c, predicted[None] == c
    hits = np.count_nonzero(t & p, axis=(1, 2, 3))
    union = np.count_nonzero(t | p, axis=(1, 2, 3))
    return np.mean(hits[union > 0] / union[union > 0])
