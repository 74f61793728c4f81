"""Cuts the odd row at the start, and flips the picture's kernel in place on the way.

test_conv2d_transpose: 1 of 3, padding "same" cuts the odd row at the start instead of the end, and the caller's kernel is turned in place
"""
# rest: four_loops

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    kh, kw = kernel.shape[0], kernel.shape[1]
    # rotate by 180
    kernel[:] = kernel[::-1, ::-1].copy()
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    out = np.zeros((z.shape[0], z.shape[1] - kh + 1, z.shape[2] - kw + 1, kernel.shape[2]))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = np.einsum("nijc,ijfc->nf", z[:, i : i + kh, j : j + kw], kernel)
    if padding == "same":
        end_h = (kh - strides[0]) // 2
        end_w = (kw - strides[1]) // 2
        start_h = kh - strides[0] - end_h
        start_w = kw - strides[1] - end_w
        out = out[:, start_h : out.shape[1] - end_h, start_w : out.shape[2] - end_w]
    return out
