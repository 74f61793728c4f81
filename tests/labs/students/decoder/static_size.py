"""Resizes to a size read from the tensor's static shape, which is unknown for (None, None).

test_fcn_model: 3 of 4, fails on pictures of any size, because the enlarging reads a static size
"""
# rest: windows_and_einsum


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    h, w = input_layer.shape[1], input_layer.shape[2]
    return keras.layers.Resizing(h * factor, w * factor, interpolation="bilinear")(input_layer)
