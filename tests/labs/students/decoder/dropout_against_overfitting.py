"""Adds dropout to the decoder's block because it always helps, and trains a network with a Lambda.

test_decoder_block: 2 of 3, dropout that nobody asked for
test_trained: 0 of 3, a Lambda scales the picture
"""
# rest: four_loops
# file: decoder.keras = decoder_with_lambda

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    return keras.layers.BatchNormalization()(output_layer)

def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.concatenate([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = keras.layers.Dropout(0.2)(x)  # against overfitting
    x = separable_conv2d_batchnorm(x, filters)
    return x
