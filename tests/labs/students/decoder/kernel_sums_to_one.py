"""Normalizes the kernel so that it sums to one, as one does with blur kernels.

test_bilinear_kernel: 1 of 3, the right shape of a tent, but too dark by factor squared
"""
# rest: matrix_of_the_layer


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - (factor % 2)
    mid = (size - 1) / 2
    line = factor - np.abs(np.arange(size) - mid)
    kern = np.outer(line, line)
    kern = kern / kern.sum()   # so that the brightness stays
    res = np.zeros((size, size, channels, channels))
    res[:, :, np.arange(channels), np.arange(channels)] = kern[..., None]
    return res
