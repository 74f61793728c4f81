"""Convolution (a cross-correlation, as in Keras) and its gradients."""

import numpy as np
from numpy.typing import ArrayLike

from sepconv._validation import check_padding, check_strides_or_dilation
from sepconv.ops.geometry import (
    Geometry,
    Size,
    check_array,
    col2im,
    conv_geometry,
    im2col,
)


def windows_by_group(windows: np.ndarray, groups: int) -> np.ndarray:
    """Lay windows out as one matrix per group.

    Returns
    -------
    array, (groups, output positions, channels / groups × height × width)
    """
    n, h, w, c, kh, kw = windows.shape
    split = windows.reshape(n, h, w, groups, c // groups, kh, kw)
    return np.moveaxis(split, 3, 0).reshape(groups, n * h * w, -1)


def kernel_by_group(kernel: np.ndarray, groups: int) -> np.ndarray:
    """Lay a kernel out as one matrix per group, as `windows_by_group`."""
    kh, kw, c, filters = kernel.shape
    split = kernel.reshape(kh, kw, c, groups, filters // groups)
    return split.transpose(3, 2, 0, 1, 4).reshape(groups, c * kh * kw, -1)


def _check_conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size,
    padding: str,
    dilation_rate: Size,
    groups: int,
) -> tuple[np.ndarray, np.ndarray, Geometry]:
    x = check_array("x", x, "batch, height, width, channels")
    kernel = check_array(
        "kernel", kernel, "height, width, channels / groups, filters"
    )
    check_padding(padding)
    check_strides_or_dilation(strides, dilation_rate)
    if groups < 1 or x.shape[3] % groups or kernel.shape[3] % groups:
        raise ValueError(
            f"groups must divide the channels of x and the filters of kernel, "
            f"got groups={groups} for {x.shape[3]} channels and {kernel.shape[3]} filters"
        )
    if kernel.shape[2] != x.shape[3] // groups:
        raise ValueError(
            f"kernel must have {x.shape[3] // groups} input channels "
            f"({x.shape[3]} channels of x / {groups} groups), got {kernel.shape[2]}"
        )
    geometry = conv_geometry(
        x.shape[1:3], kernel.shape[:2], strides, padding, dilation_rate
    )
    return x, kernel, geometry


def conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
) -> np.ndarray:
    """Cross-correlate images with filters, as a `Conv2D` without bias does.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (height, width, channels / groups, filters)
    strides : int or (int, int)
        Step between positions of the kernel, in pixels.
    padding : {"valid", "same"}
    dilation_rate : int or (int, int)
        Distance between a kernel's neighbours, in pixels. Not together with
        strides, as in Keras.
    groups : int
        Filters and channels are split into as many groups; a group of
        filters reads its own group of channels.

    Returns
    -------
    array, (batch, out height, out width, filters)

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep
    learning", 2016, sections 2 and 5.1.
    """
    x, kernel, geometry = _check_conv2d(
        x, kernel, strides, padding, dilation_rate, groups
    )
    return convolve(x, kernel, geometry, groups)


def conv2d_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `conv2d`.

    Parameters
    ----------
    upstream : array, (batch, out height, out width, filters)
        Gradient with respect to the output.
    x, kernel, strides, padding, dilation_rate, groups
        As given to `conv2d`.

    Returns
    -------
    x_gradient, kernel_gradient : arrays
        Of the shapes of `x` and `kernel`.

    Raises
    ------
    ValueError
        As `conv2d`, and if `upstream` does not have the output's shape.
    """
    x, kernel, geometry = _check_conv2d(
        x, kernel, strides, padding, dilation_rate, groups
    )
    return convolve_gradient(upstream, x, kernel, geometry, groups)


def convolve(
    x: np.ndarray, kernel: np.ndarray, geometry: Geometry, groups: int
) -> np.ndarray:
    """Multiply every window by the kernel: one product for each group."""
    windows = im2col(x, geometry)
    y: np.ndarray = windows_by_group(windows, groups) @ kernel_by_group(
        kernel, groups
    )
    shape = (*windows.shape[:3], kernel.shape[3])
    return np.moveaxis(y, 0, 1).reshape(shape)


def convolve_gradient(
    upstream: ArrayLike,
    x: np.ndarray,
    kernel: np.ndarray,
    geometry: Geometry,
    groups: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `convolve` with respect to `x` and `kernel`.

    Raises
    ------
    ValueError
        If `upstream` does not have the output's shape.
    """
    windows = im2col(x, geometry)
    upstream = check_array(
        "upstream", upstream, "batch, height, width, filters"
    )
    if upstream.shape != (
        expected := (*windows.shape[:3], kernel.shape[3])
    ):
        raise ValueError(
            f"upstream must have the output's shape {expected}, got {upstream.shape}"
        )
    x_gradient = conv2d_input_gradient(upstream, kernel, geometry, groups)
    return x_gradient, _kernel_gradient(upstream, windows, kernel, groups)


def _kernel_gradient(
    upstream: np.ndarray,
    windows: np.ndarray,
    kernel: np.ndarray,
    groups: int,
) -> np.ndarray:
    kh, kw, c, filters = kernel.shape
    by_group = np.moveaxis(
        upstream.reshape(-1, groups, filters // groups), 1, 0
    )
    product: np.ndarray = (
        windows_by_group(windows, groups).transpose(0, 2, 1) @ by_group
    )
    split = product.reshape(groups, c, kh, kw, -1)
    return split.transpose(2, 3, 1, 0, 4).reshape(kernel.shape)


def conv2d_input_gradient(
    upstream: np.ndarray,
    kernel: np.ndarray,
    geometry: Geometry,
    groups: int,
) -> np.ndarray:
    """Gradient of `convolve` with respect to its input: its adjoint.

    Every value becomes a copy of the kernel, multiplied by the value, over
    the window that the value was computed from; overlaps add up.
    """
    n, h, w, filters = upstream.shape
    kh, kw, channels, _ = kernel.shape
    by_group = np.moveaxis(
        upstream.reshape(n * h * w, groups, filters // groups), 1, 0
    )
    copies = by_group @ kernel_by_group(kernel, groups).transpose(0, 2, 1)
    windows = np.moveaxis(copies, 0, 1).reshape(
        n, h, w, groups * channels, kh, kw
    )
    return col2im(windows, geometry)


def channel_shuffle(x: ArrayLike, groups: int) -> np.ndarray:
    """Deal the channels of each group out to all groups.

    Channel i of group j becomes channel j of group i, as when a matrix of groups and
    channels is transposed. Shuffling with `groups = channels / groups` is the inverse.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    groups : int
        A divisor of the channels.

    Returns
    -------
    array, as `x`

    Raises
    ------
    ValueError
        If `groups` does not divide the channels.

    References
    ----------
    Zhang et al., "ShuffleNet", 2018, section 3.1.
    """
    x = check_array("x", x, "batch, height, width, channels")
    if groups < 1 or x.shape[3] % groups:
        raise ValueError(
            f"groups must divide the channels of x, got groups={groups} for {x.shape[3]}"
        )
    split = x.reshape(*x.shape[:3], groups, x.shape[3] // groups)
    return split.swapaxes(3, 4).reshape(x.shape)
