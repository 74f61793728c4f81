"""Takes the kernel's last axes as in Conv2D, channels then filters.

test_conv2d_transpose: 2 of 3, filters and channels are swapped
"""
# rest: careful_engineer


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    sh, sw = _as_pair(strides)
    kh, kw, cin, cout = kernel.shape
    apart = np.pad(insert_zeros(x, strides), [(0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)])
    turned = kernel[::-1, ::-1, :, :]
    oh, ow = apart.shape[1] - kh + 1, apart.shape[2] - kw + 1
    out = np.zeros((len(x), oh, ow, cout))
    for i in range(kh):
        for j in range(kw):
            out += apart[:, i:i + oh, j:j + ow] @ turned[i, j]
    if padding == "same":
        out = out[:, (kh - sh) // 2 :, (kw - sw) // 2 :]
        out = out[:, : x.shape[1] * sh, : x.shape[2] * sw]
    return out
