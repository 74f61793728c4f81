"""No softmax in the model (PyTorch habit), IoU in percent.

test_fcn_model: 3 of 4, the answer has no softmax
test_mean_iou: 0 of 2, in percent and rounded, two slips
"""
# rest: from_pytorch

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inp = keras.Input(shape=input_shape)
    x = inp
    skips = []
    for f in block_filters:
        skips.append(x)
        x = separable_conv2d_batchnorm(x, f, strides=2)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for skip, f in zip(skips[::-1], block_filters[::-1]):
        x = decoder_block(x, skip, f)
    # CrossEntropyLoss applies softmax itself
    out = keras.layers.Conv2D(classes, 1)(x)
    return keras.Model(inp, out)

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    iou = []
    for cls in range(1, classes):
        inter = ((truth == cls) * (predicted == cls)).sum()
        union = ((truth == cls) + (predicted == cls)).sum()
        if union > 0:
            iou.append(inter / union)
    return round(100 * float(np.mean(iou)), 2)
