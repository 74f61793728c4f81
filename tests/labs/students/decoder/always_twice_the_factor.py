"""The kernel has twice the factor as size, whether it is odd or not; nearest neighbours in Keras.

test_bilinear_kernel: 2 of 3, for odd factors the size is 2*factor
test_bilinear_upsample: 0 of 1, UpSampling2D with its default, nearest
"""
# rest: keras_sequential_inside


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    t = (np.arange(2 * factor) + 0.5) / factor
    tri = np.where(t < 1, t, 2 - t)
    out = np.zeros((2 * factor, 2 * factor, channels, channels))
    for i in range(channels):
        out[:, :, i, i] = np.outer(tri, tri)
    return out


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return keras.layers.UpSampling2D(size=(factor, factor))(input_layer)
