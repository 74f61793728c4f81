"""np.ix_, slices objects, einsum in integer form, as_strided; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    step = np.broadcast_to(np.asarray(strides), (2,))
    size = (np.array(x.shape[1:3]) - 1) * step + 1
    y = np.zeros((x.shape[0], *size, x.shape[3]), dtype=float)
    y[np.ix_(range(len(x)), range(0, size[0], step[0]), range(0, size[1], step[1]), range(x.shape[3]))] = x
    return y

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    step = np.broadcast_to(np.asarray(strides), (2,))
    k = np.array(kernel.shape[:2])
    y = insert_zeros(x, strides)
    y = np.pad(y, [(0, 0)] + [(n - 1, n - 1) for n in k] + [(0, 0)])
    h, w = np.array(y.shape[1:3]) - k + 1
    s = y.strides
    views = np.lib.stride_tricks.as_strided(
        y, (y.shape[0], h, w, k[0], k[1], y.shape[3]), (s[0], s[1], s[2], s[1], s[2], s[3]), writeable=False
    )
    y = np.einsum(views, [0, 1, 2, 3, 4, 5], np.rot90(kernel, 2, axes=(0, 1)), [3, 4, 6, 5], [0, 1, 2, 6])
    if padding.lower() == "same":
        lost = k - step
        front = lost // 2
        back = np.array(y.shape[1:3]) - (lost - front)
        y = y[:, slice(front[0], back[0]), slice(front[1], back[1])]
    return y

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    up = np.arange(1 + factor % 2, 2 * factor, 2) / (2 * factor)
    line = np.r_[up, [1.0] * (factor % 2), up[::-1]]
    return np.multiply.outer(np.multiply.outer(line, line), np.eye(channels))

# %% bilinear_upsample
bilinear_upsample = lambda input_layer, factor=2: BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return keras.layers.BatchNormalization()(
        keras.layers.Activation("relu")(
            SeparableConv2DKeras(filters, 3, strides=strides, padding="same")(input_layer)
        )
    )


def decoder_block(small_input, large_input, filters):
    x = keras.layers.Concatenate()((bilinear_upsample(small_input), large_input))
    for _ in "12":
        x = separable_conv2d_batchnorm(x, filters)
    return x

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    maps = {0: keras.Input(input_shape)}
    for n, f in enumerate(block_filters, start=1):
        maps[n] = separable_conv2d_batchnorm(maps[n - 1], f, 2)
    x = keras.layers.BatchNormalization()(keras.layers.Conv2D(filters, 1, 1, "same", activation="relu")(maps[n]))
    for n in range(n, 0, -1):
        x = decoder_block(x, maps[n - 1], block_filters[n - 1])
    return keras.Model(maps[0], keras.layers.Conv2D(classes, 1, activation="softmax")(x))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    digits = np.union1d(truth, predicted)
    digits = digits[digits > 0]
    return np.mean([
        ((truth == d) & (predicted == d)).sum() / ((truth == d) | (predicted == d)).sum() for d in digits
    ])
