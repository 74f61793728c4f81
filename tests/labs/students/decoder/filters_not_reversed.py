"""The decoder's filters stand in the encoder's order; classes are written down as ten digits.

test_fcn_model: 3 of 4, the numbers of filters in the decoder are not reversed
test_mean_iou: 1 of 2, always the classes 1 to 10, whatever classes says
"""
# rest: careful_engineer


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inputs = keras.Input(input_shape)
    x = inputs
    saved = []
    for n in block_filters:
        saved.append(x)
        x = separable_conv2d_batchnorm(x, n, strides=2)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for n, large in zip(block_filters, reversed(saved)):
        x = decoder_block(x, large, n)
    x = keras.layers.Conv2D(classes, 1, activation="softmax")(x)
    return keras.Model(inputs, x)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    results = []
    for digit in range(1, 11):
        inter = np.logical_and(truth == digit, predicted == digit).sum()
        union = np.logical_or(truth == digit, predicted == digit).sum()
        if union > 0:
            results.append(inter / union)
    return np.mean(results)
