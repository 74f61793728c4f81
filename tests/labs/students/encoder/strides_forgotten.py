"""Forgets to pass strides on in the separable layer; everything else is right and follows.

test_separable_conv2d_batchnorm: 2 of 3, strides are not passed on
"""
# rest: einsum_and_pairs

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters=filters, kernel_size=3, padding="same", activation="relu")(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer
