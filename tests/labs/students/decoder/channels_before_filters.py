"""Reads the kernel as Conv2D's: channels before filters.

test_conv2d_transpose: 2 of 3, the kernel is read as (height, width, channels, filters)
"""
# rest: classes_with_call

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s = Strides(strides)
    kh, kw, channels, filters = kernel.shape
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), axis=(1, 2))
    out = np.einsum("bhwcij,ijcf->bhwf", windows, kernel[::-1, ::-1])
    if padding == "same":
        top, left = (kh - s.h) // 2, (kw - s.w) // 2
        out = out[:, top : top + x.shape[1] * s.h, left : left + x.shape[2] * s.w]
    return out
