"""Scenes for dense prediction, composed from handwritten digits."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from sepconv import ops
from sepconv._validation import pair
from sepconv.data.mnist import digits

BACKGROUND = 0
CLASSES = 11  # the background, then the digits 0 to 9 as 1 to 10
INK = 0.3
PLACES_TRIED = 20
OVERLAP = 0.15


@dataclass(frozen=True)
class Scenes:
    """Pictures with several digits each, and the class of every pixel; the arrays are read-only.

    Attributes
    ----------
    images : float32 array, (scenes, height, width, 1)
        From 0 (black) to 1 (white).
    labels : int64 array, (scenes, height, width)
        0 where there is background, digit + 1 where a digit's ink is above 0.3.
    source : str
        Where the digits come from, in words.
    """

    images: np.ndarray
    labels: np.ndarray
    source: str


@cache
def digit_scenes(
    count: int,
    size: int | tuple[int, int] = 64,
    split: str = "train",
    seed: int = 0,
    max_digits: int = 4,
    mnist: bool = True,
) -> Scenes:
    """Compose scenes of digits at random places on a softly shaded ground.

    Parameters
    ----------
    count : int
        Number of scenes.
    size : int or (int, int)
        Height and width in pixels, at least those of a digit (28).
    split : {"train", "test"}
        Which of `digits()` the scenes are made from: no digit is in scenes of both.
    seed : int
        The same arguments give the same scenes wherever the digits are the same.
    max_digits : int
        Digits in a scene: from one to this many, as far as there is room.
    mnist : bool
        False for scikit-learn's digits even where MNIST can be had.

    Returns
    -------
    Scenes
        Composed once in a process for each set of arguments.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    height, width = pair("size", size)
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test', got {split!r}")
    if count < 1 or max_digits < 1:
        raise ValueError(
            f"count and max_digits must be positive, got count={count} and max_digits={max_digits}"
        )
    glyphs, names, source = _glyphs(split, mnist)
    if min(height, width) < max(glyphs.shape[1:]):
        raise ValueError(f"size must hold a digit of {glyphs.shape[1:]} pixels, got {(height, width)}")
    # The split is part of the seed: scenes for training and for testing differ in their layout, too.
    rng = np.random.default_rng([seed, split == "test"])
    images = np.stack([_ground(rng, height, width) for _ in range(count)])
    labels = np.full((count, height, width), BACKGROUND, np.int64)
    for image, label in zip(images, labels, strict=True):
        for _ in range(rng.integers(1, max_digits + 1)):
            which = rng.integers(len(glyphs))
            _place(rng, image, label, glyphs[which], names[which])
    images = images[..., None].astype(np.float32)
    for array in (images, labels):
        array.flags.writeable = False
    return Scenes(images, labels, source)


def _glyphs(split: str, mnist: bool):
    """Digits of a split, all about 28 pixels high: scikit-learn's of 8×8 are enlarged threefold."""
    d = digits(mnist)
    x, y = (d.x_train, d.y_train) if split == "train" else (d.x_test, d.y_test)
    if not d.is_mnist:
        x = ops.upsample_bilinear2d(x, 3)
    return x[..., 0], y, d.source


def _ground(rng, height: int, width: int) -> np.ndarray:
    """Shade a ground: a dim slope in a random direction, with a little noise."""
    down, across = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)
    angle = rng.uniform(0, 2 * np.pi)
    slope = 0.1 * (np.cos(angle) * down + np.sin(angle) * across)
    return np.clip(0.15 + slope + rng.normal(0, 0.03, (height, width)), 0, 1)


def _place(rng, image: np.ndarray, label: np.ndarray, glyph: np.ndarray, name: int) -> None:
    """Lay a digit where it covers little of those that are there already, or leave it out."""
    (height, width), ink = glyph.shape, glyph > INK
    for _ in range(PLACES_TRIED):
        top, left = (rng.integers(n - g + 1) for n, g in zip(image.shape, glyph.shape, strict=True))
        here = (slice(top, top + height), slice(left, left + width))
        if (label[here][ink] != BACKGROUND).mean() <= OVERLAP:
            image[here] = np.maximum(image[here], glyph)
            label[here][ink] = name + 1
            return
