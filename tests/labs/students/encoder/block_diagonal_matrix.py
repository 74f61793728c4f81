"""Linear algebra: the depthwise part as a block diagonal matrix, folding as an affine map; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """An affine map from (patch) to (filters)."""
    patch = np.prod(np.broadcast_to(kernel_size, 2)) * channels
    return int((patch + bool(use_bias)) * filters)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """c small maps of rank m, then an affine map from c*m to filters."""
    inner = channels * depth_multiplier
    return int(np.prod(np.broadcast_to(kernel_size, 2)) * inner + (inner + bool(use_bias)) * filters)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """At each offset (i, j) the depthwise part is a channels x (channels*m) block diagonal matrix D_ij,
    the pointwise part is one matrix P.   A_ij = D_ij P."""
    h, w, c, m = depthwise_kernel.shape
    D = np.zeros((h, w, c, c * m))
    for k in range(c):
        D[:, :, k, k * m:(k + 1) * m] = depthwise_kernel[:, :, k, :]
    P = pointwise_kernel[0, 0]
    return D @ P

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """y = S (Kx + b - mu) + beta  with S diagonal, so  K' = S K,  b' = S (b - mu) + beta."""
    S = np.diag(gamma / np.sqrt(variance + epsilon))
    return kernel @ S, S @ (bias - mean) + beta

# %% separable_conv2d_batchnorm
from keras import layers as L

def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return L.BatchNormalization()(
        L.SeparableConv2D(filters, 3, strides, "same", activation="relu")(input_layer)
    )

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return L.BatchNormalization()(
        L.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer)
    )

# %% encoder_block
encoder_block = separable_conv2d_batchnorm  # it is the same thing

# %% encoder
def encoder(input_shape, block_filters, filters):
    x = first = L.Input(input_shape)
    for n in block_filters:
        x = encoder_block(x, n, strides=2)
    return keras.Model(first, conv2d_batchnorm(x, filters, 1))
