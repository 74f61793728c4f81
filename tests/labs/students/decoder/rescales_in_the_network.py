"""Cuts the same number of rows off at both sides; a Rescaling layer in the network.

test_conv2d_transpose: 2 of 3, with padding same it cuts equally at both sides and is one row too large when the rest is odd
test_trained: 0 of 3, a Rescaling layer, which the text excludes
"""
# rest: copies_that_add_up
# file: decoder.keras = decoder_with_rescaling


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s = (strides, strides) if isinstance(strides, int) else strides
    kh, kw, _, _ = kernel.shape
    z = np.pad(insert_zeros(x, s), ((0, 0), (kh - 1,) * 2, (kw - 1,) * 2, (0, 0)))
    win = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), (1, 2))
    y = np.einsum("bxycij,ijfc->bxyf", win, kernel[::-1, ::-1])
    if padding == "same":
        ph, pw = (kh - s[0]) // 2, (kw - s[1]) // 2
        y = y[:, ph : y.shape[1] - ph, pw : y.shape[2] - pw]
    return y
