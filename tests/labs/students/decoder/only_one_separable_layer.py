"""Overlooks the word twice.

test_decoder_block: 2 of 3, one separable layer instead of two
"""
# rest: kron_and_offsets


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    out = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(out)


def decoder_block(small_input, large_input, filters):
    big = BilinearUpSampling2D(2)(small_input)
    joined = keras.layers.concatenate([big, large_input])
    return separable_conv2d_batchnorm(joined, filters)
