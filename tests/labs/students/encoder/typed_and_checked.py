"""Type hints, asserts and long docstrings; everything is right."""

# %% conv2d_params
from collections.abc import Sequence


def _kernel_area(kernel_size: int | Sequence[int]) -> int:
    """How many weights one kernel has for one channel."""
    if isinstance(kernel_size, Sequence):
        assert len(kernel_size) == 2, "a pair (height, width)"
        return kernel_size[0] * kernel_size[1]
    return kernel_size**2


def conv2d_params(kernel_size: int | Sequence[int], channels: int, filters: int, use_bias: bool = True) -> int:
    """Count the parameters of a dense convolution.

    Each filter has a weight for each place of the kernel and each channel and, maybe, a bias.
    """
    weights = _kernel_area(kernel_size) * channels
    if use_bias:
        weights += 1
    return weights * filters

# %% separable_conv2d_params
def separable_conv2d_params(
    kernel_size: int | Sequence[int],
    channels: int,
    filters: int,
    depth_multiplier: int = 1,
    use_bias: bool = True,
) -> int:
    """Count the parameters of a depthwise separable convolution."""
    maps = channels * depth_multiplier
    depthwise = _kernel_area(kernel_size) * maps
    return depthwise + conv2d_params(1, maps, filters, use_bias)


assert conv2d_params(3, 3, 9, use_bias=False) == 243
assert separable_conv2d_params(3, 3, 9, use_bias=False) == 54

# %% dense_kernel
def dense_kernel(depthwise_kernel: np.ndarray, pointwise_kernel: np.ndarray) -> np.ndarray:
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    height, width, channels, multiplier = depthwise_kernel.shape
    assert pointwise_kernel.shape[:3] == (1, 1, channels * multiplier)
    mixing = pointwise_kernel.reshape(channels, multiplier, -1)
    # (channels, height·width, multiplier) @ (channels, multiplier, filters)
    spatial = depthwise_kernel.reshape(height * width, channels, multiplier).transpose(1, 0, 2)
    dense = spatial @ mixing
    return dense.transpose(1, 0, 2).reshape(height, width, channels, -1)

# %% fold_batch_norm
def fold_batch_norm(
    kernel: np.ndarray,
    bias: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    epsilon: float = 1e-3,
) -> tuple[np.ndarray, np.ndarray]:
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    assert bias.shape == gamma.shape == beta.shape == mean.shape == variance.shape == kernel.shape[-1:]
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale[np.newaxis, np.newaxis, np.newaxis, :], scale * bias + (beta - scale * mean)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters: int, strides: int = 1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    convolved = SeparableConv2DKeras(
        filters=filters, kernel_size=(3, 3), strides=strides, padding="same", activation="relu"
    )(input_layer)
    return keras.layers.BatchNormalization(axis=-1, momentum=0.99, epsilon=1e-3)(convolved)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters: int, kernel_size=3, strides: int = 1):
    """Apply a dense convolution with relu, then batch normalization."""
    convolved = keras.layers.Conv2D(
        filters=filters, kernel_size=kernel_size, strides=(strides, strides), padding="same", activation="relu", use_bias=True
    )(input_layer)
    return keras.layers.BatchNormalization(axis=-1, momentum=0.99, epsilon=1e-3)(convolved)

# %% encoder_block
def encoder_block(input_layer, filters: int, strides: int):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer=input_layer, filters=filters, strides=strides)

# %% encoder
def encoder(input_shape, block_filters: Sequence[int], filters: int) -> keras.Model:
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(shape=input_shape, name="picture")
    x = inputs
    for number, block in enumerate(block_filters, start=1):
        x = encoder_block(x, block, strides=2)
    outputs = conv2d_batchnorm(x, filters, kernel_size=1, strides=1)
    assert outputs.shape[-1] == filters
    return keras.Model(inputs, outputs, name="encoder")
