"""Writes subclasses of keras.layers.Layer for both layers, though the text says that they cannot be graded.

test_separable_conv2d_batchnorm: 0 of 3, a layer class of the student's own, which the text rules out
test_conv2d_batchnorm: 0 of 3, a layer class of the student's own, which the text rules out
test_encoder_block: 0 of 1, is made of such a layer, so nobody can tell
test_encoder: 0 of 4, is made of such layers, which cannot be graded
"""
# rest: tf_tutorial_prints

# %% separable_conv2d_batchnorm
class SeparableBlock(keras.layers.Layer):
    def __init__(self, filters, strides=1, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.conv = keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same", activation="relu")
        self.bn = keras.layers.BatchNormalization()

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.bn.build(self.conv.compute_output_shape(input_shape))
        self.built = True

    def call(self, x, training=False):
        return self.bn(self.conv(x), training=training)


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SeparableBlock(filters, strides)(input_layer)

# %% conv2d_batchnorm
class DenseBlock(keras.layers.Layer):
    def __init__(self, filters, kernel_size, strides, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")
        self.bn = keras.layers.BatchNormalization()

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.bn.build(self.conv.compute_output_shape(input_shape))
        self.built = True

    def call(self, x, training=False):
        return self.bn(self.conv(x), training=training)


def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return DenseBlock(filters, kernel_size, strides)(input_layer)
