"""Calls Keras for the NumPy tasks and scikit-learn for the IoU, which the text forbids; network with a Lambda.

test_conv2d_transpose: 0 of 3, calls Keras' layer
test_mean_iou: 0 of 2, scikit-learn's ready-made metric
test_trained: 0 of 3, a Lambda layer
"""
# rest: careful_engineer
# file: decoder.keras = decoder_with_lambda


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    layer = keras.layers.Conv2DTranspose(kernel.shape[2], kernel.shape[:2], strides=strides, padding=padding, use_bias=False)
    layer.build(x.shape)
    layer.set_weights([kernel])
    return np.array(layer(x))


# %% mean_iou
from sklearn.metrics import jaccard_score

def mean_iou(truth, predicted, classes=11):
    labels = [c for c in range(1, classes) if (truth == c).any() or (predicted == c).any()]
    return jaccard_score(truth.ravel(), predicted.ravel(), labels=labels, average="macro")
