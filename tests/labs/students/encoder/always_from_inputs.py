"""Feeds the input to every block of the encoder, so that only the last one counts.

test_encoder: 1 of 4, the blocks do not work on what the one before gives
"""
# rest: model_for_each_block

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(shape=input_shape)
    for f in block_filters:
        x = encoder_block(inputs, f, 2)
    outputs = conv2d_batchnorm(x, filters, 1, 1)
    return keras.Model(inputs, outputs)
