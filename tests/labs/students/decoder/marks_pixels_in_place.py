"""Marks the background in the caller's arrays; takes strides as one number only; normalizes in training mode.

test_insert_zeros: 0 of 1, a pair of strides is an error
test_decoder_block: 2 of 3, batch normalization is called with training=True
test_mean_iou: 1 of 2, the caller's truth and prediction are changed
"""
# rest: histograms

# %% insert_zeros
def insert_zeros(x, strides):
    b, h, w, c = x.shape
    res = np.zeros((b, (h - 1) * strides + 1, (w - 1) * strides + 1, c))
    res[:, ::strides, ::strides, :] = x
    return res

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(x, training=True)

def decoder_block(small_input, large_input, filters):
    up = bilinear_upsample(small_input)
    x = keras.layers.Concatenate()([up, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    truth[truth == 0] = -1      # background must not count
    predicted[predicted == 0] = -2
    iou = []
    for c in range(1, classes):
        u = np.sum((truth == c) | (predicted == c))
        if u:
            iou.append(np.sum((truth == c) & (predicted == c)) / u)
    return np.mean(iou)
