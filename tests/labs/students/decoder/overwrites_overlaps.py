"""Copies of the kernel overwrite one another where they overlap; and the mixing kernel of task 3.

test_conv2d_transpose: 2 of 3, where copies overlap the later overwrites the earlier instead of being added
test_bilinear_kernel: 1 of 3, every channel gives to every channel, which shows with even factors, two points
"""
# rest: einsum_and_windows

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    n, h, w, c = x.shape
    kh, kw, f, c = kernel.shape
    s1, s2 = strides
    result = np.zeros((n, (h - 1) * s1 + kh, (w - 1) * s2 + kw, f))
    for i in range(h):
        for j in range(w):
            value = np.einsum("nc,ijfc->nijf", x[:, i, j, :], kernel)
            result[:, i * s1:i * s1 + kh, j * s2:j * s2 + kw, :] = value
    if padding == "same":
        a = (kh - s1) // 2
        b = (kw - s2) // 2
        result = result[:, a:a + h * s1, b:b + w * s2, :]
    return result

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor if factor % 2 == 0 else 2 * factor - 1
    center = (size - 1) / 2
    line = 1 - np.abs(np.arange(size) - center) / factor
    kernel = np.outer(line, line)
    # the same for each channel
    return np.tile(kernel[:, :, None, None], (1, 1, channels, channels))
