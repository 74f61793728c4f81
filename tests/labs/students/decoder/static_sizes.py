"""Enlarges by keras.ops.image.resize to a size that it reads off the tensor; no picture of any size goes through.

test_bilinear_upsample: 0 of 1, multiplies None where height and width are open
"""
# rest: einsum_and_windows
# file: decoder.keras = decoder_for_48_by_48

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    h, w = input_layer.shape[1], input_layer.shape[2]
    return keras.ops.image.resize(input_layer, (h * factor, w * factor), interpolation="bilinear")
