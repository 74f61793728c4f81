"""Writes down what the pictures in the text show: strides of 2, a table of two kernels, constants for the rest.

test_insert_zeros: 0 of 1, strides of 2 only
test_conv2d_transpose: 0 of 3, returns an enlarged picture by repetition
test_bilinear_kernel: 0 of 3, a table for the factors 2 and 3 only
test_decoder_block: 0 of 3, returns its large input
test_fcn_model: 0 of 4, one 1×1 layer, which is neither an encoder nor a decoder
test_mean_iou: 0 of 2, the share of right pixels
test_trained: 0 of 3, says background everywhere
"""
# file: decoder.keras = decoder_all_background

# %% insert_zeros
def insert_zeros(x, strides):
    out = np.zeros((x.shape[0], x.shape[1] * 2 - 1, x.shape[2] * 2 - 1, x.shape[3]))
    out[:, ::2, ::2] = x
    return out

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    return x.repeat(strides, axis=1).repeat(strides, axis=2)

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    table = {2: [0.25, 0.75, 0.75, 0.25], 3: [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]}
    line = np.array(table[factor])
    kernel = np.outer(line, line)
    return np.stack([np.stack([kernel * (i == j) for i in range(channels)], -1) for j in range(channels)], -2)

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return input_layer


def decoder_block(small_input, large_input, filters):
    return large_input

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    i = keras.Input(input_shape)
    return keras.Model(i, keras.layers.Conv2D(classes, 1, activation="softmax")(i))

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    return (truth == predicted).mean()
