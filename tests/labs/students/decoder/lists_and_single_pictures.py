"""Works on the first picture only and returns lists; a kernel without channels; the network of two epochs.

test_insert_zeros: 0 of 1, only the first picture of the batch
test_conv2d_transpose: 2 of 3, only the first picture of the batch here too
test_bilinear_kernel: 1 of 3, a picture of shares instead of an array with channels
test_mean_iou: 1 of 2, a list of the IoU of each class instead of their mean
test_trained: 0 of 3, a network that says background everywhere
"""
# rest: tutorial_style
# file: decoder.keras = decoder_all_background


# %% insert_zeros
def insert_zeros(x, strides):
    if isinstance(strides, int):
        strides = (strides, strides)
    img = x[0]
    h, w, c = img.shape
    out = np.zeros((1, (h - 1) * strides[0] + 1, (w - 1) * strides[1] + 1, c))
    for i in range(h):
        for j in range(w):
            out[0, i * strides[0], j * strides[1]] = img[i, j]
    return out


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    kh, kw, f, c = kernel.shape
    img = np.pad(insert_zeros(x, strides)[0], ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    k = kernel[::-1, ::-1]
    rows = []
    for i in range(img.shape[0] - kh + 1):
        row = []
        for j in range(img.shape[1] - kw + 1):
            row.append([np.sum(img[i:i+kh, j:j+kw] * k[:, :, m]) for m in range(f)])
        rows.append(row)
    out = np.array([rows])
    if padding == "same":
        t, l = (kh - strides[0]) // 2, (kw - strides[1]) // 2
        out = out[:, t:t + x.shape[1] * strides[0], l:l + x.shape[2] * strides[1]]
    return out


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    a = 1 - abs(np.arange(size) - (size - 1) / 2) / factor
    return np.outer(a, a)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    out = []
    for c in range(1, classes):
        u = ((truth == c) | (predicted == c)).sum()
        if u:
            out.append(((truth == c) & (predicted == c)).sum() / u)
    return out
