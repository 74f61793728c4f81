"""Subclasses keras.layers.Layer for convolution, relu and normalization together; right, but the text asks for Keras' own layers.

test_separable_conv2d_batchnorm: 0 of 3, a layer class of the student's own, which the text and the visible test refuse
test_conv2d_batchnorm: 0 of 3, a layer class of the student's own
test_encoder_block: 0 of 1, made of it
test_encoder: 0 of 4, made of it
"""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    """Count the parameters of a dense convolution."""
    try:
        rows, cols = kernel_size
    except TypeError:
        rows = cols = kernel_size
    return (rows * cols * channels + bool(use_bias)) * filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    """Count the parameters of a depthwise separable convolution."""
    try:
        rows, cols = kernel_size
    except TypeError:
        rows = cols = kernel_size
    between = channels * depth_multiplier
    return rows * cols * between + (between + bool(use_bias)) * filters

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    multiplier = depthwise_kernel.shape[3]
    # maps of kernel 0 of all channels: 0, m, 2m, ...
    return sum(
        depthwise_kernel[:, :, :, [k]] * pointwise_kernel[:, :, k::multiplier]
        for k in range(multiplier)
    )

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    diagonal = np.diag(gamma / np.sqrt(variance + epsilon))
    return kernel @ diagonal, diagonal @ (bias - mean) + beta

# %% separable_conv2d_batchnorm
class Normalized(keras.layers.Layer):
    """A convolution, then relu, then batch normalization."""

    def __init__(self, convolution, **kwargs):
        super().__init__(**kwargs)
        self.convolution = convolution
        self.normalization = keras.layers.BatchNormalization()

    def build(self, shape):
        self.convolution.build(shape)
        self.normalization.build(self.convolution.compute_output_shape(shape))

    def call(self, x, training=None):
        x = keras.activations.relu(self.convolution(x))
        return self.normalization(x, training=training)


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    return Normalized(keras.layers.SeparableConv2D(filters, 3, strides=strides, padding="same"))(input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    """Apply a dense convolution with relu, then batch normalization."""
    return Normalized(keras.layers.Conv2D(filters, kernel_size, strides=strides, padding="same"))(input_layer)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    picture = keras.Input(input_shape)
    maps = picture
    for count in block_filters:
        maps = encoder_block(maps, count, 2)
    return keras.Model(picture, conv2d_batchnorm(maps, filters, 1))
