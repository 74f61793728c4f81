"""Transposed convolution: from a convolution's output size to its input size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from sepconv._validation import (
    check_padding,
    check_strides_or_dilation,
    pair,
)
from sepconv.ops.convolution import (
    conv2d,
    conv2d_gradient,
    conv2d_input_gradient,
)
from sepconv.ops.geometry import (
    Geometry,
    Size,
    check_array,
    conv_geometry,
    effective_size,
    im2col,
    output_size,
)

if TYPE_CHECKING:
    from scipy import sparse


def transposed_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: str = "valid",
    output_padding: int | None = None,
    dilation: int = 1,
) -> int:
    """Pixels along one axis of the output of `conv2d_transpose`.

    A strided convolution maps several input sizes to one output size; `output_padding`
    chooses among them.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.
    padding : {"valid", "same"}
    output_padding : int or None
        Pixels added to the smallest size, less than the stride. None takes Keras'
        default: every pixel under a kernel (at least `size * stride`) for "valid",
        `size * stride` for "same".

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If `padding` is unknown, or `output_padding` is such that a convolution of the
        result would not have `size` positions.
    """
    covered = effective_size(kernel_size, dilation)
    same = check_padding(padding) == "same"
    if output_padding is None:
        return (
            size * stride
            if same
            else (size - 1) * stride + max(covered, stride)
        )
    result = (
        (size - 1) * stride
        + (covered % 2 if same else covered)
        + output_padding
    )
    if (
        result < 1
        or output_size(result, kernel_size, stride, padding, dilation)
        != size
    ):
        raise ValueError(
            f"output_padding must leave {size} positions of stride {stride} in the output, "
            f"got {output_padding}, an output of {result} pixels"
        )
    return result


def _check_transpose(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size,
    padding: str,
    output_padding: Size | None,
    dilation_rate: Size,
) -> tuple[np.ndarray, np.ndarray, Geometry]:
    x = check_array("x", x, "batch, height, width, channels")
    kernel = check_array(
        "kernel", kernel, "height, width, filters, channels"
    )
    if kernel.shape[3] != x.shape[3]:
        raise ValueError(
            f"kernel must have as many channels as x, got {kernel.shape[3]} and {x.shape[3]}"
        )
    check_strides_or_dilation(strides, dilation_rate)
    strides, dilation_rate = (
        pair("strides", strides),
        pair("dilation_rate", dilation_rate),
    )
    output_paddings: tuple[int | None, int | None] = (None, None)
    if output_padding is not None:
        output_paddings = pair("output_padding", output_padding, minimum=0)
    size = tuple(
        transposed_size(n, k, s, padding, o, d)
        for n, k, s, o, d in zip(
            x.shape[1:3],
            kernel.shape[:2],
            strides,
            output_paddings,
            dilation_rate,
            strict=True,
        )
    )
    geometry = conv_geometry(
        size, kernel.shape[:2], strides, padding, dilation_rate
    )
    return x, kernel, geometry


def conv2d_transpose(
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
) -> np.ndarray:
    """Transposed convolution, as `keras.layers.Conv2DTranspose` without bias.

    The gradient of `conv2d` with respect to its input, for the same kernel array: every
    input pixel becomes one copy of the kernel in the output, and overlaps add up. It
    goes from a convolution's output size to its input size and does not undo it.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (kernel height, kernel width, filters, channels)
        Keras' layout of this layer: filters before channels.
    strides, padding, dilation_rate
        Of the convolution that is transposed.
    output_padding : int, (int, int) or None
        See `transposed_size`.

    Returns
    -------
    array, (batch, out height, out width, filters)

    Raises
    ------
    ValueError
        If shapes do not match or `output_padding` is impossible.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    section 4.
    """
    x, kernel, geometry = _check_transpose(
        x, kernel, strides, padding, output_padding, dilation_rate
    )
    return conv2d_input_gradient(x, kernel, geometry, groups=1)


def conv2d_transpose_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `conv2d_transpose` with respect to `x` and `kernel`, in their shapes.

    Both are those of `conv2d` with input and output exchanged.

    Raises
    ------
    ValueError
        As `conv2d_transpose`, and if `upstream` does not have the output's shape.
    """
    x, kernel, geometry = _check_transpose(
        x, kernel, strides, padding, output_padding, dilation_rate
    )
    upstream = check_array(
        "upstream", upstream, "batch, height, width, filters"
    )
    if upstream.shape != (
        expected := (x.shape[0], *geometry.size, kernel.shape[2])
    ):
        raise ValueError(
            f"upstream must have the output's shape {expected}, got {upstream.shape}"
        )
    x_gradient = conv2d(upstream, kernel, strides, padding, dilation_rate)
    _, kernel_gradient = conv2d_gradient(
        x, upstream, kernel, strides, padding, dilation_rate
    )
    return x_gradient, kernel_gradient


def conv_matrix(
    input_shape: tuple[int, int, int],
    kernel: ArrayLike,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> sparse.csr_array:
    """Matrix of a convolution, for images of one size.

    With images and outputs flattened, `conv_matrix(…) @ x` is `conv2d(x, kernel, …)`,
    and the transposed matrix is `conv2d_transpose`, to which it gives its name.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width, channels.
    kernel : array, (kernel height, kernel width, channels, filters)
    strides, padding, dilation_rate
        As in `conv2d`.

    Returns
    -------
    scipy.sparse.csr_array, (out height × out width × filters, height × width ×
    channels)
        A row for each output value, with the kernel's weights in the columns of the
        pixels under it.

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016,
    section 4.1.
    """
    kernel = check_array(
        "kernel", kernel, "height, width, channels, filters"
    )
    check_strides_or_dilation(strides, dilation_rate)
    height, width, channels = input_shape
    if kernel.shape[2] != channels:
        raise ValueError(
            f"kernel must have the {channels} channels of the input, got {kernel.shape[2]}"
        )
    geometry = conv_geometry(
        (height, width), kernel.shape[:2], strides, padding, dilation_rate
    )
    # Number the pixels from 1: in a window, 0 is then padding.
    pixels = height * width * channels
    numbers = np.arange(1, pixels + 1).reshape(1, height, width, channels)
    windows = im2col(numbers, geometry).transpose(0, 1, 2, 4, 5, 3)
    windows = windows.reshape(-1, kernel[..., 0].size)
    filters, positions = kernel.shape[3], len(windows)
    columns = np.repeat(windows[:, None, :], filters, axis=1)
    rows = np.arange(positions * filters).reshape(positions, filters, 1)
    rows = np.broadcast_to(rows, columns.shape)
    weights = np.broadcast_to(kernel.reshape(-1, filters).T, columns.shape)
    inside = columns > 0
    entries = (weights[inside], (rows[inside], columns[inside] - 1))
    from scipy import sparse  # noqa: PLC0415 - for the one function that needs it

    return sparse.csr_array(entries, shape=(positions * filters, pixels))
