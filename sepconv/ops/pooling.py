"""Pooling and bilinear upsampling."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from sepconv._validation import check_padding, pair
from sepconv.ops.geometry import (
    Geometry,
    Size,
    check_array,
    col2im,
    conv_geometry,
    im2col,
)


def _check_pool(
    x: ArrayLike, pool_size: Size, strides: Size | None, padding: str
) -> tuple[np.ndarray, Geometry]:
    x = check_array("x", x, "batch, height, width, channels")
    check_padding(padding)
    pool_size = pair("pool_size", pool_size)
    strides = pool_size if strides is None else pair("strides", strides)
    return x, conv_geometry(x.shape[1:3], pool_size, strides, padding, 1)


def _padded_windows(
    x: np.ndarray, geometry: Geometry, value: float
) -> np.ndarray:
    """View the windows on an input that is padded with `value` instead of zeros."""
    padded = np.pad(
        x, ((0, 0), *geometry.pad, (0, 0)), constant_values=value
    )
    return im2col(padded, geometry._replace(pad=((0, 0), (0, 0))))


def max_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Largest value of each window and channel, as `keras.layers.MaxPooling2D`.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    pool_size : int or (int, int)
    strides : int, (int, int) or None
        None for `pool_size`: windows side by side.
    padding : {"valid", "same"}

    Returns
    -------
    array, (batch, out height, out width, channels)

    Raises
    ------
    ValueError
        If the window does not fit.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    lowest = (
        -np.inf
        if np.issubdtype(x.dtype, np.floating)
        else np.iinfo(x.dtype).min
    )
    windows = _padded_windows(x, geometry, lowest)
    largest: np.ndarray = windows.max(axis=(-2, -1))
    return largest


def max_pool2d_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Gradient of `max_pool2d` with respect to `x`: each window's goes to its first maximum.

    Raises
    ------
    ValueError
        As `max_pool2d`.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    windows = _padded_windows(x.astype(float), geometry, -np.inf)
    flat = windows.reshape(*windows.shape[:4], -1)
    first = flat.argmax(axis=-1)[..., None] == np.arange(flat.shape[-1])
    shares: np.ndarray = first * np.asarray(upstream)[..., None]
    return col2im(shares.reshape(windows.shape), geometry)


def _pixel_counts(geometry: Geometry, channels: int) -> np.ndarray:
    """Count the pixels of the image, without padding, in each window."""
    windows = im2col(np.ones((1, *geometry.size, channels)), geometry)
    counts: np.ndarray = windows.sum(axis=(-2, -1))
    return counts


def average_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Mean of each window and channel, padding not counted, as `keras.layers.AveragePooling2D`.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    pool_size : int or (int, int)
    strides : int, (int, int) or None
        None for `pool_size`: windows side by side.
    padding : {"valid", "same"}

    Returns
    -------
    array, (batch, out height, out width, channels)

    Raises
    ------
    ValueError
        If the window does not fit.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    sums = im2col(x, geometry).sum(axis=(-2, -1))
    means: np.ndarray = sums / _pixel_counts(geometry, x.shape[3])
    return means.astype(np.result_type(x, np.float32))


def average_pool2d_gradient(
    upstream: ArrayLike,
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Gradient of `average_pool2d` with respect to `x`: each window's is shared out evenly.

    Raises
    ------
    ValueError
        As `average_pool2d`.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    upstream = np.asarray(upstream)
    counts = _pixel_counts(geometry, x.shape[3]).astype(upstream.dtype)
    shares: np.ndarray = (upstream / counts)[..., None, None]
    return col2im(
        np.broadcast_to(shares, (*shares.shape[:4], *geometry.kernel_size)),
        geometry,
    )


def global_average_pool2d(x: ArrayLike) -> np.ndarray:
    """Mean of each channel over all pixels, as `keras.layers.GlobalAveragePooling2D`.

    Parameters
    ----------
    x : array, (batch, height, width, channels)

    Returns
    -------
    array, (batch, channels)
    """
    x = check_array("x", x, "batch, height, width, channels")
    means: np.ndarray = x.mean(axis=(1, 2))
    return means


def global_average_pool2d_gradient(
    upstream: ArrayLike, x: ArrayLike
) -> np.ndarray:
    """Gradient of `global_average_pool2d` with respect to `x`, the same in all pixels."""
    _, height, width, _ = np.shape(x)
    return np.broadcast_to(
        np.asarray(upstream)[:, None, None] / (height * width), np.shape(x)
    )


def _interpolation_matrix(
    size: int, factor: int, dtype: DTypeLike
) -> np.ndarray:
    """Matrix of linear interpolation at the centres of pixels `factor` times as fine.

    Returns
    -------
    array, (size × factor, size)
    """
    centres = (np.arange(size * factor) + 0.5) / factor - 0.5
    below = np.floor(centres).astype(int)
    weight = centres - below
    matrix = np.zeros((size * factor, size), dtype)
    rows = np.arange(size * factor)
    np.add.at(matrix, (rows, below.clip(0, size - 1)), 1 - weight)
    np.add.at(matrix, (rows, (below + 1).clip(0, size - 1)), weight)
    return matrix


def upsample_bilinear2d(x: ArrayLike, size: Size = 2) -> np.ndarray:
    """Enlarge by linear interpolation, as `UpSampling2D(size, interpolation="bilinear")`.

    Pixels are squares and values lie at their centres; beyond the outermost centres the
    edge's value holds. The operation is spatially separable: one matrix for the rows,
    one for the columns.

    Parameters
    ----------
    x : array, (batch, height, width, channels)
    size : int or (int, int)
        How many times as high and as wide.

    Returns
    -------
    array, (batch, height × size, width × size, channels)

    Raises
    ------
    ValueError
        If `size` is not positive.
    """
    x = check_array("x", x, "batch, height, width, channels")
    dtype = np.result_type(x, np.float32)
    rows, columns = (
        _interpolation_matrix(n, f, dtype)
        for n, f in zip(x.shape[1:3], pair("size", size), strict=True)
    )
    y: np.ndarray = np.einsum(
        "ih,nhwc,jw->nijc", rows, x, columns, optimize=True
    )
    return y


def upsample_bilinear2d_gradient(
    upstream: ArrayLike, x: ArrayLike, size: Size = 2
) -> np.ndarray:
    """Gradient of `upsample_bilinear2d` with respect to `x`: the same two matrices, transposed.

    Raises
    ------
    ValueError
        As `upsample_bilinear2d`.
    """
    x, upstream = np.asarray(x), np.asarray(upstream)
    rows, columns = (
        _interpolation_matrix(n, f, upstream.dtype)
        for n, f in zip(x.shape[1:3], pair("size", size), strict=True)
    )
    x_gradient: np.ndarray = np.einsum(
        "ih,nijc,jw->nhwc", rows, upstream, columns, optimize=True
    )
    return x_gradient
