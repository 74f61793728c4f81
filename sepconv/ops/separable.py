"""Separable convolution: depthwise and pointwise, or a column and a row."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sepconv._validation import check_padding
from sepconv.ops.convolution import (
    conv2d,
    conv2d_gradient,
    convolve,
    convolve_gradient,
)
from sepconv.ops.geometry import Geometry, Size, check_array, conv_geometry


def _check_depthwise(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size,
    padding: str,
    dilation_rate: Size,
) -> tuple[np.ndarray, np.ndarray, Geometry]:
    x = check_array("x", x, "batch, height, width, channels")
    kernel = check_array(
        "kernel", kernel, "height, width, channels, depth_multiplier"
    )
    if kernel.shape[2] != x.shape[3]:
        raise ValueError(
            f"kernel must have as many channels as x, got {kernel.shape[2]} and {x.shape[3]}"
        )
    kh, kw, c, multiplier = kernel.shape
    geometry = conv_geometry(
        x.shape[1:3],
        (kh, kw),
        strides,
        check_padding(padding),
        dilation_rate,
    )
    return x, kernel.reshape(kh, kw, 1, c * multiplier), geometry


def depthwise_conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> np.ndarray:
    """Filter every channel by itself, as a `DepthwiseConv2D` without bias.

    A convolution with as many groups as there are channels.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (height, width, channels, depth_multiplier)
    strides, padding, dilation_rate
        As in `conv2d`, but strides and dilation may go together.

    Returns
    -------
    array, (batch, out height, out width, channels × depth_multiplier)
        Channel by channel: the outputs of one input channel are neighbours.

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.
    """
    x, kernel, geometry = _check_depthwise(
        x, kernel, strides, padding, dilation_rate
    )
    return convolve(x, kernel, geometry, groups=x.shape[3])


def depthwise_conv2d_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `depthwise_conv2d` with respect to `x` and `kernel`, in their shapes.

    Raises
    ------
    ValueError
        As `conv2d_gradient`.
    """
    shape = np.shape(kernel)
    x, kernel, geometry = _check_depthwise(
        x, kernel, strides, padding, dilation_rate
    )
    x_gradient, kernel_gradient = convolve_gradient(
        upstream, x, kernel, geometry, groups=x.shape[3]
    )
    return x_gradient, kernel_gradient.reshape(shape)


def pointwise_conv2d(x: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """Mix the channels of every pixel by one matrix.

    Equal to `conv2d` with a 1×1 kernel, with `conv2d_gradient` as its gradient.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (1, 1, channels, filters)

    Returns
    -------
    array, (batch, height, width, filters)

    Raises
    ------
    ValueError
        If `kernel` is not 1×1 or its channels are not those of `x`.
    """
    if np.shape(kernel)[:2] != (1, 1):
        raise ValueError(
            f"kernel must have the axes (1, 1, channels, filters), got shape {np.shape(kernel)}"
        )
    return conv2d(x, kernel)


def separable_conv2d(
    x: ArrayLike,
    depthwise_kernel: ArrayLike,
    pointwise_kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> np.ndarray:
    """Depthwise, then pointwise, as a `SeparableConv2D` without bias.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    depthwise_kernel : array, (height, width, channels, depth_multiplier)
    pointwise_kernel : array, (1, 1, channels × depth_multiplier, filters)
    strides, padding, dilation_rate
        Of the depthwise part, as in `conv2d`.

    Returns
    -------
    array, (batch, out height, out width, filters)

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable
    Convolutions", 2017, section 1.
    """
    between = depthwise_conv2d(
        x, depthwise_kernel, strides, padding, dilation_rate
    )
    return pointwise_conv2d(between, pointwise_kernel)


def separable_conv2d_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    depthwise_kernel: ArrayLike,
    pointwise_kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of `separable_conv2d` with respect to `x` and both kernels.

    Raises
    ------
    ValueError
        As `conv2d_gradient`.
    """
    between = depthwise_conv2d(
        x, depthwise_kernel, strides, padding, dilation_rate
    )
    between_gradient, pointwise_gradient = conv2d_gradient(
        upstream, between, pointwise_kernel
    )
    x_gradient, depthwise_gradient = depthwise_conv2d_gradient(
        between_gradient,
        x,
        depthwise_kernel,
        strides,
        padding,
        dilation_rate,
    )
    return x_gradient, depthwise_gradient, pointwise_gradient


class Separation(NamedTuple):
    """A kernel as a sum of `rank` columns times rows.

    Attributes
    ----------
    column : array, (kernel height, rank)
    row : array, (rank, kernel width)
        `column @ row` is the nearest matrix of that rank to the kernel.
    singular_values : array, (min(kernel height, kernel width),)
        All of them, largest first.
    residual : float
        Frobenius norm of the kernel minus `column @ row`, as a share of the kernel's:
        0 where it separates, 1 at most.
    """

    column: np.ndarray
    row: np.ndarray
    singular_values: np.ndarray
    residual: float


def separate(kernel: ArrayLike, rank: int = 1) -> Separation:
    """Factor a kernel into columns and rows by singular values.

    Parameters
    ----------
    kernel : array, (kernel height, kernel width)
    rank : int
        Number of column-row pairs; 1 gives a spatially separable kernel.

    Returns
    -------
    Separation
        Each pair shares its singular value evenly, and the largest entry of
        each column is positive.

    Raises
    ------
    ValueError
        If `kernel` is not a matrix of finite numbers or `rank` is not
        between 1 and its smaller side.

    References
    ----------
    Eckart and Young, "The approximation of one matrix by another of lower
    rank", 1936.
    """
    kernel = check_array("kernel", kernel, "height, width").astype(float)
    if not np.isfinite(kernel).all():
        raise ValueError(
            "kernel must hold finite numbers, got NaN or infinity"
        )
    if not 1 <= rank <= min(kernel.shape):
        raise ValueError(
            f"rank must be between 1 and {min(kernel.shape)} "
            f"for shape {kernel.shape}, got {rank}"
        )
    u, s, vt = np.linalg.svd(kernel, full_matrices=False)
    column, row = (
        u[:, :rank] * np.sqrt(s[:rank]),
        np.sqrt(s[:rank])[:, None] * vt[:rank],
    )
    largest = column[np.abs(column).argmax(axis=0), np.arange(rank)]
    sign = np.where(largest < 0, -1.0, 1.0)
    norm = np.linalg.norm(s)
    residual = float(np.linalg.norm(s[rank:]) / norm) if norm else 0.0
    return Separation(column * sign, row * sign[:, None], s, residual)
