"""Reference operations in NumPy: NHWC data, Keras' kernel layouts, Keras' argument names.

A "convolution" here is what Keras computes under that name: a cross-correlation, the kernel not rotated.
Every operation has a gradient beside it, `<operation>_gradient(upstream, …)`, which takes the gradient of a
scalar with respect to the operation's output and returns its gradients with respect to the inputs.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sepconv._arguments import check_not_both, check_padding, pair

Size = int | tuple[int, int]


def same_padding(size: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Zeros that `padding="same"` adds before and after one axis.

    The output has ceil(size / stride) places; where the zeros needed are odd in number, the extra one goes
    after, as in TensorFlow.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.

    Returns
    -------
    before, after : int
    """
    reach = (kernel_size - 1) * dilation + 1
    places = -(-size // stride)
    total = max((places - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def output_size(
    size: int, kernel_size: int, stride: int = 1, padding: str = "valid", dilation: int = 1
) -> int:
    """Places of a kernel along one axis.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.
    padding : {"valid", "same"}

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the kernel reaches over more pixels than there are (`padding="valid"`).
    """
    reach = (kernel_size - 1) * dilation + 1
    if check_padding(padding) == "same":
        return -(-size // stride)
    if reach > size:
        raise ValueError(f"kernel_size must fit into the input, got a reach of {reach} over {size} pixels")
    return (size - reach) // stride + 1


class _Geometry(NamedTuple):
    """Where a kernel lies on an input: all of it per axis, height first."""

    size: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    pad: tuple[tuple[int, int], tuple[int, int]]

    @property
    def reach(self) -> tuple[int, int]:
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel_size, self.dilation_rate, strict=True))


def _geometry(size, kernel_size, strides, padding, dilation_rate) -> _Geometry:
    strides, dilation_rate = pair("strides", strides), pair("dilation_rate", dilation_rate)
    check_not_both(strides, dilation_rate)
    axes = list(zip(size, kernel_size, strides, dilation_rate, strict=True))
    for n, k, s, d in axes:
        output_size(n, k, s, padding, d)
    pad = tuple(same_padding(*axis) if padding.lower() == "same" else (0, 0) for axis in axes)
    return _Geometry(tuple(size), tuple(kernel_size), strides, dilation_rate, pad)


def _array(name: str, value, axes: str) -> np.ndarray:
    array = np.asarray(value)
    if array.ndim != len(axes.split(",")):
        raise ValueError(f"{name} must have the axes ({axes}), got shape {array.shape}")
    if not np.issubdtype(array.dtype, np.number):
        raise ValueError(f"{name} must hold numbers, got dtype {array.dtype}")
    return array


def _windows(x: np.ndarray, at: _Geometry) -> np.ndarray:
    """View of every place of the kernel: (batch, out height, out width, channels, kernel height, width)."""
    padded = np.pad(x, ((0, 0), *at.pad, (0, 0)))
    (sh, sw), (dh, dw) = at.strides, at.dilation_rate
    return sliding_window_view(padded, at.reach, axis=(1, 2))[:, ::sh, ::sw, :, ::dh, ::dw]


def _by_group(windows: np.ndarray, groups: int) -> np.ndarray:
    """Windows as one matrix per group: (groups, places, channels / groups × kernel height × width)."""
    n, h, w, c, kh, kw = windows.shape
    split = windows.reshape(n, h, w, groups, c // groups, kh, kw)
    return np.moveaxis(split, 3, 0).reshape(groups, n * h * w, -1)


def _kernel_by_group(kernel: np.ndarray, groups: int) -> np.ndarray:
    """Kernel as one matrix per group, in the order of `_by_group`."""
    kh, kw, c, filters = kernel.shape
    split = kernel.reshape(kh, kw, c, groups, filters // groups)
    return split.transpose(3, 2, 0, 1, 4).reshape(groups, c * kh * kw, -1)


def _check_conv2d(x, kernel, strides, padding, dilation_rate, groups):
    x = _array("x", x, "batch, height, width, channels")
    kernel = _array("kernel", kernel, "height, width, channels / groups, filters")
    check_padding(padding)
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
    return x, kernel, _geometry(x.shape[1:3], kernel.shape[:2], strides, padding, dilation_rate)


def conv2d(x, kernel, strides: Size = 1, padding: str = "valid", dilation_rate: Size = 1, groups: int = 1):
    """Cross-correlate images with filters, as `keras.layers.Conv2D` without bias does.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (kernel height, kernel width, channels / groups, filters)
    strides : int or (int, int)
        Step between places, in pixels.
    padding : {"valid", "same"}
    dilation_rate : int or (int, int)
        Distance between a kernel's neighbours, in pixels. Not together with strides, as in Keras.
    groups : int
        Filters are split in as many groups, each of which sees its own share of the channels.

    Returns
    -------
    array, (batch, out height, out width, filters)

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, sections 2 and 5.1.
    """
    x, kernel, at = _check_conv2d(x, kernel, strides, padding, dilation_rate, groups)
    windows = _windows(x, at)
    y = _by_group(windows, groups) @ _kernel_by_group(kernel, groups)
    return np.moveaxis(y, 0, 1).reshape(*windows.shape[:3], kernel.shape[3])


def conv2d_gradient(
    upstream, x, kernel, strides: Size = 1, padding: str = "valid", dilation_rate: Size = 1, groups: int = 1
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
    x, kernel, at = _check_conv2d(x, kernel, strides, padding, dilation_rate, groups)
    windows = _windows(x, at)
    upstream = _array("upstream", upstream, "batch, height, width, filters")
    if upstream.shape != (expected := (*windows.shape[:3], kernel.shape[3])):
        raise ValueError(f"upstream must have the output's shape {expected}, got {upstream.shape}")
    kh, kw, c, filters = kernel.shape
    by_group = np.moveaxis(upstream.reshape(-1, groups, filters // groups), 1, 0)
    product = _by_group(windows, groups).transpose(0, 2, 1) @ by_group
    kernel_gradient = product.reshape(groups, c, kh, kw, -1).transpose(2, 3, 1, 0, 4).reshape(kernel.shape)
    return _spread(upstream, kernel, at, groups), kernel_gradient


def _spread(y: np.ndarray, kernel: np.ndarray, at: _Geometry, groups: int) -> np.ndarray:
    """Adjoint of `conv2d` in its input: zeros between the places, then the kernel rotated."""
    n, h, w, filters = y.shape
    kh, kw, c, _ = kernel.shape
    (sh, sw), reach = at.strides, at.reach
    apart = np.zeros((n, (h - 1) * sh + 1, (w - 1) * sw + 1, filters), y.dtype)
    apart[:, ::sh, ::sw] = y
    overlaps = np.pad(apart, ((0, 0), *((r - 1, r - 1) for r in reach), (0, 0)))
    rotated = kernel[::-1, ::-1].reshape(kh, kw, c, groups, filters // groups)
    turned = rotated.transpose(0, 1, 4, 3, 2).reshape(kh, kw, filters // groups, groups * c)
    covered = conv2d(overlaps, turned, dilation_rate=at.dilation_rate, groups=groups)
    # Of the padded input, the kernel may leave the last pixels uncovered.
    (top, bottom), (left, right) = at.pad
    (height, width), (_, covered_height, covered_width, channels) = at.size, covered.shape
    whole = np.zeros((n, top + height + bottom, left + width + right, channels), covered.dtype)
    whole[:, :covered_height, :covered_width] = covered
    return whole[:, top : top + height, left : left + width]


def _check_depthwise(x, kernel):
    x = _array("x", x, "batch, height, width, channels")
    kernel = _array("kernel", kernel, "height, width, channels, depth_multiplier")
    if kernel.shape[2] != x.shape[3]:
        raise ValueError(f"kernel must have as many channels as x, got {kernel.shape[2]} and {x.shape[3]}")
    kh, kw, c, multiplier = kernel.shape
    return x, kernel.reshape(kh, kw, 1, c * multiplier), c


def depthwise_conv2d(x, kernel, strides: Size = 1, padding: str = "valid", dilation_rate: Size = 1):
    """Filter every channel by itself, as `keras.layers.DepthwiseConv2D` without bias does.

    It is `conv2d` with as many groups as there are channels.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    kernel : array, (kernel height, kernel width, channels, depth_multiplier)
    strides, padding, dilation_rate
        As in `conv2d`.

    Returns
    -------
    array, (batch, out height, out width, channels × depth_multiplier)
        Channel by channel: the outputs of one input channel lie next to each other.

    Raises
    ------
    ValueError
        If shapes do not match or the kernel does not fit.
    """
    x, kernel, channels = _check_depthwise(x, kernel)
    return conv2d(x, kernel, strides, padding, dilation_rate, groups=channels)


def depthwise_conv2d_gradient(
    upstream, x, kernel, strides: Size = 1, padding: str = "valid", dilation_rate: Size = 1
):
    """Gradients of `depthwise_conv2d` with respect to `x` and `kernel`, in their shapes.

    Raises
    ------
    ValueError
        As `conv2d_gradient`.
    """
    shape = np.shape(kernel)
    x, kernel, channels = _check_depthwise(x, kernel)
    of_x, of_kernel = conv2d_gradient(upstream, x, kernel, strides, padding, dilation_rate, groups=channels)
    return of_x, of_kernel.reshape(shape)


def pointwise_conv2d(x, kernel):
    """Mix the channels of every pixel by one matrix: `conv2d` with a 1×1 kernel.

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
        raise ValueError(f"kernel must have the axes (1, 1, channels, filters), got shape {np.shape(kernel)}")
    return conv2d(x, kernel)


def separable_conv2d(
    x, depthwise_kernel, pointwise_kernel, strides: Size = 1, padding: str = "valid", dilation_rate: Size = 1
):
    """Filter space by channel, then mix channels, as `keras.layers.SeparableConv2D` without bias does.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    depthwise_kernel : array, (kernel height, kernel width, channels, depth_multiplier)
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
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017, section 1.
    """
    between = depthwise_conv2d(x, depthwise_kernel, strides, padding, dilation_rate)
    return pointwise_conv2d(between, pointwise_kernel)


def separable_conv2d_gradient(
    upstream,
    x,
    depthwise_kernel,
    pointwise_kernel,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
):
    """Gradients of `separable_conv2d` with respect to `x` and both kernels, in their shapes.

    Raises
    ------
    ValueError
        As `conv2d_gradient`.
    """
    between = depthwise_conv2d(x, depthwise_kernel, strides, padding, dilation_rate)
    of_between, of_pointwise = conv2d_gradient(upstream, between, pointwise_kernel)
    of_x, of_depthwise = depthwise_conv2d_gradient(
        of_between, x, depthwise_kernel, strides, padding, dilation_rate
    )
    return of_x, of_depthwise, of_pointwise


def transposed_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: str = "valid",
    output_padding: int | None = None,
    dilation: int = 1,
) -> int:
    """Pixels along one axis of the output of `conv2d_transpose`.

    Several input sizes of a strided convolution give one output size; `output_padding` says which is meant.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.
    padding : {"valid", "same"}
    output_padding : int or None
        Pixels added to the smallest size, less than the stride. None takes Keras' default: every pixel that a
        kernel reaches (at least `size * stride`) for "valid", `size * stride` for "same".

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If `padding` is unknown, or `output_padding` is such that a convolution of the result would not
        have `size` places.
    """
    reach = (kernel_size - 1) * dilation + 1
    same = check_padding(padding) == "same"
    if output_padding is None:
        return size * stride if same else (size - 1) * stride + max(reach, stride)
    result = (size - 1) * stride + (reach % 2 if same else reach) + output_padding
    if result < 1 or output_size(result, kernel_size, stride, padding, dilation) != size:
        raise ValueError(
            f"output_padding must leave {size} places of stride {stride} in the output, "
            f"got {output_padding}, an output of {result} pixels"
        )
    return result


def _check_transpose(y, kernel, strides, padding, output_padding, dilation_rate):
    y = _array("x", y, "batch, height, width, channels")
    kernel = _array("kernel", kernel, "height, width, filters, channels")
    if kernel.shape[3] != y.shape[3]:
        raise ValueError(f"kernel must have as many channels as x, got {kernel.shape[3]} and {y.shape[3]}")
    strides, dilation_rate = pair("strides", strides), pair("dilation_rate", dilation_rate)
    extra = (None, None) if output_padding is None else pair("output_padding", output_padding, minimum=0)
    size = tuple(
        transposed_size(n, k, s, padding, e, d)
        for n, k, s, e, d in zip(y.shape[1:3], kernel.shape[:2], strides, extra, dilation_rate, strict=True)
    )
    return y, kernel, _geometry(size, kernel.shape[:2], strides, padding, dilation_rate)


def conv2d_transpose(
    x,
    kernel,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
):
    """Go from a convolution's output size to its input size, as `keras.layers.Conv2DTranspose` without bias.

    It is the gradient of `conv2d` with respect to its input, for the same kernel array: every input pixel
    is spread over the output as one copy of the kernel, and overlaps add up. It does not undo a convolution.

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
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, section 4.
    """
    return _spread(*_check_transpose(x, kernel, strides, padding, output_padding, dilation_rate), groups=1)


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
    x, kernel, at = _check_transpose(x, kernel, strides, padding, output_padding, dilation_rate)
    upstream = _array("upstream", upstream, "batch, height, width, filters")
    if upstream.shape != (expected := (x.shape[0], *at.size, kernel.shape[2])):
        raise ValueError(f"upstream must have the output's shape {expected}, got {upstream.shape}")
    of_x = conv2d(upstream, kernel, strides, padding, dilation_rate)
    _, of_kernel = conv2d_gradient(x, upstream, kernel, strides, padding, dilation_rate)
    return of_x, of_kernel


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
        What is left of the kernel, as a share of its Frobenius norm: 0 where it separates, 1 at most.
    """

    column: np.ndarray
    row: np.ndarray
    singular_values: np.ndarray
    residual: float


def separate(kernel, rank: int = 1) -> Separation:
    """Factor a two-dimensional kernel into columns and rows by the singular value decomposition.

    Parameters
    ----------
    kernel : array, (kernel height, kernel width)
    rank : int
        Number of column-row pairs; 1 gives a spatially separable kernel.

    Returns
    -------
    Separation
        Each pair shares its singular value evenly, and the largest entry of each column is positive.

    Raises
    ------
    ValueError
        If `kernel` is not a matrix of finite numbers or `rank` is not between 1 and its smaller side.

    References
    ----------
    Eckart and Young, "The approximation of one matrix by another of lower rank", 1936.
    """
    kernel = _array("kernel", kernel, "height, width").astype(float)
    if not np.isfinite(kernel).all():
        raise ValueError("kernel must hold finite numbers, got NaN or infinity")
    if not 1 <= rank <= min(kernel.shape):
        raise ValueError(
            f"rank must be between 1 and {min(kernel.shape)} for shape {kernel.shape}, got {rank}"
        )
    u, s, vt = np.linalg.svd(kernel, full_matrices=False)
    column, row = u[:, :rank] * np.sqrt(s[:rank]), np.sqrt(s[:rank])[:, None] * vt[:rank]
    largest = column[np.abs(column).argmax(axis=0), np.arange(rank)]
    sign = np.where(largest < 0, -1.0, 1.0)
    norm = np.linalg.norm(s)
    residual = float(np.linalg.norm(s[rank:]) / norm) if norm else 0.0
    return Separation(column * sign, row * sign[:, None], s, residual)


def batch_normalization(x, mean, variance, beta=0.0, gamma=1.0, epsilon: float = 1e-3):
    """Shift and scale every channel, as `keras.layers.BatchNormalization` does with given statistics.

    Parameters
    ----------
    x : array, (…, channels)
    mean, variance : array, (channels,)
        The batch's own in training, the moving ones in inference.
    beta, gamma : array, (channels,), or float
        Learned shift and scale.
    epsilon : float
        Added to the variance.

    Returns
    -------
    array, as `x`

    Raises
    ------
    ValueError
        If `variance` has a negative entry.

    References
    ----------
    Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 1.
    """
    variance = np.asarray(variance)
    if (variance < 0).any():
        raise ValueError(f"variance must not be negative, got {variance.min()}")
    return (np.asarray(x) - mean) / np.sqrt(variance + epsilon) * gamma + beta
