"""Batch normalization, in inference and in training."""

import numpy as np


def batch_normalization(
    x: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    beta: np.ndarray | float = 0.0,
    gamma: np.ndarray | float = 1.0,
    epsilon: float = 1e-3,
) -> np.ndarray:
    """Normalize channels by given statistics, as `BatchNormalization`.

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
        raise ValueError(
            f"variance must not be negative, got {variance.min()}"
        )
    normalized = (np.asarray(x) - mean) / np.sqrt(variance + epsilon)
    scaled: np.ndarray = normalized * gamma + beta
    return scaled


def batch_statistics(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of every channel over a batch, for batch normalization in training.

    Parameters
    ----------
    x : array, (…, channels)

    Returns
    -------
    mean, variance : arrays, (channels,)
    """
    axes = tuple(range(np.ndim(x) - 1))
    return np.mean(x, axis=axes), np.var(x, axis=axes)


def batch_normalization_gradient(
    upstream: np.ndarray,
    x: np.ndarray,
    gamma: np.ndarray | float = 1.0,
    epsilon: float = 1e-3,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of `batch_normalization` in training, with the batch's own statistics.

    Parameters
    ----------
    upstream, x : array, (…, channels)
    gamma : array, (channels,), or float
        The shift, beta, makes no difference.
    epsilon : float

    Returns
    -------
    x_gradient : array, as `x`
    beta_gradient, gamma_gradient : arrays, (channels,)

    Raises
    ------
    ValueError
        If `upstream` does not have the shape of `x`.

    References
    ----------
    Ioffe and Szegedy, "Batch Normalization", 2015, section 3.
    """
    x, upstream = np.asarray(x), np.asarray(upstream)
    if upstream.shape != x.shape:
        raise ValueError(
            f"upstream must have the shape of x, {x.shape}, got {upstream.shape}"
        )
    mean, variance = batch_statistics(x)
    axes = tuple(range(x.ndim - 1))
    scale = 1 / np.sqrt(variance + epsilon)
    normalized = (x - mean) * scale
    beta_gradient = upstream.sum(axis=axes)
    gamma_gradient = (upstream * normalized).sum(axis=axes)
    count = x.size // x.shape[-1]
    centred = (
        upstream
        - beta_gradient / count
        - normalized * gamma_gradient / count
    )
    x_gradient = gamma * scale * centred
    return x_gradient, beta_gradient, gamma_gradient
