"""The copied helper ignores its strides, and relu is forgotten in it.

test_decoder_block: 2 of 3, no activation
test_fcn_model: 0 of 4, the copied layer ignores its strides, so no network can be put together
"""
# rest: histograms

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters, kernel_size=3, strides=1, padding="same")(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer


def decoder_block(small_input, large_input, filters):
    upsampled = bilinear_upsample(small_input)
    layer = keras.layers.concatenate([upsampled, large_input])
    layer = separable_conv2d_batchnorm(layer, filters)
    layer = separable_conv2d_batchnorm(layer, filters)
    return layer
