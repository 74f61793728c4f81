"""Writes everything as matrices: spreading, the convolution itself; everything is right.
"""

# %% insert_zeros
def spread(n, s):
    """matrix that moves n places apart"""
    m = np.zeros(((n - 1) * s + 1, n))
    m[np.arange(n) * s, np.arange(n)] = 1
    return m

def insert_zeros(x, strides):
    a, b = (strides, strides) if isinstance(strides, int) else strides
    return np.einsum("Hh,nhwc,Ww->nHWc", spread(x.shape[1], a), x, spread(x.shape[2], b))

# %% conv2d_transpose
def toeplitz(n, s, k):
    # t[i, p, q] = 1 where kernel place i of pixel p lands on q
    t = np.zeros((k, n, (n - 1) * s + k))
    for i in range(k):
        for p in range(n):
            t[i, p, p * s + i] = 1
    return t

def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    a, b = (strides, strides) if isinstance(strides, int) else strides
    kh, kw = kernel.shape[:2]
    rows = toeplitz(x.shape[1], a, kh)
    cols = toeplitz(x.shape[2], b, kw)
    if padding == "same":
        top = (kh - a) // 2
        left = (kw - b) // 2
        rows = rows[:, :, top:top + a * x.shape[1]]
        cols = cols[:, :, left:left + b * x.shape[2]]
    return np.einsum("nhwc,ijfc,ihH,jwW->nHWf", x, kernel, rows, cols, optimize=True)

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    d = abs(np.arange(size) * 2 - (size - 1)) / (2 * factor)
    line = (1 - d)[:, None]
    return (line @ line.T)[:, :, None, None] * np.eye(channels)

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", keras.activations.relu)(input_layer)
    return keras.layers.BatchNormalization()(x)

def decoder_block(small_input, large_input, filters):
    big = bilinear_upsample(small_input)
    return separable_conv2d_batchnorm(
        separable_conv2d_batchnorm(keras.layers.concatenate([big, large_input]), filters), filters
    )

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    i = keras.Input(input_shape)
    e = i
    larges = []
    for b in block_filters:
        larges = [e] + larges
        e = separable_conv2d_batchnorm(e, b, 2)
    d = keras.layers.Conv2D(filters, 1)(e)
    d = keras.activations.relu(d)
    d = keras.layers.BatchNormalization()(d)
    for large, b in zip(larges, block_filters[::-1]):
        d = decoder_block(d, large, b)
    d = keras.layers.Conv2D(classes, 1)(d)
    return keras.Model(i, keras.activations.softmax(d))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    t = (np.reshape(truth, (-1, 1)) == np.arange(classes)).astype(int)
    p = (np.reshape(predicted, (-1, 1)) == np.arange(classes)).astype(int)
    c = t.T @ p
    inter = np.diag(c)
    union = c.sum(0) + c.sum(1) - inter
    used = [k for k in range(1, classes) if union[k]]
    return sum(inter[k] / union[k] for k in used) / len(used)
