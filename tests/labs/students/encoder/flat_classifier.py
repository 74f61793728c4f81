"""Builds the network of an image classification tutorial: pooling in the block, Flatten and Dense at the end, a depthwise layer only; no folding.

test_fold_batch_norm: 0 of 3, not done
test_separable_conv2d_batchnorm: 0 of 3, no separable convolution: a depthwise layer alone, which makes `filters` maps of each channel
test_encoder_block: 0 of 1, pools instead of strides
test_encoder: 0 of 4, Flatten and Dense
"""
# rest: one_liners

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    # YOUR CODE HERE
    raise NotImplementedError()

# %% separable_conv2d_batchnorm
from keras import layers

def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = layers.DepthwiseConv2D(3, strides=strides, padding="same", activation="relu", depth_multiplier=filters)(input_layer)
    x = layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")(input_layer)
    x = layers.BatchNormalization()(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(input_layer)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(strides)(x)
    return x

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(shape=input_shape)
    x = inputs
    for f in block_filters:
        x = encoder_block(x, f, 2)
    x = layers.Flatten()(x)
    x = layers.Dense(filters, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, x)
