"""Takes the pair of strides as (width, height), and adds the background to the IoU.

test_insert_zeros: 0 of 1, the pair of strides is taken as (width, height)
test_mean_iou: 1 of 2, the background counts as a class
"""
# rest: histograms

# %% insert_zeros
def insert_zeros(x, strides):
    try:
        stride_x, stride_y = strides
    except TypeError:
        stride_x = stride_y = strides
    batch, height, width, channels = x.shape
    out = np.zeros((batch, (height - 1) * stride_y + 1, (width - 1) * stride_x + 1, channels))
    out[:, ::stride_y, ::stride_x] = x
    return out

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    ious = []
    for c in range(classes):
        t = truth == c
        p = predicted == c
        union = np.logical_or(t, p).sum()
        if union == 0:
            continue
        ious.append(np.logical_and(t, p).sum() / union)
    return np.mean(ious)
