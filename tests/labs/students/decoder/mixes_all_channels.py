"""The bilinear kernel mixes all channels; adds dropout against overfitting.

test_bilinear_kernel: 1 of 3, the shares are right, but each channel receives all channels
test_decoder_block: 2 of 3, dropout that nobody asked for
"""
# rest: tutorial_style


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    c = (size - 1) / 2
    d = 1 - np.abs(np.arange(size) - c) / factor
    k = d[:, None] * d[None, :]
    return np.tile(k[:, :, None, None], (1, 1, channels, channels))


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, 'same', 'relu')(input_layer)
    x = layers.BatchNormalization()(x)
    return x

def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = layers.concatenate([x, large_input])
    x = separable_conv2d_batchnorm(x, filters)
    x = layers.Dropout(0.2)(x)
    x = separable_conv2d_batchnorm(x, filters)
    return x
