"""Divides by variance + epsilon without the root; returns the dense kernel as a nested list.

test_fold_batch_norm: 2 of 3, no root
"""
# rest: loops_everywhere

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    H, W, C, M = depthwise_kernel.shape
    F = pointwise_kernel.shape[-1]
    return [[[[sum(depthwise_kernel[h, w, c, m] * pointwise_kernel[0, 0, c * M + m, f] for m in range(M))
               for f in range(F)] for c in range(C)] for w in range(W)] for h in range(H)]

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    scale = gamma / (variance + epsilon)
    return scale * kernel, scale * (bias - mean) + beta
