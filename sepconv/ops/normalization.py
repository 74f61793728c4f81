"""Batch normalization, in inference and in training."""

import numpy as np


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


def batch_statistics(x):
    """Mean and variance of every channel over a batch, as batch normalization takes them in training.

    Parameters
    ----------
    x : array, (…, channels)

    Returns
    -------
    mean, variance : arrays, (channels,)
    """
    axes = tuple(range(np.ndim(x) - 1))
    return np.mean(x, axis=axes), np.var(x, axis=axes)


def batch_normalization_gradient(upstream, x, gamma=1.0, epsilon: float = 1e-3):
    """Gradients of `batch_normalization` in training, where the statistics are those of the batch itself.

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
        raise ValueError(f"upstream must have the shape of x, {x.shape}, got {upstream.shape}")
    mean, variance = batch_statistics(x)
    axes = tuple(range(x.ndim - 1))
    scale = 1 / np.sqrt(variance + epsilon)
    normal = (x - mean) * scale
    of_gamma, of_beta = (upstream * normal).sum(axis=axes), upstream.sum(axis=axes)
    count = x.size // x.shape[-1]
    of_x = gamma * scale * (upstream - of_beta / count - normal * of_gamma / count)
    return of_x, of_beta, of_gamma
