"""Cuts the odd row off at the beginning; IoU of the scenes one by one.

test_conv2d_transpose: 2 of 3, with padding same the odd row is cut off at the start
test_mean_iou: 1 of 2, divides in each scene and averages the scenes
"""
# rest: windows_and_einsum


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    kh, kw = kernel.shape[:2]
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    k = np.rot90(kernel, 2)
    view = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), axis=(1, 2))
    y = np.einsum("nhwcab,abfc->nhwf", view, k)
    if padding == "same":
        s = strides if not np.isscalar(strides) else (strides, strides)
        th, tw = kh - s[0], kw - s[1]
        top, left = -(-th // 2), -(-tw // 2)   # ceil
        y = y[:, top : y.shape[1] - th // 2, left : y.shape[2] - tw // 2]
    return y


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    def one(t, p):
        r = []
        for c in range(1, classes):
            u = ((t == c) | (p == c)).sum()
            if u > 0:
                r.append(((t == c) & (p == c)).sum() / u)
        return np.mean(r)
    return np.mean([one(t, p) for t, p in zip(truth, predicted)])
