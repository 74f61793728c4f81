"""Geometry of a kernel on an image: padding, output size, windows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from sepconv._validation import check_padding, pair

Size = int | tuple[int, int]


def effective_size(kernel_size: int, dilation: int = 1) -> int:
    """Pixels along one axis from a kernel's first to its last, dilation included."""
    return (kernel_size - 1) * dilation + 1


def same_padding(
    size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Zeros that `padding="same"` adds before and after one axis.

    The output has ceil(size / stride) positions; where the zeros needed are odd in
    number, the extra one goes after, as in TensorFlow.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.

    Returns
    -------
    before, after : int
    """
    positions = output_size(size, kernel_size, stride, "same", dilation)
    needed = (positions - 1) * stride + effective_size(
        kernel_size, dilation
    )
    total = max(needed - size, 0)
    return total // 2, total - total // 2


def output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: str = "valid",
    dilation: int = 1,
) -> int:
    """Positions of a kernel along one axis.

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
        If the kernel covers more pixels than there are (`padding="valid"`).
    """
    if check_padding(padding) == "same":
        return -(-size // stride)
    covered = effective_size(kernel_size, dilation)
    if covered > size:
        raise ValueError(
            f"kernel_size must fit into the input, "
            f"got an effective size of {covered} over {size} pixels"
        )
    return (size - covered) // stride + 1


class Geometry(NamedTuple):
    """Geometry of a convolution: input, kernel and padding per axis, height first."""

    size: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    pad: tuple[tuple[int, int], tuple[int, int]]

    @property
    def effective_kernel_size(self) -> tuple[int, int]:
        """Pixels from a kernel's first to its last, dilation included."""
        (kh, kw), (dh, dw) = self.kernel_size, self.dilation_rate
        return effective_size(kh, dh), effective_size(kw, dw)


def conv_geometry(
    size: Sequence[int],
    kernel_size: Sequence[int],
    strides: Size,
    padding: str,
    dilation_rate: Size,
) -> Geometry:
    """Check the arguments of a convolution and derive its geometry.

    Raises
    ------
    ValueError
        If an argument is not what Keras takes or the kernel does not fit.
    """
    (height, width), (kh, kw) = size, kernel_size
    sh, sw = pair("strides", strides)
    dh, dw = pair("dilation_rate", dilation_rate)
    rows, columns = (height, kh, sh, dh), (width, kw, sw, dw)
    for n, k, s, d in (rows, columns):
        output_size(n, k, s, padding, d)
    same = padding.lower() == "same"
    pad = (
        (same_padding(*rows), same_padding(*columns))
        if same
        else ((0, 0), (0, 0))
    )
    return Geometry((height, width), (kh, kw), (sh, sw), (dh, dw), pad)


def check_array(name: str, value: ArrayLike, axes: str) -> np.ndarray:
    """Return `value` as an array of numbers with as many axes as `axes` names.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    values = np.asarray(value)
    if values.ndim != len(axes.split(",")):
        raise ValueError(
            f"{name} must have the axes ({axes}), got shape {values.shape}"
        )
    if not np.issubdtype(values.dtype, np.number):
        raise ValueError(
            f"{name} must hold numbers, got dtype {values.dtype}"
        )
    return values


def im2col(x: np.ndarray, geometry: Geometry) -> np.ndarray:
    """View the window under every position of the kernel, without a copy.

    Returns
    -------
    array, (batch, out height, out width, channels, kernel height, width)
    """
    padded = np.pad(x, ((0, 0), *geometry.pad, (0, 0)))
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilation_rate
    windows = sliding_window_view(
        padded, geometry.effective_kernel_size, axis=(1, 2)
    )
    return windows[:, ::sh, ::sw, :, ::dh, ::dw]


def col2im(windows: np.ndarray, geometry: Geometry) -> np.ndarray:
    """Add overlapping windows up into one image: the adjoint of `im2col`.

    The loop goes through the kernel's entries, not the pixels: it adds all
    first pixels of the windows at once, then all second ones, and so on.
    """
    n, h, w, c, kh, kw = windows.shape
    (top, bottom), (left, right) = geometry.pad
    (height, width), (sh, sw) = geometry.size, geometry.strides
    dh, dw = geometry.dilation_rate
    shape = (n, top + height + bottom, left + width + right, c)
    padded = np.zeros(shape, windows.dtype)
    for i, j in np.ndindex(kh, kw):
        rows = slice(i * dh, i * dh + (h - 1) * sh + 1, sh)
        columns = slice(j * dw, j * dw + (w - 1) * sw + 1, sw)
        padded[:, rows, columns] += windows[..., i, j]
    return padded[:, top : top + height, left : left + width]
