"""Transposed convolution: from a convolution's output size to its input size."""

import numpy as np
from scipy import sparse

from sepconv._validation import check_not_both, check_padding, pair
from sepconv.ops.convolution import conv2d, conv2d_gradient, conv2d_input_gradient
from sepconv.ops.geometry import Size, check_array, conv_geometry, im2col, output_size


def transposed_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: str = "valid",
    output_padding: int | None = None,
    dilation: int = 1,
) -> int:
    """Pixels along one axis of the output of `conv2d_transpose`.

    Several input sizes of a strided convolution give one output size; `output_padding`
    says which is meant.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.
    padding : {"valid", "same"}
    output_padding : int or None
        Pixels added to the smallest size, less than the stride. None takes Keras'
        default: every pixel that a kernel reaches (at least `size * stride`) for
        "valid", `size * stride` for "same".

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If `padding` is unknown, or `output_padding` is such that a convolution of the
        result would not have `size` places.
    """
    effective_size = (kernel_size - 1) * dilation + 1
    same = check_padding(padding) == "same"
    if output_padding is None:
        return (
            size * stride if same else (size - 1) * stride + max(effective_size, stride)
        )
    result = (
        (size - 1) * stride
        + (effective_size % 2 if same else effective_size)
        + output_padding
    )
    if (
        result < 1
        or output_size(result, kernel_size, stride, padding, dilation) != size
    ):
        raise ValueError(
            f"output_padding must leave {size} places of stride {stride} in the output, "
            f"got {output_padding}, an output of {result} pixels"
        )
    return result


def _check_transpose(y, kernel, strides, padding, output_padding, dilation_rate):
    y = check_array("x", y, "batch, height, width, channels")
    kernel = check_array("kernel", kernel, "height, width, filters, channels")
    if kernel.shape[3] != y.shape[3]:
        raise ValueError(
            f"kernel must have as many channels as x, got {kernel.shape[3]} and {y.shape[3]}"
        )
    check_not_both(strides, dilation_rate)
    strides, dilation_rate = (
        pair("strides", strides),
        pair("dilation_rate", dilation_rate),
    )
    extra = (
        (None, None)
        if output_padding is None
        else pair("output_padding", output_padding, minimum=0)
    )
    size = tuple(
        transposed_size(n, k, s, padding, e, d)
        for n, k, s, e, d in zip(
            y.shape[1:3], kernel.shape[:2], strides, extra, dilation_rate, strict=True
        )
    )
    return (
        y,
        kernel,
        conv_geometry(size, kernel.shape[:2], strides, padding, dilation_rate),
    )


def conv2d_transpose(
    x,
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
):
    """Go from a convolution's output size to its input size, as `keras.layers.Conv2DTranspose` without bias.

    It is the gradient of `conv2d` with respect to its input, for the same kernel array:
    every input pixel is spread over the output as one copy of the kernel, and overlaps
    add up. It does not undo a convolution.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (kernel height, kernel width, filters, channels)
        Keras' layout of this layer: filters before channels.
    strides, padding, dilation_rate
        Of the convolution whose transpose it is.
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
    return conv2d_input_gradient(
        *_check_transpose(x, kernel, strides, padding, output_padding, dilation_rate),
        groups=1,
    )


def conv2d_transpose_gradient(
    upstream,
    x,
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
):
    """Gradients of `conv2d_transpose` with respect to `x` and `kernel`, in their shapes.

    Both are those of `conv2d` with input and output changing places.

    Raises
    ------
    ValueError
        As `conv2d_transpose`, and if `upstream` does not have the output's shape.
    """
    x, kernel, geometry = _check_transpose(
        x, kernel, strides, padding, output_padding, dilation_rate
    )
    upstream = check_array("upstream", upstream, "batch, height, width, filters")
    if upstream.shape != (expected := (x.shape[0], *geometry.size, kernel.shape[2])):
        raise ValueError(
            f"upstream must have the output's shape {expected}, got {upstream.shape}"
        )
    of_x = conv2d(upstream, kernel, strides, padding, dilation_rate)
    _, of_kernel = conv2d_gradient(x, upstream, kernel, strides, padding, dilation_rate)
    return of_x, of_kernel


def conv_matrix(
    input_shape: tuple[int, int, int],
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
) -> sparse.csr_array:
    """Write a convolution as the matrix that it is, for images of one size.

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
    kernel = check_array("kernel", kernel, "height, width, channels, filters")
    check_not_both(strides, dilation_rate)
    height, width, channels = input_shape
    if kernel.shape[2] != channels:
        raise ValueError(
            f"kernel must have the {channels} channels of the input, got {kernel.shape[2]}"
        )
    geometry = conv_geometry(
        (height, width), kernel.shape[:2], strides, padding, dilation_rate
    )
    # Number the pixels from 1: under a window, 0 is then padding.
    numbered = np.arange(1, height * width * channels + 1).reshape(
        1, height, width, channels
    )
    under = (
        im2col(numbered, geometry)
        .transpose(0, 1, 2, 4, 5, 3)
        .reshape(-1, kernel[..., 0].size)
    )
    filters = kernel.shape[3]
    places = len(under)
    columns = np.repeat(under[:, None, :], filters, axis=1)
    rows = np.broadcast_to(
        np.arange(places * filters).reshape(places, filters, 1), columns.shape
    )
    weights = np.broadcast_to(kernel.reshape(-1, filters).T, columns.shape)
    real = columns > 0
    shape = (places * filters, height * width * channels)
    return sparse.csr_array(
        (weights[real], (rows[real], columns[real] - 1)), shape=shape
    )
