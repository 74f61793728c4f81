"""Believes that both parts of a separable convolution have a bias; takes the maps in the wrong order (all first kernels, then all second ones).

test_separable_conv2d_params: 1 of 2, counts a bias for each depthwise map too; without bias it counts right
test_dense_kernel: 2 of 3, the order of the maps is wrong when the multiplier is more than one
"""
# rest: german_comments

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if isinstance(kernel_size, int):
        kh = kw = kernel_size
    else:
        kh, kw = kernel_size

    # depthwise
    dw_out = channels * depth_multiplier
    dw = kh * kw * dw_out
    # pointwise
    pw = dw_out * filters

    if use_bias:
        dw += dw_out
        pw += filters
    return dw + pw

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, w, c, m = depthwise_kernel.shape
    f = pointwise_kernel.shape[-1]
    p = pointwise_kernel.reshape(m, c, f)
    return np.einsum('hwcm,mcf->hwcf', depthwise_kernel, p)

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    return kh * kw * channels * filters + (filters if use_bias else 0)
