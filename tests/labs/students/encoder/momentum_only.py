"""Sets momentum=0.9 in the normalization of both layers, as a blog says; otherwise right.

test_separable_conv2d_batchnorm: 2 of 3, another momentum than Keras' default
test_conv2d_batchnorm: 2 of 3, another momentum than Keras' default
"""
# rest: own_layer_class

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides, "same", activation="relu")(input_layer)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    return x
