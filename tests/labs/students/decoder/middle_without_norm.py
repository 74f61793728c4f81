"""No batch normalization after the 1×1 layer, and a network with too many filters for the file.

test_fcn_model: 3 of 4, the batch normalization after the 1×1 layer is missing
test_trained: 0 of 3, the file is larger than 200,000 bytes
"""
# rest: scipy_convolves
# file: decoder.keras = decoder_with_the_optimizer

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    input_layer = keras.layers.Input(input_shape)
    encoded = [input_layer]
    for block in block_filters:
        encoded.append(separable_conv2d_batchnorm(encoded[-1], block, 2))
    # 1x1 convolution
    x = keras.layers.Conv2D(filters, 1, padding='same', activation='relu')(encoded[-1])
    for i, block in reversed(list(enumerate(block_filters))):
        x = decoder_block(x, encoded[i], block)
    output_layer = keras.layers.Conv2D(classes, 1, activation='softmax', padding='same')(x)
    return keras.Model(input_layer, output_layer)
