"""Takes the even factor's centre for the odd one too.

test_bilinear_kernel: 2 of 3, for odd factors the tent is not in the middle
"""
# rest: loops_everywhere


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    center = factor - 0.5
    w = 1 - np.abs(np.arange(size) - center) / factor
    k = np.zeros((size, size, channels, channels))
    for c in range(channels):
        k[:, :, c, c] = np.outer(w, w)
    return k
