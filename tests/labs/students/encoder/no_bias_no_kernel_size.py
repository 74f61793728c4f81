"""Leaves the bias out of the separable layer (normalization has a beta anyway) and always takes 3×3 in the dense one.

test_separable_conv2d_batchnorm: 2 of 3, no bias
test_conv2d_batchnorm: 2 of 3, kernel_size is not used
"""
# rest: in_place_folding

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    # bias is useless before BN
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding='same', activation='relu', use_bias=False)(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, (3, 3), strides=strides, padding='same', activation='relu')(input_layer)
    x = keras.layers.BatchNormalization()(x)
    return x
