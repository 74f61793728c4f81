"""Hard-codes the factor 2, and loses the second batch normalization.

test_bilinear_upsample: 0 of 1, the factor is ignored
test_decoder_block: 2 of 3, the second separable layer has no batch normalization
"""
# rest: from_pytorch

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    x = BilinearUpSampling2D((2, 2))(input_layer)
    return x

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input, 2)
    x = keras.layers.concatenate([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = SeparableConv2DKeras(filters, 3, 1, "same", "relu")(x)
    return x
