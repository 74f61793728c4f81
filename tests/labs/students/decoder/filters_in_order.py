"""The decoder takes block_filters in the encoder's order, and a network that gives logits is handed in.

test_fcn_model: 3 of 4, the decoder's numbers of filters are not reversed
test_trained: 2 of 3, the network gives logits and not probabilities, which costs a point
"""
# rest: keras_ops_parts
# file: decoder.keras = decoder_logits

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inputs = keras.Input(shape=input_shape)
    large = []
    x = inputs
    for f in block_filters:
        large.append(x)
        x = separable_conv2d_batchnorm(x, f, 2)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for f in block_filters:
        x = decoder_block(x, large.pop(), f)
    outputs = keras.layers.Conv2D(classes, 1, activation="softmax")(x)
    return keras.Model(inputs, outputs)
