"""scipy.signal does the convolution, pandas-like sets do the IoU; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    s1, s2 = strides if hasattr(strides, "__len__") else [strides] * 2
    rows = [i // s1 if i % s1 == 0 else -1 for i in range((x.shape[1] - 1) * s1 + 1)]
    cols = [j // s2 if j % s2 == 0 else -1 for j in range((x.shape[2] - 1) * s2 + 1)]
    padded = np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)))  # the last row/column is zero: index -1
    return padded[:, rows][:, :, cols]

# %% conv2d_transpose
from scipy.signal import convolve2d


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s1, s2 = strides if hasattr(strides, "__len__") else [strides] * 2
    z = insert_zeros(x, (s1, s2))
    # full convolution = ring of zeros + turned kernel
    out = np.stack([
        np.stack([
            sum(convolve2d(z[b, :, :, c], kernel[:, :, f, c], mode="full") for c in range(z.shape[3]))
            for f in range(kernel.shape[2])
        ], axis=-1)
        for b in range(z.shape[0])
    ])
    if padding == "same":
        e1, e2 = kernel.shape[0] - s1, kernel.shape[1] - s2
        out = out[:, e1 // 2:, e2 // 2:]
        out = out[:, :x.shape[1] * s1, :x.shape[2] * s2]
    return out

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    n = 2 * factor - (factor % 2)
    k = np.zeros((n, n, channels, channels))
    t = np.interp((np.arange(n) + 0.5 - n / 2) / factor, [-1, 0, 1], [0, 1, 0])
    for c in range(channels):
        k[:, :, c, c] = np.outer(t, t)
    return k

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    out = BilinearUpSampling2D(factor)(input_layer)
    print(input_layer.shape, "->", out.shape)
    return out

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    kw = dict(kernel_size=3, padding="same", activation="relu")
    return keras.layers.BatchNormalization()(SeparableConv2DKeras(filters, strides=strides, **kw)(input_layer))


def decoder_block(small_input, large_input, filters):
    x = keras.layers.concatenate([bilinear_upsample(small_input), large_input], axis=-1)
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    x0 = keras.layers.Input(shape=input_shape, name="picture")
    stack = []
    x = x0
    for n, f in enumerate(block_filters):
        stack.append((f, x))
        x = separable_conv2d_batchnorm(x, f, 2)
    x = keras.layers.Conv2D(filters, 1, name="one_by_one")(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.BatchNormalization()(x)
    while stack:
        f, large = stack.pop()
        x = decoder_block(x, large, f)
    y = keras.layers.Conv2D(classes, 1, activation="softmax", name="answer")(x)
    return keras.Model(x0, y, name="fcn")

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    t = np.asarray(truth).ravel()
    p = np.asarray(predicted).ravel()
    scores = []
    for c in range(1, classes):
        T = set(np.flatnonzero(t == c))
        P = set(np.flatnonzero(p == c))
        if T | P:
            scores.append(len(T & P) / len(T | P))
    return float(np.mean(scores))
