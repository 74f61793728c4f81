"""Kronecker products, and a sum over the kernel's places; everything is right."""


# %% insert_zeros
def insert_zeros(x, strides):
    s = np.broadcast_to(strides, 2)
    one = np.zeros((1, s[0], s[1], 1))
    one[0, 0, 0, 0] = 1
    big = np.kron(x, one)
    return big[:, : big.shape[1] - s[0] + 1, : big.shape[2] - s[1] + 1]


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s = np.broadcast_to(strides, 2)
    k = np.array(kernel.shape[:2])
    apart = insert_zeros(x, strides)
    padded = np.pad(apart, ((0, 0), (k[0] - 1, k[0] - 1), (k[1] - 1, k[1] - 1), (0, 0)))
    h, w = np.array(apart.shape[1:3]) + k - 1
    flipped = np.flip(kernel, (0, 1))
    result = 0
    for i in range(k[0]):
        for j in range(k[1]):
            result = result + padded[:, i : i + h, j : j + w] @ flipped[i, j].T
    if padding == "same":
        before = (k - s) // 2
        size = np.array(x.shape[1:3]) * s
        result = result[:, before[0] : before[0] + size[0], before[1] : before[1] + size[1]]
    return result


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    half = np.arange(1 - factor % 2 and 0.5 or 1, factor + 0.5 * (factor % 2)) / factor
    up = half if factor % 2 == 0 else half[: factor]
    line = np.concatenate([up, up[::-1]]) if factor % 2 == 0 else np.concatenate([up, up[-2::-1]])
    return np.einsum("i,j,cd->ijcd", line, line, np.identity(channels))


# %% bilinear_upsample
bilinear_upsample = lambda input_layer, factor=2: BilinearUpSampling2D((factor, factor))(input_layer)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    conv = SeparableConv2DKeras(filters, (3, 3), (strides, strides), "same", "relu")
    return keras.layers.BatchNormalization()(conv(input_layer))


def decoder_block(small_input, large_input, filters):
    both = keras.ops.concatenate([bilinear_upsample(small_input), large_input], axis=-1)
    return separable_conv2d_batchnorm(separable_conv2d_batchnorm(both, filters), filters)


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    def build(x, blocks):
        """Recursive: the innermost thing is the 1x1 layer."""
        if not blocks:
            x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
            return keras.layers.BatchNormalization()(x)
        first, *others = blocks
        small = build(separable_conv2d_batchnorm(x, first, 2), others)
        return decoder_block(small, x, first)

    picture = keras.Input(input_shape)
    maps = build(picture, list(block_filters))
    answer = keras.layers.Conv2D(classes, 1, activation="softmax")(maps)
    return keras.Model(picture, answer)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    every = np.arange(1, classes).reshape(-1, 1)
    t = truth.ravel() == every
    p = predicted.ravel() == every
    union = np.logical_or(t, p).sum(axis=1)
    there = union > 0
    return (np.logical_and(t, p).sum(axis=1)[there] / union[there]).mean()
