"""Thinks in NCHW, moves the axes there and back; everything is right.
"""

# %% insert_zeros
def _pair(v):
    return v if isinstance(v, (tuple, list)) else (v, v)


def insert_zeros(x, strides):
    sh, sw = _pair(strides)
    x = x.transpose(0, 3, 1, 2)  # NCHW
    N, C, H, W = x.shape
    out = np.zeros((N, C, H, sh, W, sw), dtype=x.dtype)
    out[:, :, :, 0, :, 0] = x
    out = out.reshape(N, C, H * sh, W * sw)
    out = out[:, :, : (H - 1) * sh + 1, : (W - 1) * sw + 1]
    return out.transpose(0, 2, 3, 1)

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    sh, sw = _pair(strides)
    KH, KW, F, C = kernel.shape
    z = insert_zeros(x, (sh, sw)).transpose(0, 3, 1, 2)
    z = np.pad(z, ((0, 0), (0, 0), (KH - 1, KH - 1), (KW - 1, KW - 1)))
    w = np.flip(kernel, (0, 1)).transpose(2, 3, 0, 1)  # OIHW
    N, _, H, W = z.shape
    oh, ow = H - KH + 1, W - KW + 1
    # im2col
    cols = np.empty((N, C, KH, KW, oh, ow))
    for a in range(KH):
        for b in range(KW):
            cols[:, :, a, b] = z[:, :, a : a + oh, b : b + ow]
    y = w.reshape(F, -1) @ cols.reshape(N, C * KH * KW, oh * ow)
    y = y.reshape(N, F, oh, ow)
    if padding == "same":
        ph, pw = KH - sh, KW - sw
        y = y[:, :, ph // 2 : oh - (ph + 1) // 2, pw // 2 : ow - (pw + 1) // 2]
    return y.transpose(0, 2, 3, 1)

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    # the well-known FCN initialisation
    kernel_size = 2 * factor - factor % 2
    f = (kernel_size + 1) // 2
    if kernel_size % 2 == 1:
        center = f - 1
    else:
        center = f - 0.5
    og = np.ogrid[:kernel_size, :kernel_size]
    filt = (1 - abs(og[0] - center) / f) * (1 - abs(og[1] - center) / f)
    weight = np.zeros((channels, channels, kernel_size, kernel_size))
    weight[range(channels), range(channels), :, :] = filt
    return weight.transpose(2, 3, 0, 1)

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    up = BilinearUpSampling2D((factor, factor))
    return up(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return keras.Sequential([
        SeparableConv2DKeras(filters, 3, strides, "same", "relu"),
        keras.layers.BatchNormalization(),
    ])(input_layer)


def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.Concatenate(axis=3)([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inp = keras.Input(shape=input_shape)
    feats = [inp]
    for f in block_filters:
        feats.append(separable_conv2d_batchnorm(feats[-1], f, strides=2))
    x = feats.pop()
    x = keras.layers.Conv2D(filters, kernel_size=1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for f in block_filters[::-1]:
        x = decoder_block(x, feats.pop(), f)
    logits = keras.layers.Conv2D(classes, kernel_size=1)(x)
    return keras.Model(inputs=inp, outputs=keras.layers.Softmax()(logits))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    t = np.eye(classes)[truth].reshape(-1, classes)
    p = np.eye(classes)[predicted].reshape(-1, classes)
    inter = np.minimum(t, p).sum(0)[1:]
    union = np.maximum(t, p).sum(0)[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nanmean(inter / union)
