"""Software engineer: type hints, a dataclass, assertions, its own little checks; everything is right."""

# %% conv2d_params
from dataclasses import dataclass
from collections.abc import Sequence


@dataclass(frozen=True)
class Window:
    """Height and width of a kernel."""

    height: int
    width: int

    @classmethod
    def of(cls, size: int | Sequence[int]) -> "Window":
        if isinstance(size, Sequence):
            return cls(*size)
        return cls(size, size)

    @property
    def area(self) -> int:
        return self.height * self.width


def conv2d_params(kernel_size, channels: int, filters: int, use_bias: bool = True) -> int:
    """Count the parameters of a dense convolution."""
    return Window.of(kernel_size).area * channels * filters + (filters if use_bias else 0)


assert conv2d_params(3, 3, 9, use_bias=False) == 243

# %% separable_conv2d_params
def separable_conv2d_params(
    kernel_size, channels: int, filters: int, depth_multiplier: int = 1, use_bias: bool = True
) -> int:
    """Count the parameters of a depthwise separable convolution."""
    maps = channels * depth_multiplier
    depthwise = Window.of(kernel_size).area * maps
    return depthwise + conv2d_params(1, maps, filters, use_bias)


assert separable_conv2d_params(3, 3, 9, use_bias=False) == 54

# %% dense_kernel
def dense_kernel(depthwise_kernel: np.ndarray, pointwise_kernel: np.ndarray) -> np.ndarray:
    """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
    *_, channels, multiplier = depthwise_kernel.shape
    one, uno, maps, filters = pointwise_kernel.shape
    assert one == uno == 1 and maps == channels * multiplier, "kernels do not fit together"
    mixing = pointwise_kernel.reshape(channels, multiplier, filters)
    composed = (depthwise_kernel[..., np.newaxis] * mixing).sum(axis=-2)
    assert composed.shape == (*depthwise_kernel.shape[:2], channels, filters)
    return composed

# %% fold_batch_norm
from typing import NamedTuple


class Folded(NamedTuple):
    kernel: np.ndarray
    bias: np.ndarray


def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon: float = 1e-3) -> Folded:
    """Give the (kernel, bias) that equal a convolution and its batch normalization."""
    factor = gamma / np.sqrt(variance + epsilon)
    return Folded(kernel=kernel * factor, bias=beta + factor * (bias - mean))

# %% separable_conv2d_batchnorm
def _normalized(layer: keras.layers.Layer, tensor):
    """What both layers have in common."""
    return keras.layers.BatchNormalization()(layer(tensor))


def separable_conv2d_batchnorm(input_layer, filters: int, strides: int = 1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    layer = SeparableConv2DKeras(
        filters=filters, kernel_size=3, strides=strides, padding="same", activation="relu"
    )
    return _normalized(layer, input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters: int, kernel_size=3, strides: int = 1):
    """Apply a dense convolution with relu, then batch normalization."""
    layer = keras.layers.Conv2D(
        filters=filters, kernel_size=kernel_size, strides=strides, padding="same", activation="relu"
    )
    return _normalized(layer, input_layer)

# %% encoder_block
def encoder_block(input_layer, filters: int, strides: int):
    """Apply one block of the encoder."""
    return separable_conv2d_batchnorm(input_layer=input_layer, filters=filters, strides=strides)

# %% encoder
def encoder(input_shape, block_filters: Sequence[int], filters: int) -> keras.Model:
    """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
    inputs = keras.Input(shape=input_shape)
    tensor = inputs
    for number, width in enumerate(block_filters, start=1):
        with keras.name_scope(f"block_{number}"):
            tensor = encoder_block(tensor, width, strides=2)
    outputs = conv2d_batchnorm(tensor, filters, kernel_size=1, strides=1)
    return keras.Model(inputs, outputs)
