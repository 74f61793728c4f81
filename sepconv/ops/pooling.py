"""Pooling and bilinear upsampling."""

import numpy as np

from sepconv._validation import check_padding, pair
from sepconv.ops.geometry import (
    Geometry,
    Size,
    check_array,
    col2im,
    conv_geometry,
    im2col,
)


def _check_pool(x, pool_size, strides, padding):
    x = check_array("x", x, "batch, height, width, channels")
    check_padding(padding)
    pool_size = pair("pool_size", pool_size)
    strides = pool_size if strides is None else pair("strides", strides)
    return x, conv_geometry(x.shape[1:3], pool_size, strides, padding, 1)


def _pad(x: np.ndarray, geometry: Geometry, value) -> np.ndarray:
    return np.pad(x, ((0, 0), *geometry.pad, (0, 0)), constant_values=value)


def _unpooled(geometry: Geometry) -> Geometry:
    """Say where the windows lie on an input that is padded already."""
    return geometry._replace(pad=((0, 0), (0, 0)))


def max_pool2d(
    x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"
):
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
    lowest = -np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    return im2col(_pad(x, geometry, lowest), _unpooled(geometry)).max(axis=(-2, -1))


def max_pool2d_gradient(
    upstream,
    x,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
):
    """Gradient of `max_pool2d` with respect to `x`: each window's goes to its first largest value.

    Raises
    ------
    ValueError
        As `max_pool2d`.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    seen = im2col(_pad(x.astype(float), geometry, -np.inf), _unpooled(geometry))
    flat = seen.reshape(*seen.shape[:4], -1)
    first = flat.argmax(axis=-1)[..., None] == np.arange(flat.shape[-1])
    return col2im(
        (first * np.asarray(upstream)[..., None]).reshape(seen.shape), geometry
    )


def _count(geometry: Geometry, channels: int) -> np.ndarray:
    """Pixels of the image, padding left out, in each window."""
    return im2col(np.ones((1, *geometry.size, channels)), geometry).sum(axis=(-2, -1))


def average_pool2d(
    x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"
):
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
    return (
        im2col(x, geometry).sum(axis=(-2, -1)) / _count(geometry, x.shape[3])
    ).astype(np.result_type(x, np.float32))


def average_pool2d_gradient(
    upstream,
    x,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: str = "valid",
):
    """Gradient of `average_pool2d` with respect to `x`: each window's is shared out evenly.

    Raises
    ------
    ValueError
        As `average_pool2d`.
    """
    x, geometry = _check_pool(x, pool_size, strides, padding)
    share = np.asarray(upstream) / _count(geometry, x.shape[3]).astype(
        np.asarray(upstream).dtype
    )
    return col2im(
        np.broadcast_to(share[..., None, None], (*share.shape, *geometry.kernel_size)),
        geometry,
    )


def global_average_pool2d(x):
    """Mean of each channel over all pixels, as `keras.layers.GlobalAveragePooling2D`.

    Parameters
    ----------
    x : array, (batch, height, width, channels)

    Returns
    -------
    array, (batch, channels)
    """
    return check_array("x", x, "batch, height, width, channels").mean(axis=(1, 2))


def global_average_pool2d_gradient(upstream, x):
    """Gradient of `global_average_pool2d` with respect to `x`: each channel's is shared out evenly."""
    _, height, width, _ = np.shape(x)
    return np.broadcast_to(
        np.asarray(upstream)[:, None, None] / (height * width), np.shape(x)
    )


def _between(size: int, factor: int, dtype) -> np.ndarray:
    """Matrix (size × factor, size) that reads an axis at the centres of pixels `factor` times as fine."""
    centre = (np.arange(size * factor) + 0.5) / factor - 0.5
    below = np.floor(centre).astype(int)
    share = centre - below
    matrix = np.zeros((size * factor, size), dtype)
    rows = np.arange(size * factor)
    np.add.at(matrix, (rows, below.clip(0, size - 1)), 1 - share)
    np.add.at(matrix, (rows, (below + 1).clip(0, size - 1)), share)
    return matrix


def upsample_bilinear2d(x, size: Size = 2):
    """Enlarge by linear interpolation, as `keras.layers.UpSampling2D(size, interpolation="bilinear")`.

    Pixels are squares and values lie at their centres; beyond the outermost centres the
    edge's value holds. It is spatially separable: one matrix for the rows, one for the
    columns.

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
    down, across = (
        _between(n, f, dtype)
        for n, f in zip(x.shape[1:3], pair("size", size), strict=True)
    )
    return np.einsum("ih,nhwc,jw->nijc", down, x, across, optimize=True)


def upsample_bilinear2d_gradient(upstream, x, size: Size = 2):
    """Gradient of `upsample_bilinear2d` with respect to `x`: the same two matrices, transposed.

    Raises
    ------
    ValueError
        As `upsample_bilinear2d`.
    """
    x, upstream = np.asarray(x), np.asarray(upstream)
    down, across = (
        _between(n, f, upstream.dtype)
        for n, f in zip(x.shape[1:3], pair("size", size), strict=True)
    )
    return np.einsum("ih,nijc,jw->nhwc", down, upstream, across, optimize=True)
