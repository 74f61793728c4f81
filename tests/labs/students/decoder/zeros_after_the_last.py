"""Puts zeros after the last pixel too; the rest is right.

test_insert_zeros: 0 of 1, a row of zeros follows the last pixel, the height is h*s
"""
# rest: windows_and_einsum


# %% insert_zeros
def insert_zeros(x, strides):
    if type(strides) is int:
        strides = (strides, strides)
    b, h, w, c = x.shape
    new = np.zeros((b, h * strides[0], w * strides[1], c))
    new[:, ::strides[0], ::strides[1]] = x
    return new


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if type(strides) is int:
        strides = (strides, strides)
    kh, kw = kernel.shape[0], kernel.shape[1]
    up = insert_zeros(x, strides)
    up = np.pad(up, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    H = up.shape[1] - kh + 1
    W = up.shape[2] - kw + 1
    k = kernel[::-1, ::-1]
    out = np.zeros((x.shape[0], H, W, kernel.shape[2]))
    for i in range(H):
        for j in range(W):
            out[:, i, j] = np.einsum("bijc,ijfc->bf", up[:, i:i+kh, j:j+kw], k)
    if padding == "same":
        t = (kh - strides[0]) // 2
        l = (kw - strides[1]) // 2
        out = out[:, t:t + x.shape[1] * strides[0], l:l + x.shape[2] * strides[1]]
    return out
