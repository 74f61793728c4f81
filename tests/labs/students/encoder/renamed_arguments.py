"""Writes own, shorter names for the arguments without defaults (k, cin, f, d, p, x) in the same order; everything is right."""

# %% conv2d_params
def conv2d_params(k, cin, f, use_bias=True):
    if not isinstance(k, (tuple, list)):
        k = (k, k)
    return k[0]*k[1]*cin*f + f*(use_bias == True)

# %% separable_conv2d_params
def separable_conv2d_params(k, cin, f, depth_multiplier=1, use_bias=True):
    if not isinstance(k, (tuple, list)):
        k = (k, k)
    return k[0]*k[1]*cin*depth_multiplier + cin*depth_multiplier*f + f*(use_bias == True)

# %% dense_kernel
def dense_kernel(d, p):
    return np.einsum("abcm,cmf->abcf", d, p.reshape(d.shape[2], d.shape[3], p.shape[3]))

# %% fold_batch_norm
def fold_batch_norm(k, b, gamma, beta, mu, var, epsilon=1e-3):
    s = gamma / np.sqrt(var + epsilon)
    return k*s, (b - mu)*s + beta

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(x, f, strides=1):
    x = keras.layers.SeparableConv2D(f, 3, strides, 'same', activation='relu')(x)
    return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(x, f, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(f, kernel_size, strides, 'same', activation='relu')(x)
    return keras.layers.BatchNormalization()(x)

# %% encoder_block
def encoder_block(x, f, strides):
    return separable_conv2d_batchnorm(x, f, strides)

# %% encoder
def encoder(input_shape, blocks, f):
    x0 = keras.Input(input_shape)
    x = x0
    for b in blocks:
        x = encoder_block(x, b, 2)
    return keras.Model(x0, conv2d_batchnorm(x, f, 1))
