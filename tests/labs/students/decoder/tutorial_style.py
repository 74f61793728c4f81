"""Writes as in TensorFlow's tutorials, Activation layers and names included; everything is right."""
# rest: windows_and_einsum


# %% bilinear_upsample
from keras import layers

def bilinear_upsample(input_layer, factor=2):
    up = layers.UpSampling2D((factor, factor), interpolation='bilinear')(input_layer)
    return up


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = layers.SeparableConv2D(filters, 3, strides=strides, padding='same', activation='relu')(input_layer)
    x = layers.BatchNormalization()(x)
    return x

def decoder_block(small_input, large_input, filters):
    # upsample
    x = bilinear_upsample(small_input)
    # skip connection
    x = layers.concatenate([x, large_input], axis=3)
    # conv
    x = separable_conv2d_batchnorm(x, filters)
    x = separable_conv2d_batchnorm(x, filters)
    return x


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inputs = layers.Input(shape=input_shape)

    # Downsampling through the model
    skips = []
    x = inputs
    for num_filters in block_filters:
        skips += [x]
        x = separable_conv2d_batchnorm(x, num_filters, strides=2)

    x = layers.Conv2D(filters, 1, activation='relu')(x)
    x = layers.BatchNormalization()(x)

    # Upsampling and establishing the skip connections
    for skip, num_filters in zip(reversed(skips), reversed(block_filters)):
        x = decoder_block(x, skip, num_filters)

    x = layers.Conv2D(classes, 1)(x)
    outputs = layers.Activation('softmax')(x)
    model = keras.Model(inputs=inputs, outputs=outputs)
    return model
