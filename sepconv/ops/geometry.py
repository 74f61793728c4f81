"""Where a kernel lies on an image: padding, places, windows."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sepconv._validation import check_padding, pair

Size = int | tuple[int, int]


def same_padding(
    size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Zeros that `padding="same"` adds before and after one axis.

    The output has ceil(size / stride) places; where the zeros needed are odd in number,
    the extra one goes after, as in TensorFlow.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        Of one axis, in pixels.

    Returns
    -------
    before, after : int
    """
    effective_size = (kernel_size - 1) * dilation + 1
    places = -(-size // stride)
    total = max((places - 1) * stride + effective_size - size, 0)
    return total // 2, total - total // 2


def output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: str = "valid",
    dilation: int = 1,
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
    effective_size = (kernel_size - 1) * dilation + 1
    if check_padding(padding) == "same":
        return -(-size // stride)
    if effective_size > size:
        raise ValueError(
            f"kernel_size must fit into the input, "
            f"got an effective size of {effective_size} over {size} pixels"
        )
    return (size - effective_size) // stride + 1


class Geometry(NamedTuple):
    """Where a kernel lies on an input: all of it per axis, height first."""

    size: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    pad: tuple[tuple[int, int], tuple[int, int]]

    @property
    def effective_kernel_size(self) -> tuple[int, int]:
        """Pixels from a kernel's first to its last, dilation included."""
        return tuple(
            (k - 1) * d + 1
            for k, d in zip(self.kernel_size, self.dilation_rate, strict=True)
        )


def conv_geometry(size, kernel_size, strides, padding, dilation_rate) -> Geometry:
    """Check the arguments of a convolution and say where its kernel lies.

    Raises
    ------
    ValueError
        If an argument is not what Keras takes or the kernel does not fit.
    """
    strides, dilation_rate = (
        pair("strides", strides),
        pair("dilation_rate", dilation_rate),
    )
    axes = list(zip(size, kernel_size, strides, dilation_rate, strict=True))
    for n, k, s, d in axes:
        output_size(n, k, s, padding, d)
    pad = tuple(
        same_padding(*axis) if padding.lower() == "same" else (0, 0) for axis in axes
    )
    return Geometry(tuple(size), tuple(kernel_size), strides, dilation_rate, pad)


def check_array(name: str, value, axes: str) -> np.ndarray:
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
        raise ValueError(f"{name} must hold numbers, got dtype {values.dtype}")
    return values


def im2col(x: np.ndarray, geometry: Geometry) -> np.ndarray:
    """View of every place of the kernel: (batch, out height, out width, channels, kernel height, width)."""
    padded = np.pad(x, ((0, 0), *geometry.pad, (0, 0)))
    (sh, sw), (dh, dw) = geometry.strides, geometry.dilation_rate
    return sliding_window_view(padded, geometry.effective_kernel_size, axis=(1, 2))[
        :, ::sh, ::sw, :, ::dh, ::dw
    ]


def col2im(shares: np.ndarray, geometry: Geometry) -> np.ndarray:
    """Add overlapping windows up into one image: the adjoint of `im2col`, of its shape.

    It goes through the kernel's places, not the pixels: all first pixels of the windows at once, and so on.
    """
    n, h, w, c, kh, kw = shares.shape
    (top, bottom), (left, right) = geometry.pad
    (height, width), (sh, sw), (dh, dw) = (
        geometry.size,
        geometry.strides,
        geometry.dilation_rate,
    )
    whole = np.zeros((n, top + height + bottom, left + width + right, c), shares.dtype)
    for i, j in np.ndindex(kh, kw):
        rows = slice(i * dh, i * dh + (h - 1) * sh + 1, sh)
        columns = slice(j * dw, j * dw + (w - 1) * sw + 1, sw)
        whole[:, rows, columns] += shares[..., i, j]
    return whole[:, top : top + height, left : left + width]
