"""Resizes to a size read from the tensor's static shape, which is unknown for (None, None).

test_bilinear_upsample: 0 of 1, fails where height and width are open, as they are in task 5
"""
# rest: windows_and_einsum


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    h, w = input_layer.shape[1], input_layer.shape[2]
    return keras.layers.Resizing(h * factor, w * factor, interpolation="bilinear")(input_layer)
