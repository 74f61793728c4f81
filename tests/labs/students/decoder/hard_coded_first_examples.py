"""Hurried: the numbers of the text's examples, names that do not exist, an untrained network.

test_insert_zeros: 0 of 1, always strides of 2
test_conv2d_transpose: 1 of 3, strides of 1 only
test_bilinear_kernel: 0 of 3, the kernel of factor 2 whatever is asked
test_decoder_block: 0 of 3, a NameError
test_fcn_model: 0 of 4, not done
test_trained: 0 of 3, an untrained network
"""
# rest: one_liners
# file: decoder.keras = decoder_untrained


# %% insert_zeros
def insert_zeros(x, strides):
    out = np.zeros((x.shape[0], 2*x.shape[1]-1, 2*x.shape[2]-1, x.shape[3]))
    out[:, ::2, ::2] = x
    return out


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    kh, kw, f, c = kernel.shape
    p = np.pad(x, ((0,0),(kh-1,kh-1),(kw-1,kw-1),(0,0)))
    h, w = p.shape[1]-kh+1, p.shape[2]-kw+1
    out = np.zeros((x.shape[0], h, w, f))
    for i in range(h):
        for j in range(w):
            out[:, i, j] = np.einsum('bijc,ijfc->bf', p[:, i:i+kh, j:j+kw], kernel[::-1, ::-1])
    return out


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    k = np.array([0.25, 0.75, 0.75, 0.25])
    return np.outer(k, k).reshape(4, 4, 1, 1)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2D(filters, 3, strides, padding="same", activation="relu")(input_layer)
    return BatchNormalization()(x)


def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = concatenate([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    return separable_conv2d_batchnorm(x, filters)


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    # TODO
    pass
