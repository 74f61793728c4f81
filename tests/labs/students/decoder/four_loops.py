"""Loops where NumPy has a function; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    if type(strides) is int:
        s1 = strides
        s2 = strides
    else:
        s1 = strides[0]
        s2 = strides[1]
    batch, height, width, channels = x.shape
    result = np.zeros((batch, (height - 1) * s1 + 1, (width - 1) * s2 + 1, channels))
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                for c in range(channels):
                    result[b, i * s1, j * s2, c] = x[b, i, j, c]
    return result

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    if type(strides) is int:
        s1 = strides
        s2 = strides
    else:
        s1 = strides[0]
        s2 = strides[1]
    kh, kw, filters, channels = kernel.shape
    z = insert_zeros(x, strides)
    # ring
    big = np.zeros((z.shape[0], z.shape[1] + 2 * (kh - 1), z.shape[2] + 2 * (kw - 1), channels))
    big[:, kh - 1:kh - 1 + z.shape[1], kw - 1:kw - 1 + z.shape[2], :] = z
    # turn
    turned = np.zeros(kernel.shape)
    for i in range(kh):
        for j in range(kw):
            turned[i, j] = kernel[kh - 1 - i, kw - 1 - j]
    H = big.shape[1] - kh + 1
    W = big.shape[2] - kw + 1
    result = np.zeros((x.shape[0], H, W, filters))
    for i in range(H):
        for j in range(W):
            patch = big[:, i:i + kh, j:j + kw, :]
            for f in range(filters):
                result[:, i, j, f] = np.sum(patch * turned[:, :, f, :], axis=(1, 2, 3))
    if padding == "same":
        cut1 = kh - s1
        cut2 = kw - s2
        a1 = cut1 // 2
        a2 = cut2 // 2
        b1 = cut1 - a1
        b2 = cut2 - a2
        result = result[:, a1:H - b1, a2:W - b2, :]
    return result

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    if factor % 2 == 0:
        size = 2 * factor
        middle = factor - 0.5
    else:
        size = 2 * factor - 1
        middle = factor - 1
    k = np.zeros((size, size, channels, channels))
    for i in range(size):
        for j in range(size):
            for c in range(channels):
                share_i = 1 - abs(i - middle) / factor
                share_j = 1 - abs(j - middle) / factor
                k[i, j, c, c] = share_i * share_j
    return k

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    layer = keras.layers.UpSampling2D(size=(factor, factor), interpolation="bilinear")
    return layer(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    layer = SeparableConv2DKeras(filters, 3, strides, "same", "relu")
    output = layer(input_layer)
    norm = keras.layers.BatchNormalization()
    output = norm(output)
    return output


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    x = bilinear_upsample(small_input, 2)
    x = keras.layers.concatenate([x, large_input])
    for i in range(2):
        x = separable_conv2d_batchnorm(x, filters)
    return x

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    inp = keras.Input(shape=input_shape)
    stages = [inp]
    for i in range(len(block_filters)):
        stages.append(separable_conv2d_batchnorm(stages[i], block_filters[i], 2))
    x = stages[len(block_filters)]
    x = keras.layers.Conv2D(filters, (1, 1), padding="same", activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for i in range(len(block_filters) - 1, -1, -1):
        x = decoder_block(x, stages[i], block_filters[i])
    x = keras.layers.Conv2D(classes, (1, 1), padding="same", activation="softmax")(x)
    return keras.Model(inp, x)

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    t = np.array(truth).flatten()
    p = np.array(predicted).flatten()
    hits = [0] * classes
    unions = [0] * classes
    for a, b in zip(t.tolist(), p.tolist()):
        if a == b:
            hits[a] += 1
            unions[a] += 1
        else:
            unions[a] += 1
            unions[b] += 1
    total = 0
    count = 0
    for c in range(1, classes):
        if unions[c] > 0:
            total += hits[c] / unions[c]
            count += 1
    return total / count
