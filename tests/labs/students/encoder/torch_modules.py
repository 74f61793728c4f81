"""Comes from PyTorch: small classes like modules, depthwise and pointwise written as two layers; everything is right."""

# %% conv2d_params
class Count:
    """like sum(p.numel() for p in module.parameters())"""

    def __init__(self, k, bias):
        self.kh, self.kw = k if hasattr(k, "__len__") else (k, k)
        self.bias = bias

    def conv(self, cin, cout, groups=1):
        return self.kh * self.kw * (cin // groups) * cout + cout * self.bias


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    return int(Count(kernel_size, use_bias).conv(channels, filters))

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    mid = channels * depth_multiplier
    dw = Count(kernel_size, False).conv(channels, mid, groups=channels)
    pw = Count(1, use_bias).conv(mid, filters)
    return int(dw + pw)

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    kh, kw, cin, m = depthwise_kernel.shape
    cout = pointwise_kernel.shape[-1]
    out = np.zeros((kh, kw, cin, cout))
    for c in range(cin):
        # (kh, kw, m) @ (m, cout)
        out[:, :, c] = depthwise_kernel[:, :, c] @ pointwise_kernel[0, 0, c * m:(c + 1) * m]
    return out

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    # torch.nn.utils.fuse_conv_bn_weights, with the filters last
    rstd = 1.0 / np.sqrt(variance + epsilon)
    w = kernel * (gamma * rstd).reshape(1, 1, 1, -1)
    b = (bias - mean) * rstd * gamma + beta
    return [w, b]

# %% separable_conv2d_batchnorm
class SepConvReluBn:
    def __init__(self, cout, stride):
        self.dw = keras.layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)
        self.pw = keras.layers.Conv2D(cout, 1)
        self.act = keras.layers.ReLU()
        self.bn = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.bn(self.act(self.pw(self.dw(x))))


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SepConvReluBn(filters, strides)(input_layer)

# %% conv2d_batchnorm
class ConvReluBn:
    def __init__(self, cout, k, stride):
        self.conv = keras.layers.Conv2D(cout, k, strides=stride, padding="same")
        self.act = keras.layers.ReLU()
        self.bn = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.bn(self.act(self.conv(x)))


def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return ConvReluBn(filters, kernel_size, strides)(input_layer)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return SepConvReluBn(filters, strides)(input_layer)

# %% encoder
def encoder(input_shape, block_filters, filters):
    x = inp = keras.Input(shape=input_shape)
    for module in [SepConvReluBn(f, 2) for f in block_filters] + [ConvReluBn(filters, 1, 1)]:
        x = module(x)
    return keras.Model(inp, x)
