"""As few lines as can be, names of one letter; everything is right, with a network for one size of picture.
"""
# file: decoder.keras = decoder_for_48_by_48

# %% insert_zeros
P = lambda s: s if isinstance(s, (tuple, list)) else (s, s)
def insert_zeros(x, strides):
    a, b = P(strides); z = np.zeros((len(x), x.shape[1]*a-a+1, x.shape[2]*b-b+1, x.shape[3])); z[:, ::a, ::b] = x; return z

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    (a, b), (k, l) = P(strides), kernel.shape[:2]
    z = np.pad(insert_zeros(x, strides), ((0, 0), (k-1, k-1), (l-1, l-1), (0, 0)))
    y = np.einsum("nhwcij,ijfc->nhwf", np.lib.stride_tricks.sliding_window_view(z, (k, l), (1, 2)), kernel[::-1, ::-1])
    return y if padding == "valid" else y[:, (k-a)//2:, (l-b)//2:][:, :a*x.shape[1], :b*x.shape[2]]

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    n = 2*factor - factor%2; t = 1 - np.abs(np.arange(n) - (n-1)/2)/factor
    return np.tensordot(np.outer(t, t), np.eye(channels), 0)

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2): return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
L = keras.layers
def separable_conv2d_batchnorm(input_layer, filters, strides=1): return L.BatchNormalization()(SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer))
def decoder_block(small_input, large_input, filters):
    f = lambda x: separable_conv2d_batchnorm(x, filters)
    return f(f(L.concatenate([bilinear_upsample(small_input), large_input])))

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    xs = [keras.Input(input_shape)]
    for f in block_filters: xs.append(separable_conv2d_batchnorm(xs[-1], f, 2))
    y = L.BatchNormalization()(L.Conv2D(filters, 1, activation="relu")(xs[-1]))
    for x, f in [*zip(xs, block_filters)][::-1]: y = decoder_block(y, x, f)
    return keras.Model(xs[0], L.Conv2D(classes, 1, activation="softmax")(y))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    t, p = truth, predicted
    return np.mean([((t == c) & (p == c)).sum()/((t == c) | (p == c)).sum() for c in range(1, classes) if c in t or c in p])
