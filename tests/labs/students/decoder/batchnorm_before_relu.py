"""Convolution, batch normalization, relu, as in the paper and other courses.

test_decoder_block: 2 of 3, the relu comes after the normalization
"""
# rest: windows_and_einsum


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", None)(input_layer)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return x


def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.Concatenate()([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x
