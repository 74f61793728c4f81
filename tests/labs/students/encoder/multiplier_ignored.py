"""Reads over the depth multiplier: the kernel is composed of the first map of each channel only, and pointwise parameters are counted without it.

test_separable_conv2d_params: 1 of 2, the pointwise part ignores the multiplier
test_dense_kernel: 1 of 3, right for a multiplier of 1 only
"""
# rest: loops_everywhere

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    k = kernel_size
    if isinstance(k, int):
        k = (k, k)
    depthwise = k[0] * k[1] * channels * depth_multiplier
    pointwise = 1 * 1 * channels * filters
    bias = filters if use_bias else 0
    return depthwise + pointwise + bias

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, w, channels, _ = depthwise_kernel.shape
    filters = pointwise_kernel.shape[-1]
    dense = np.zeros((h, w, channels, filters))
    for c in range(channels):
        for f in range(filters):
            dense[:, :, c, f] = depthwise_kernel[:, :, c, 0] * pointwise_kernel[0, 0, c, f]
    return dense
