"""Flips the rows only, and mixes the background into the mean.

test_conv2d_transpose: 2 of 3, the kernel is flipped along one axis instead of both
test_mean_iou: 1 of 2, class 0 counts
"""
# rest: torch_person


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    kh, kw, F, C = kernel.shape
    dil = insert_zeros(x, strides)
    dil = np.pad(dil, ((0,0),(kh-1,kh-1),(kw-1,kw-1),(0,0)))
    kernel = kernel[::-1]  # rotate
    OH = dil.shape[1]-kh+1
    OW = dil.shape[2]-kw+1
    res = np.zeros((x.shape[0],OH,OW,F))
    for i in range(OH):
        for j in range(OW):
            patch = dil[:, i:i+kh, j:j+kw, :]
            res[:, i, j, :] = np.tensordot(patch, kernel, axes=([1,2,3],[0,1,3]))
    if padding == 'same':
        ch, cw = kh-strides[0], kw-strides[1]
        res = res[:, ch//2:OH-(ch-ch//2), cw//2:OW-(cw-cw//2), :]
    return res


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    ious = []
    for k in range(classes):
        I = ((truth == k) & (predicted == k)).sum()
        U = ((truth == k) | (predicted == k)).sum()
        if U != 0:
            ious.append(I / U)
    return sum(ious) / len(ious)
