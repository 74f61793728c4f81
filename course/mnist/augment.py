"""Images slightly turned, sheared, scaled, shifted and warped, each in its own way."""

import keras
import numpy as np
from scipy import ndimage

from course.mnist.recipes import Jitter, Recipe

SMOOTHING = 4.0  # pixels: standard deviation of the Gaussian that makes random shifts a smooth field


def moved(images, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Move images as a recipe says."""
    if recipe.jitter:
        images = jitter(images, recipe.jitter, rng)
    if recipe.elastic:
        images = elastic(images, recipe.elastic, rng)
    return images


def jitter(images, amount: Jitter, rng: np.random.Generator) -> np.ndarray:
    """Move every image by an affine map of its own about its middle.

    Parameters
    ----------
    images : float array, (batch, height, width, channels)
        What comes in from beyond the border is 0.
    amount : Jitter
        The most that each part of the map may do.
    rng : numpy.random.Generator

    Returns
    -------
    float32 array, as `images`
    """
    count, height, width, _ = images.shape

    def draw(most):
        return rng.uniform(-most, most, count)

    angle, lean = np.deg2rad(draw(amount.degrees)), draw(amount.shear)
    stretch_x, stretch_y = 1 + draw(amount.scale), 1 + draw(amount.scale)
    cos, sin = np.cos(angle), np.sin(angle)
    xx, xy = cos * stretch_x, lean - sin * stretch_y
    yx, yy = sin * stretch_x, cos * stretch_y
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    zero = np.zeros(count)
    # Keras takes each map as the first eight entries of a 3×3 matrix from the output's (x, y) to
    # the input's.
    maps = np.stack(
        [
            *(xx, xy, middle_x - xx * middle_x - xy * middle_y + draw(amount.pixels)),
            *(yx, yy, middle_y - yx * middle_x - yy * middle_y + draw(amount.pixels)),
            *(zero, zero),
        ],
        axis=1,
    ).astype("float32")
    moved = keras.ops.image.affine_transform(
        images, maps, interpolation="bilinear", fill_mode="constant", data_format="channels_last"
    )
    return np.asarray(moved)


def elastic(images, pixels: float, rng: np.random.Generator) -> np.ndarray:
    """Shift the pixels of every image along a smooth random field of its own.

    Parameters
    ----------
    images : float array, (batch, height, width, channels)
        What comes in from beyond the border is 0.
    pixels : float
        Root mean square of the shifts along each axis.
    rng : numpy.random.Generator

    Returns
    -------
    float32 array, as `images`

    References
    ----------
    Simard et al., "Best Practices for Convolutional Neural Networks Applied to Visual Document
    Analysis", 2003.
    """
    batch, height, width, _ = images.shape
    shape = (batch, height, width)
    places = np.indices(shape, "float32")
    for axis in (1, 2):
        field = ndimage.gaussian_filter(
            rng.standard_normal(shape, "float32"), (0, SMOOTHING, SMOOTHING), mode="wrap"
        )
        places[axis] += field * (pixels / np.sqrt(np.mean(field**2)))
    channels = [
        ndimage.map_coordinates(channel, places, order=1, mode="grid-constant")
        for channel in np.moveaxis(np.asarray(images), -1, 0)
    ]
    return np.stack(channels, axis=-1).astype("float32")
