"""Concatenates the large maps first and counts classes of the truth only.

test_decoder_block: 2 of 3, the large maps come before the enlarged ones
test_mean_iou: 1 of 2, a class that is only predicted does not count
"""
# rest: matrix_products

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    y = SeparableConv2DKeras(filters, 3, strides, 'same', 'relu')(input_layer)
    y = keras.layers.BatchNormalization()(y)
    return y

def decoder_block(small_input, large_input, filters):
    y = bilinear_upsample(small_input)
    y = keras.layers.Concatenate()([large_input, y])
    y = separable_conv2d_batchnorm(y, filters)
    y = separable_conv2d_batchnorm(y, filters)
    return y

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    values = []
    for label in np.unique(truth):
        if label == 0:
            continue
        t = (truth == label)
        p = (predicted == label)
        values.append((t & p).sum() / (t | p).sum())
    return float(np.mean(values))
