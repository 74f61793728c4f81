"""Normalizes with PyTorch's defaults (momentum 0.1, epsilon 1e-5), written out in Keras' layer.

test_separable_conv2d_batchnorm: 2 of 3, not Keras' defaults of batch normalization
test_conv2d_batchnorm: 2 of 3, not Keras' defaults of batch normalization
"""
# rest: torch_modules

# %% separable_conv2d_batchnorm
def norm():
    return keras.layers.BatchNormalization(momentum=0.1, epsilon=1e-5)


class SepConvReluBn:
    def __init__(self, cout, stride):
        self.layers = [
            keras.layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False),
            keras.layers.Conv2D(cout, 1),
            keras.layers.ReLU(),
            norm(),
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SepConvReluBn(filters, strides)(input_layer)

# %% conv2d_batchnorm
class ConvReluBn(SepConvReluBn):
    def __init__(self, cout, k, stride):
        self.layers = [
            keras.layers.Conv2D(cout, k, strides=stride, padding="same"),
            keras.layers.ReLU(),
            norm(),
        ]


def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return ConvReluBn(filters, kernel_size, strides)(input_layer)
