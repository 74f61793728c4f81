"""Returns the encoder's last tensor instead of a keras.Model, and the block forgets to pass its strides on.

test_encoder_block: 0 of 1, strides are not passed on
test_encoder: 0 of 4, no model: nothing of what the parts ask of it can be looked at
"""
# rest: loops_everywhere

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters)

# %% encoder
def encoder(input_shape, block_filters, filters):
    input_layer = keras.Input(input_shape)
    layer = input_layer
    for f in block_filters:
        layer = separable_conv2d_batchnorm(layer, f, 2)
    output = conv2d_batchnorm(layer, filters, 1)
    return output
