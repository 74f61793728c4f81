"""Forgets that the encoder's last layer is 1×1 (the default of 3 stays); the block always takes strides of 2.

test_encoder_block: 0 of 1, strides of 2 whatever is asked
test_encoder: 2 of 4, the last layer has a 3×3 kernel, so layers and numbers are wrong
"""
# rest: einsum_and_pairs

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides=2)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder."""
    inputs = keras.Input(shape=input_shape)
    outputs = inputs
    for block in block_filters:
        outputs = encoder_block(outputs, block, 2)
    outputs = conv2d_batchnorm(outputs, filters)
    return keras.Model(inputs=inputs, outputs=outputs)
