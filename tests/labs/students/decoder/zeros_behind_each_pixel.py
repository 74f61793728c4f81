"""Puts zeros after the last pixel too; the transposed convolution is built on that.

test_insert_zeros: 0 of 1, zeros also come after the last pixel
"""
# rest: four_loops

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    if isinstance(strides, int):
        strides = (strides, strides)
    sh, sw = strides
    b, h, w, c = x.shape
    new = np.zeros((b, h * sh, w * sw, c), dtype=x.dtype)
    new[:, ::sh, ::sw, :] = x
    return new

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    kh, kw, f, c = kernel.shape
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    k = np.flip(kernel, (0, 1))
    win = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), axis=(1, 2))
    out = np.einsum("bhwcij,ijfc->bhwf", win, k)
    if padding == "same":
        th, tw = kh - strides[0], kw - strides[1]
        out = out[:, th // 2 : out.shape[1] - (th - th // 2), tw // 2 : out.shape[2] - (tw - tw // 2)]
    return out
