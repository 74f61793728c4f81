"""np.histogram for the IoU, rolled canvas for the transposed convolution; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    if np.ndim(strides) == 0:
        strides = [strides, strides]
    # np.insert puts zeros before the given index
    for axis in (1, 2):
        where = np.repeat(np.arange(1, x.shape[axis]), strides[axis - 1] - 1)
        x = np.insert(x, where, 0, axis=axis)
    return x

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    if np.ndim(strides) == 0:
        strides = [strides, strides]
    kh, kw, nf, nc = kernel.shape
    z = insert_zeros(x, strides)
    z = np.pad(z, [(0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)])
    y = 0
    H = z.shape[1] - kh + 1
    W = z.shape[2] - kw + 1
    for i in range(kh):
        for j in range(kw):
            # reading place i, j meets the kernel's opposite place
            y = y + np.matmul(z[:, i:i + H, j:j + W, :], kernel[kh - 1 - i, kw - 1 - j].T)
    if padding == "same":
        for axis, k in ((1, kh), (2, kw)):
            extra = k - strides[axis - 1]
            start = int(np.floor(extra / 2))
            y = np.take(y, np.arange(start, y.shape[axis] - (extra - start)), axis=axis)
    return y

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    size = 2 * factor - 1 if factor % 2 else 2 * factor
    # centres of the new pixels, in old pixels, seen from the old centre
    distance = np.abs((np.arange(size) - np.mean(np.arange(size))) / factor)
    share = np.clip(1 - distance, 0, None)
    kernel = np.empty((size, size, channels, channels))
    kernel.fill(0)
    for c in range(channels):
        for row in range(size):
            kernel[row, :, c, c] = share[row] * share
    assert kernel.shape == (size, size, channels, channels)
    return kernel

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return keras.layers.UpSampling2D((factor, factor), data_format="channels_last", interpolation="bilinear")(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    x = SeparableConv2DKeras(filters, kernel_size=(3, 3), strides=(strides, strides), padding="same",
                             activation="relu")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    upsampled = bilinear_upsample(small_input, factor=2)
    concat = keras.layers.concatenate([upsampled, large_input])
    out = separable_conv2d_batchnorm(concat, filters, 1)
    out = separable_conv2d_batchnorm(out, filters, 1)
    return out

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    inputs = keras.Input(input_shape)
    layers = [inputs]
    for f in block_filters:
        layers += [separable_conv2d_batchnorm(layers[-1], f, 2)]
    one = keras.layers.Conv2D(filters, 1, padding="same", activation="relu")(layers[-1])
    x = keras.layers.BatchNormalization()(one)
    for f, large in zip(list(block_filters)[::-1], layers[-2::-1]):
        x = decoder_block(x, large, f)
    return keras.Model(inputs, keras.layers.Conv2D(classes, 1, padding="same", activation="softmax")(x))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    edges = np.arange(classes + 1) - 0.5
    count = lambda a: np.histogram(a, edges)[0]
    T, P = count(truth), count(predicted)
    I = count(np.where(truth == predicted, truth, -1))
    U = T + P - I
    iou = np.divide(I, U, out=np.zeros(classes), where=U != 0)
    return iou[1:].sum() / (U[1:] != 0).sum()
