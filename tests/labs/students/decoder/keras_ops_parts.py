"""keras.ops and a depthwise and a pointwise layer in place of the one handed out; everything is right.
"""
# rest: einsum_and_windows
# file: decoder.keras = right

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    # own shorthand, the factor is any whole number
    layer = keras.layers.UpSampling2D(size=factor, interpolation="bilinear")
    return layer(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    # depthwise, then 1x1
    x = keras.layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(input_layer)
    x = keras.layers.Conv2D(filters, 1)(x)
    x = keras.ops.relu(x)
    return keras.layers.BatchNormalization()(x)


def decoder_block(small_input, large_input, filters):
    x = keras.ops.concatenate((bilinear_upsample(small_input), large_input), axis=3)
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inputs = keras.Input(input_shape)
    skip = [inputs]
    for f in block_filters:
        skip.append(separable_conv2d_batchnorm(skip[-1], f, 2))
    x = keras.ops.relu(keras.layers.Conv2D(filters, 1)(skip[-1]))
    x = keras.layers.BatchNormalization()(x)
    for i in reversed(range(len(block_filters))):
        x = decoder_block(x, skip[i], block_filters[i])
    x = keras.layers.Conv2D(classes, 1)(x)
    x = keras.ops.softmax(x, axis=-1)
    return keras.Model(inputs, x)
