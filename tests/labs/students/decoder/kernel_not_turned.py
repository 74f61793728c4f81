"""Forgets to turn the kernel by 180 degrees.

test_conv2d_transpose: 2 of 3, zeros, ring and cutting are right, the turn is missing
"""
# rest: kron_and_offsets


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s = np.broadcast_to(strides, 2)
    kh, kw = kernel.shape[:2]
    z = np.pad(insert_zeros(x, s), ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    win = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), axis=(1, 2))
    y = np.einsum("bhwcij,ijfc->bhwf", win, kernel)
    if padding == "same":
        a, b = (kh - s[0]) // 2, (kw - s[1]) // 2
        y = y[:, a : a + x.shape[1] * s[0], b : b + x.shape[2] * s[1]]
    return y
