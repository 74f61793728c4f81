"""Counts a place for every pixel of the incoming picture.

test_macs: 1 of 3, the places are those of the output, not of the input
"""
# rest: one_liners

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    pixels = size * size // strides**2
    if separable:
        return pixels * channels * kernel_size**2 + pixels * channels * filters
    return pixels * channels * kernel_size**2 * filters
