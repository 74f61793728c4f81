"""Overlooks that strides may be a pair.

test_insert_zeros: 0 of 1, a pair of strides is an error
test_conv2d_transpose: 2 of 3, its own cutting takes strides for one number too
"""
# rest: loops_everywhere


# %% insert_zeros
def insert_zeros(x, strides):
    n, h, w, c = x.shape
    out = np.zeros((n, (h-1)*strides+1, (w-1)*strides+1, c))
    out[:, ::strides, ::strides, :] = x
    return out


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, f, _ = kernel.shape
    out = np.zeros((n, (h-1)*strides+kh, (w-1)*strides+kw, f))
    z = insert_zeros(x, strides)
    z = np.pad(z, ((0,0), (kh-1,kh-1), (kw-1,kw-1), (0,0)))
    k = np.flip(kernel, axis=(0,1))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            for m in range(f):
                out[:, i, j, m] = (z[:, i:i+kh, j:j+kw, :] * k[:, :, m, :]).sum(axis=(1,2,3))
    if padding == "same":
        a = (kh - strides) // 2
        b = (kw - strides) // 2
        out = out[:, a:a+h*strides, b:b+w*strides]
    return out
