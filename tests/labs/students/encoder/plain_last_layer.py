"""Ends the encoder with a bare Conv2D(filters, 1) instead of conv2d_batchnorm; strides on the pointwise part of the separable layer.

test_separable_conv2d_batchnorm: 2 of 3, moves the 1×1 part by the strides, so with strides of 2 other places are taken
test_encoder: 2 of 4, the last layer has no relu and no normalization
"""
# rest: german_comments

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    depthwise = keras.layers.DepthwiseConv2D(3, padding='same', use_bias=False)(input_layer)
    pointwise = keras.layers.Conv2D(filters, 1, strides=strides, activation='relu')(depthwise)
    return keras.layers.BatchNormalization()(pointwise)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    c = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
    return keras.layers.BatchNormalization()(c)

# %% encoder
def encoder(input_shape, block_filters, filters):
    inp = keras.layers.Input(shape=input_shape)
    out = inp
    for n in block_filters:
        out = encoder_block(out, n, 2)
    out = keras.layers.Conv2D(filters, 1)(out)
    return keras.models.Model(inp, out)
