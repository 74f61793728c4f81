"""Knows odd kernels only: the peak is always a pixel, also for even factors.

test_bilinear_kernel: 1 of 3, for even factors the peak stands on a pixel instead of between two
test_decoder_block: 2 of 3, one separable layer instead of two
"""
# rest: long_and_german

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    if factor % 2 == 0:
        size = 2 * factor
    else:
        size = 2 * factor - 1
    k1d = np.zeros(size)
    for i in range(size):
        d = abs(i - (factor - 1))
        k1d[i] = max(0, 1 - d / factor)
    k2d = k1d[:, np.newaxis] * k1d[np.newaxis, :]
    k = np.zeros((size, size, channels, channels))
    for c in range(channels):
        k[:, :, c, c] = k2d
    return k

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters=filters, kernel_size=3, strides=strides, padding='same', activation='relu')(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer

def decoder_block(small_input, large_input, filters):
    upsampled = bilinear_upsample(small_input)
    concat = keras.layers.concatenate([upsampled, large_input])
    output_layer = separable_conv2d_batchnorm(concat, filters)
    return output_layer
