"""Pads by one on all sides as PyTorch does and gives the dense layer PyTorch's momentum and epsilon.

test_separable_conv2d_batchnorm: 2 of 3, with strides of 2 the zeros stand in other places than with "same"
test_conv2d_batchnorm: 2 of 3, momentum 0.1 and epsilon 1e-5 are not Keras' defaults
"""
# rest: torch_axes_and_back

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.ZeroPadding2D(1)(input_layer)     # padding=1
    x = keras.layers.SeparableConv2D(filters, 3, strides=strides, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same", activation="relu")(input_layer)
    x = keras.layers.BatchNormalization(momentum=0.1, epsilon=1e-5)(x)  # nn.BatchNorm2d defaults
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
class Encoder:
    def __init__(self, block_filters, filters):
        self.block_filters = block_filters
        self.filters = filters

    def forward(self, x):
        for f in self.block_filters:
            x = encoder_block(x, f, 2)
        return conv2d_batchnorm(x, self.filters, 1, 1)


def encoder(input_shape, block_filters, filters):
    net = Encoder(block_filters, filters)
    inputs = keras.Input(shape=input_shape)
    return keras.Model(inputs, net.forward(inputs))
