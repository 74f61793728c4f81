"""Bundles the two layers in a keras.Sequential, applied to the tensor; everything is right."""
# rest: windows_and_einsum


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    block = keras.Sequential([
        SeparableConv2DKeras(filters, 3, strides, "same", "relu"),
        keras.layers.BatchNormalization(),
    ])
    return block(input_layer)


def decoder_block(small_input, large_input, filters):
    x = keras.layers.Concatenate()([bilinear_upsample(small_input), large_input])
    for _ in range(2):
        x = separable_conv2d_batchnorm(x, filters)
    return x
