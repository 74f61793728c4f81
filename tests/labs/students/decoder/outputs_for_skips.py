"""The decoder gets what comes out of the encoder's blocks; the last block goes without. Untrained network.

test_fcn_model: 3 of 4, the large maps are those that came out of the block before, so the picture itself is never looked at
test_trained: 0 of 3, never trained
"""
# rest: everything_helper
# file: decoder.keras = decoder_untrained

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inputs = keras.Input(input_shape)
    x = inputs
    outs = []
    for n in block_filters:
        x = separable_conv2d_batchnorm(x, n, strides=2)
        outs.append(x)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    outs = outs[:-1][::-1]
    for n, skip in zip(block_filters[::-1], outs):
        x = decoder_block(x, skip, n)
    # last one: nothing left to concatenate
    x = bilinear_upsample(x)
    x = separable_conv2d_batchnorm(x, block_filters[0])
    x = separable_conv2d_batchnorm(x, block_filters[0])
    return keras.Model(inputs, keras.layers.Conv2D(classes, 1, activation="softmax")(x))
