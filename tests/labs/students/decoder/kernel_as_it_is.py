"""Forgets to rotate the kernel; all else in its place.

test_conv2d_transpose: 2 of 3, the kernel is not rotated by 180 degrees
"""
# rest: from_pytorch

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    sh, sw = _pair(strides)
    kh, kw, nf, nc = kernel.shape
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0, 0), (kh - 1,) * 2, (kw - 1,) * 2, (0, 0)))
    oh = z.shape[1] - kh + 1
    ow = z.shape[2] - kw + 1
    y = np.zeros((len(x), oh, ow, nf))
    for i in range(oh):
        for j in range(ow):
            y[:, i, j] = np.tensordot(z[:, i:i+kh, j:j+kw], kernel, axes=([1, 2, 3], [0, 1, 3]))
    if padding == 'same':
        # half at each side, one more at the end
        ch, cw = kh - sh, kw - sw
        y = y[:, ch//2 : oh - (ch - ch//2), cw//2 : ow - (cw - cw//2)]
    return y
