"""Adds the large maps after a 1x1 convolution, as in ResNet, instead of concatenating them.

test_decoder_block: 2 of 3, the large maps are added instead of concatenated
"""
# rest: boxes_make_triangles

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    conv = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(conv)


def decoder_block(small_input, large_input, filters):
    up = bilinear_upsample(small_input)
    if up.shape[-1] != large_input.shape[-1]:
        large_input = keras.layers.Conv2D(up.shape[-1], 1)(large_input)
    x = keras.layers.Add()([up, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x
