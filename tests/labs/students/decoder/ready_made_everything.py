"""TensorFlow's transposed convolution and scikit-learn's score, both forbidden; Keras parts are right.

test_conv2d_transpose: 0 of 3, TensorFlow does the work
test_mean_iou: 0 of 2, scikit-learn's metric
"""
# rest: einsum_and_windows

# %% conv2d_transpose
import tensorflow as tf
from sklearn.metrics import jaccard_score


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    n, h, w, c = x.shape
    if padding == "same":
        shape = (n, h * strides[0], w * strides[1], kernel.shape[2])
    else:
        shape = (n, (h - 1) * strides[0] + kernel.shape[0], (w - 1) * strides[1] + kernel.shape[1], kernel.shape[2])
    return tf.nn.conv2d_transpose(x, kernel, shape, strides, padding.upper()).numpy()

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    t, p = truth.ravel(), predicted.ravel()
    labels = [c for c in range(1, classes) if (t == c).any() or (p == c).any()]
    return jaccard_score(t, p, labels=labels, average="macro", zero_division=0)
