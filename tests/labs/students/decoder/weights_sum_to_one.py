"""Normalizes the bilinear kernel so that it sums to one, as one does with blurs.

test_bilinear_kernel: 1 of 3, the kernel is divided by its sum, which shows with even factors, two points
"""
# rest: numpy_indexing_tricks

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    ramp = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    kernel2d = np.outer(ramp, ramp)
    kernel2d /= kernel2d.sum()
    kernel = np.zeros((size, size, channels, channels))
    for i in range(channels):
        kernel[:, :, i, i] = kernel2d
    return kernel
