"""Pads as in PyTorch: kernel_size // 2 zeros on every side, then a valid convolution; the same with strides of 1, but not with strides of 2.

test_separable_conv2d_batchnorm: 2 of 3, padding of 1 on both sides is not "same" when the strides are 2
test_conv2d_batchnorm: 2 of 3, the same
"""
# rest: torch_modules

# %% separable_conv2d_batchnorm
class SepConvReluBn:
    def __init__(self, cout, stride):
        self.pad = keras.layers.ZeroPadding2D(1)
        self.dw = keras.layers.DepthwiseConv2D(3, strides=stride, use_bias=False)
        self.pw = keras.layers.Conv2D(cout, 1)
        self.act = keras.layers.ReLU()
        self.bn = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.bn(self.act(self.pw(self.dw(self.pad(x)))))


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SepConvReluBn(filters, strides)(input_layer)

# %% conv2d_batchnorm
class ConvReluBn:
    def __init__(self, cout, k, stride):
        self.pad = keras.layers.ZeroPadding2D(k // 2)   # k is odd
        self.conv = keras.layers.Conv2D(cout, k, strides=stride)
        self.act = keras.layers.ReLU()
        self.bn = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.bn(self.act(self.conv(self.pad(x))))


def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return ConvReluBn(filters, kernel_size, strides)(input_layer)
