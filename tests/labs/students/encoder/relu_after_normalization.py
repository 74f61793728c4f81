"""Orders the layers as in the papers, relu last, and puts epsilon outside the root.

test_fold_batch_norm: 2 of 3, epsilon is added after the root is taken
test_separable_conv2d_batchnorm: 2 of 3, relu comes after the batch normalization
test_conv2d_batchnorm: 2 of 3, relu comes after the batch normalization
"""
# rest: sequential_boxes

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    std = np.sqrt(variance) + epsilon      # avoid division by zero
    W = kernel * (gamma / std)
    b = (bias - mean) * gamma / std + beta
    return W, b

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    # Conv -> BN -> ReLU
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    # Conv -> BN -> ReLU
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same")(input_layer)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    x0 = keras.Input(shape=input_shape)
    x = x0
    for n_filters in block_filters:
        x = encoder_block(x, n_filters, 2)
    x = conv2d_batchnorm(x, filters, 1, 1)
    return keras.Model(x0, x)
