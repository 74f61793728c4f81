"""Normalizes before relu, as ResNet does; one slip in a helper that three parts use.

test_decoder_block: 2 of 3, batch normalization comes before relu
"""
# rest: everything_helper

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides=strides, padding="same")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return keras.layers.ReLU()(x)


def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.Concatenate()([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    return separable_conv2d_batchnorm(x, filters)
