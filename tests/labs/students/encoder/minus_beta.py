"""Gets a sign wrong in the folding (minus beta); relu also after the depthwise part, as in MobileNet.

test_fold_batch_norm: 2 of 3, minus beta instead of plus
test_separable_conv2d_batchnorm: 2 of 3, another relu between depthwise and pointwise part
"""
# rest: count_with_keras

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    a = gamma / np.sqrt(variance + epsilon)
    new_bias = a * (bias - mean) - beta
    return a * kernel, new_bias

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    # MobileNet style
    x = keras.layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False, activation="relu")(input_layer)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    return x
