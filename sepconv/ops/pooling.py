"""Pooling and bilinear upsampling."""

import numpy as np

from sepconv._arguments import check_padding, pair
from sepconv.ops.geometry import Geometry, Size, array, geometry, windows


def _check_pool(x, pool_size, strides, padding):
    x = array("x", x, "batch, height, width, channels")
    check_padding(padding)
    pool_size = pair("pool_size", pool_size)
    strides = pool_size if strides is None else pair("strides", strides)
    return x, geometry(x.shape[1:3], pool_size, strides, padding, 1)


def _pad(x: np.ndarray, at: Geometry, value) -> np.ndarray:
    return np.pad(x, ((0, 0), *at.pad, (0, 0)), constant_values=value)


def _unpooled(at: Geometry) -> Geometry:
    """Say where the windows lie on an input that is padded already."""
    return at._replace(pad=((0, 0), (0, 0)))


def _give_back(shares: np.ndarray, at: Geometry) -> np.ndarray:
    """Add up, for every pixel, its share of each window (…, pool height, pool width) that holds it."""
    n, h, w, c, kh, kw = shares.shape
    (top, bottom), (left, right) = at.pad
    (height, width), (sh, sw) = at.size, at.strides
    whole = np.zeros((n, top + height + bottom, left + width + right, c), shares.dtype)
    for i, j in np.ndindex(kh, kw):
        whole[:, i : i + (h - 1) * sh + 1 : sh, j : j + (w - 1) * sw + 1 : sw] += shares[..., i, j]
    return whole[:, top : top + height, left : left + width]


def max_pool2d(x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"):
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
    x, at = _check_pool(x, pool_size, strides, padding)
    lowest = -np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    return windows(_pad(x, at, lowest), _unpooled(at)).max(axis=(-2, -1))


def max_pool2d_gradient(
    upstream, x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"
):
    """Gradient of `max_pool2d` with respect to `x`: each window's goes to its first largest value.

    Raises
    ------
    ValueError
        As `max_pool2d`.
    """
    x, at = _check_pool(x, pool_size, strides, padding)
    seen = windows(_pad(x.astype(float), at, -np.inf), _unpooled(at))
    flat = seen.reshape(*seen.shape[:4], -1)
    first = flat.argmax(axis=-1)[..., None] == np.arange(flat.shape[-1])
    return _give_back((first * np.asarray(upstream)[..., None]).reshape(seen.shape), at)


def _count(at: Geometry, channels: int) -> np.ndarray:
    """Pixels of the image, padding left out, in each window."""
    return windows(np.ones((1, *at.size, channels)), at).sum(axis=(-2, -1))


def average_pool2d(x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"):
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
    x, at = _check_pool(x, pool_size, strides, padding)
    return (windows(x, at).sum(axis=(-2, -1)) / _count(at, x.shape[3])).astype(np.result_type(x, np.float32))


def average_pool2d_gradient(
    upstream, x, pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"
):
    """Gradient of `average_pool2d` with respect to `x`: each window's is shared out evenly.

    Raises
    ------
    ValueError
        As `average_pool2d`.
    """
    x, at = _check_pool(x, pool_size, strides, padding)
    share = np.asarray(upstream) / _count(at, x.shape[3]).astype(np.asarray(upstream).dtype)
    return _give_back(np.broadcast_to(share[..., None, None], (*share.shape, *at.kernel_size)), at)


def global_average_pool2d(x):
    """Mean of each channel over all pixels, as `keras.layers.GlobalAveragePooling2D`.

    Parameters
    ----------
    x : array, (batch, height, width, channels)

    Returns
    -------
    array, (batch, channels)
    """
    return array("x", x, "batch, height, width, channels").mean(axis=(1, 2))


def global_average_pool2d_gradient(upstream, x):
    """Gradient of `global_average_pool2d` with respect to `x`: each channel's is shared out evenly."""
    _, height, width, _ = np.shape(x)
    return np.broadcast_to(np.asarray(upstream)[:, None, None] / (height * width), np.shape(x))


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

    Pixels are squares and values lie at their centres; beyond the outermost centres the edge's value holds.
    It is spatially separable: one matrix for the rows, one for the columns.

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
    x = array("x", x, "batch, height, width, channels")
    dtype = np.result_type(x, np.float32)
    down, across = (_between(n, f, dtype) for n, f in zip(x.shape[1:3], pair("size", size), strict=True))
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
        _between(n, f, upstream.dtype) for n, f in zip(x.shape[1:3], pair("size", size), strict=True)
    )
    return np.einsum("ih,nijc,jw->nhwc", down, upstream, across, optimize=True)
