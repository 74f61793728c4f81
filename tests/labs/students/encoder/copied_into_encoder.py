"""Copies the layers into encoder_block and encoder instead of calling own functions; channels_last spelled out; everything is right."""
# rest: loops_everywhere

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    conv_layer = keras.layers.SeparableConv2D(
        filters, kernel_size=3, strides=strides, padding="same", data_format="channels_last", depth_multiplier=1
    )
    relu_layer = keras.layers.Activation(keras.activations.relu)
    norm_layer = keras.layers.BatchNormalization()
    output = conv_layer(input_layer)
    output = relu_layer(output)
    output = norm_layer(output)
    return output

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    conv_layer = keras.layers.SeparableConv2D(
        filters, kernel_size=3, strides=strides, padding="same", data_format="channels_last", depth_multiplier=1
    )
    relu_layer = keras.layers.Activation(keras.activations.relu)
    norm_layer = keras.layers.BatchNormalization()
    output = conv_layer(input_layer)
    output = relu_layer(output)
    output = norm_layer(output)
    return output

# %% encoder
def encoder(input_shape, block_filters, filters):
    input_tensor = keras.Input(shape=input_shape)
    output = input_tensor
    for n in block_filters:
        conv_layer = keras.layers.SeparableConv2D(n, kernel_size=3, strides=2, padding="same")
        relu_layer = keras.layers.Activation(keras.activations.relu)
        norm_layer = keras.layers.BatchNormalization()
        output = norm_layer(relu_layer(conv_layer(output)))
    conv_layer = keras.layers.Conv2D(filters, kernel_size=1, strides=1, padding="same")
    relu_layer = keras.layers.Activation(keras.activations.relu)
    norm_layer = keras.layers.BatchNormalization()
    output = norm_layer(relu_layer(conv_layer(output)))
    return keras.Model(inputs=input_tensor, outputs=output)
