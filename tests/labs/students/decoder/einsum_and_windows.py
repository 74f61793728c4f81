"""Windows and einsum, short and sure; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    sh, sw = (strides, strides) if np.isscalar(strides) else strides
    n, h, w, c = x.shape
    out = np.zeros((n, (h - 1) * sh + 1, (w - 1) * sw + 1, c), x.dtype)
    out[:, ::sh, ::sw] = x
    return out

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    sh, sw = (strides, strides) if np.isscalar(strides) else strides
    kh, kw = kernel.shape[:2]
    ring = ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0))
    wide = np.pad(insert_zeros(x, (sh, sw)), ring)
    win = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
    out = np.einsum("nhwcij,ijfc->nhwf", win, kernel[::-1, ::-1])
    if padding == "same":
        top, left = (kh - sh) // 2, (kw - sw) // 2
        out = out[:, top : top + x.shape[1] * sh, left : left + x.shape[2] * sw]
    return out

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    size = 2 * factor - factor % 2
    line = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    return np.einsum("i,j,fc->ijfc", line, line, np.eye(channels))

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    out = SeparableConv2DKeras(
        filters=filters, kernel_size=3, strides=strides, padding="same", activation="relu"
    )(input_layer)
    return keras.layers.BatchNormalization()(out)


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    both = keras.layers.Concatenate()([bilinear_upsample(small_input), large_input])
    return separable_conv2d_batchnorm(separable_conv2d_batchnorm(both, filters), filters)

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    inputs = x = keras.Input(input_shape)
    skips = []
    for width in block_filters:
        skips.append(x)
        x = separable_conv2d_batchnorm(x, width, strides=2)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for width, skip in zip(reversed(block_filters), reversed(skips)):
        x = decoder_block(x, skip, width)
    return keras.Model(inputs, keras.layers.Conv2D(classes, 1, activation="softmax")(x))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    ratios = []
    for c in range(1, classes):
        union = ((truth == c) | (predicted == c)).sum()
        if union:
            ratios.append(((truth == c) & (predicted == c)).sum() / union)
    return np.mean(ratios)

# %% written_answer
1. Mine takes zeros to lie beyond the rim, so it becomes dark there. Keras repeats the rim. Pad x by one pixel with mode "edge", enlarge, and cut off `factor` pixels on each side.
2. W (a + b) = [W W] (a, b): the same weights for both halves. Twice as many.
3. 0: no hits for any digit. With the background: 0.9 / 11, about 0.08.
4. Multiples of 8. 50 -> 25 -> 13 -> 7, and 7 * 2 = 14 does not fit beside 13... Pad it with zeros to 56 and cut the answer.
