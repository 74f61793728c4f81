"""Ran cells out of order: a NameError in one, a Model instead of maps in another, a list of IoUs at the end.

test_conv2d_transpose: 0 of 3, a NameError
test_decoder_block: 0 of 3, returns a Model instead of maps, which no network can be made of
test_fcn_model: 0 of 4, not done
test_mean_iou: 1 of 2, the list of the IoUs instead of their mean
test_trained: 0 of 3, no file
"""
# file: decoder.keras = none

# %% insert_zeros
def insert_zeros(x, strides):
    if isinstance(strides, int): strides = [strides]*2
    out = np.zeros([x.shape[0], strides[0]*(x.shape[1]-1)+1, strides[1]*(x.shape[2]-1)+1, x.shape[3]])
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            out[:, i*strides[0], j*strides[1]] = x[:, i, j]
    return out

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    x = insert_zeros(x, strides)
    x = pad_with_zeros(x, kernel.shape[0] - 1, kernel.shape[1] - 1)
    return convolve(x, kernel[::-1, ::-1])

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2*factor - factor % 2
    w = 1 - np.abs(np.arange(size) - (size-1)/2)/factor
    k = np.zeros((size, size, channels, channels))
    for c in range(channels): k[:, :, c, c] = w[:, None]*w[None, :]
    return k

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(x)


def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.concatenate([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return keras.Model([small_input, large_input], x)

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    ious = []
    for c in range(1, classes):
        union = ((truth == c) | (predicted == c)).sum()
        if union > 0:
            ious.append(((truth == c) & (predicted == c)).sum() / union)
    return ious
