"""Forgets that the convolution's bias is scaled as well, and ignores use_bias in one count.

test_conv2d_params: 0 of 1, always adds the bias
test_fold_batch_norm: 2 of 3, the kernel is right, the old bias is added without gamma / root
"""
# rest: copied_into_encoder

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    kernel_size = np.ones(2) * kernel_size
    return int(kernel_size[0] * kernel_size[1] * channels + 1) * filters

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    root = np.sqrt(variance + epsilon)
    w = kernel * (gamma / root)
    b = bias + beta - gamma * mean / root
    return w, b
