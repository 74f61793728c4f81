"""Convolution (a cross-correlation, as in Keras) and its gradients."""

import numpy as np

from sepconv._validation import check_not_both, check_padding
from sepconv.ops.geometry import (
    Geometry,
    Size,
    check_array,
    col2im,
    conv_geometry,
    im2col,
)


def _by_group(seen: np.ndarray, groups: int) -> np.ndarray:
    """Windows as one matrix per group: (groups, places, channels / groups × kernel height × width)."""
    n, h, w, c, kh, kw = seen.shape
    split = seen.reshape(n, h, w, groups, c // groups, kh, kw)
    return np.moveaxis(split, 3, 0).reshape(groups, n * h * w, -1)


def _kernel_by_group(kernel: np.ndarray, groups: int) -> np.ndarray:
    """Kernel as one matrix per group, in the order of `_by_group`."""
    kh, kw, c, filters = kernel.shape
    split = kernel.reshape(kh, kw, c, groups, filters // groups)
    return split.transpose(3, 2, 0, 1, 4).reshape(groups, c * kh * kw, -1)


def _check_conv2d(x, kernel, strides, padding, dilation_rate, groups):
    x = check_array("x", x, "batch, height, width, channels")
    kernel = check_array("kernel", kernel, "height, width, channels / groups, filters")
    check_padding(padding)
    check_not_both(strides, dilation_rate)
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
    x,
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
):
    """Cross-correlate images with filters, as `keras.layers.Conv2D` without bias does.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (kernel height, kernel width, channels / groups, filters)
    strides : int or (int, int)
        Step between places, in pixels.
    padding : {"valid", "same"}
    dilation_rate : int or (int, int)
        Distance between a kernel's neighbours, in pixels. Not together with strides, as
        in Keras.
    groups : int
        Filters are split in as many groups, each of which sees its own share of the
        channels.

    Returns
    -------
    array, (batch, out height, out width, filters)

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    sections 2 and 5.1.
    """
    x, kernel, geometry = _check_conv2d(
        x, kernel, strides, padding, dilation_rate, groups
    )
    return convolve(x, kernel, geometry, groups)


def conv2d_gradient(
    upstream,
    x,
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
):
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
    """Multiply every window with the kernel: one matrix product for each group."""
    seen = im2col(x, geometry)
    y = _by_group(seen, groups) @ _kernel_by_group(kernel, groups)
    return np.moveaxis(y, 0, 1).reshape(*seen.shape[:3], kernel.shape[3])


def convolve_gradient(upstream, x, kernel, geometry: Geometry, groups: int):
    """Gradients of `convolve` with respect to `x` and `kernel`.

    Raises
    ------
    ValueError
        If `upstream` does not have the output's shape.
    """
    seen = im2col(x, geometry)
    upstream = check_array("upstream", upstream, "batch, height, width, filters")
    if upstream.shape != (expected := (*seen.shape[:3], kernel.shape[3])):
        raise ValueError(
            f"upstream must have the output's shape {expected}, got {upstream.shape}"
        )
    kh, kw, c, filters = kernel.shape
    by_group = np.moveaxis(upstream.reshape(-1, groups, filters // groups), 1, 0)
    product = _by_group(seen, groups).transpose(0, 2, 1) @ by_group
    kernel_gradient = (
        product.reshape(groups, c, kh, kw, -1)
        .transpose(2, 3, 1, 0, 4)
        .reshape(kernel.shape)
    )
    return conv2d_input_gradient(upstream, kernel, geometry, groups), kernel_gradient


def conv2d_input_gradient(
    y: np.ndarray, kernel: np.ndarray, geometry: Geometry, groups: int
) -> np.ndarray:
    """Spread every value over the window that it stands for, as a copy of the kernel, and add overlaps up.

    This is the adjoint of `conv2d` in its input.
    """
    n, h, w, filters = y.shape
    kh, kw, channels, _ = kernel.shape
    by_group = np.moveaxis(y.reshape(n * h * w, groups, filters // groups), 1, 0)
    copies = by_group @ _kernel_by_group(kernel, groups).transpose(0, 2, 1)
    shares = np.moveaxis(copies, 0, 1).reshape(n, h, w, groups * channels, kh, kw)
    return col2im(shares, geometry)
