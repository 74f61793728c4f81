"""Lays the large maps first, then the enlarged ones; forgets the batch normalization after the 1x1 layer.

test_decoder_block: 2 of 3, the order of the maps is swapped
test_fcn_model: 3 of 4, no batch normalization after the 1x1 layer
"""
# rest: torch_person


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return nn.BatchNormalization()(
        SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer))


def decoder_block(small_input, large_input, filters):
    up = bilinear_upsample(small_input)
    cat = nn.Concatenate()([large_input, up])
    return separable_conv2d_batchnorm(separable_conv2d_batchnorm(cat, filters), filters)


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inp = keras.Input(shape=input_shape)
    feats = [inp]
    for ch in block_filters:
        feats.append(separable_conv2d_batchnorm(feats[-1], ch, 2))
    out = nn.Conv2D(filters, 1, activation="relu")(feats.pop())
    for ch in block_filters[::-1]:
        out = decoder_block(out, feats.pop(), ch)
    return keras.Model(inp, nn.Conv2D(classes, 1, activation="softmax")(out))
