"""Averages over the classes of the truth alone; enlarges always by two.

test_bilinear_upsample: 0 of 1, the factor is ignored
test_mean_iou: 1 of 2, a class that is only predicted does not count
"""
# rest: separable_passes
# file: decoder.keras = right


# %% bilinear_upsample
from keras import layers as nn

def bilinear_upsample(input_layer, factor=2):
    return nn.UpSampling2D(2, interpolation="bilinear")(input_layer)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    y = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(y)

def decoder_block(small_input, large_input, filters):
    y = bilinear_upsample(small_input)
    y = keras.layers.Concatenate()([y, large_input])
    y = separable_conv2d_batchnorm(y, filters)
    y = separable_conv2d_batchnorm(y, filters)
    return y


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    present = [c for c in np.unique(truth) if c != 0]
    res = []
    for c in present:
        a = truth == c
        b = predicted == c
        res.append(np.sum(a & b) / np.sum(a | b))
    return np.mean(res)
