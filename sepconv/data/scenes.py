"""Scenes for dense prediction, composed from handwritten digits."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from sepconv import ops
from sepconv._validation import pair
from sepconv.data.mnist import Digits, digits

BACKGROUND = 0
CLASSES = 11  # the background, then the digits 0 to 9 as 1 to 10
INK = 0.3
POSITIONS_TRIED = 20
MAX_OVERLAP = 0.15


@dataclass(frozen=True)
class Scenes:
    """Images with several digits each, and the class of every pixel; the arrays are read-only.

    Attributes
    ----------
    images : float32 array, (scenes, height, width, 1)
        From 0 (black) to 1 (white).
    labels : int64 array, (scenes, height, width)
        0 for background, digit + 1 where a digit's ink is above 0.3.
    source : str
        What the digits in them are and how they were found, in words for who runs the code.
    digits : str
        What readers know the digits by.
    """

    images: np.ndarray
    labels: np.ndarray
    source: str
    digits: str


@cache
def digit_scenes(
    count: int,
    size: int | tuple[int, int] = 64,
    split: str = "train",
    seed: int = 0,
    max_digits: int = 4,
    mnist: bool = True,
) -> Scenes:
    """Compose scenes of digits at random positions on a softly shaded background.

    Parameters
    ----------
    count : int
        Number of scenes.
    size : int or (int, int)
        Height and width in pixels, at least those of a digit (28).
    split : {"train", "test"}
        Part of `digits()` that the scenes are made from; both have different digits.
    seed : int
        Equal arguments give equal scenes where the digits are the same.
    max_digits : int
        Largest number of digits in a scene, if there is room; the smallest is one.
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
    source = digits(mnist)
    glyphs, values = _glyphs(split, source)
    if min(height, width) < max(glyphs.shape[1:]):
        raise ValueError(f"size must hold a digit of {glyphs.shape[1:]} pixels, got {(height, width)}")
    # The split is part of the seed: the layouts for training and for testing differ, too.
    rng = np.random.default_rng([seed, split == "test"])
    images = np.stack([_background(rng, height, width) for _ in range(count)])
    labels = np.full((count, height, width), BACKGROUND, np.int64)
    for image, label in zip(images, labels, strict=True):
        for _ in range(rng.integers(1, max_digits + 1)):
            index = rng.integers(len(glyphs))
            _paste(rng, image, label, glyphs[index], values[index])
    images = images[..., None].astype(np.float32)
    for array in (images, labels):
        array.flags.writeable = False
    return Scenes(images, labels, source.source, source.name)


def _glyphs(split: str, source: Digits) -> tuple[np.ndarray, np.ndarray]:
    """Images and digits of a split; scikit-learn's 8×8 pixels are enlarged threefold."""
    train = split == "train"
    x, y = (source.x_train, source.y_train) if train else (source.x_test, source.y_test)
    if not source.is_mnist:
        x = ops.upsample_bilinear2d(x, 3)
    return x[..., 0], y


def _background(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Shade a background: a dim gradient in a random direction, with a little noise."""
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)
    angle = rng.uniform(0, 2 * np.pi)
    gradient = 0.1 * (np.cos(angle) * y + np.sin(angle) * x)
    noise = rng.normal(0, 0.03, (height, width))
    shades: np.ndarray = np.clip(0.15 + gradient + noise, 0, 1)
    return shades


def _paste(
    rng: np.random.Generator, image: np.ndarray, label: np.ndarray, glyph: np.ndarray, digit: int
) -> None:
    """Paste a digit at a position where it covers few of the others' pixels, or omit it."""
    (height, width), ink = glyph.shape, glyph > INK
    for _ in range(POSITIONS_TRIED):
        top, left = (rng.integers(n - g + 1) for n, g in zip(image.shape, glyph.shape, strict=True))
        window = (slice(top, top + height), slice(left, left + width))
        if (label[window][ink] != BACKGROUND).mean() <= MAX_OVERLAP:
            image[window] = np.maximum(image[window], glyph)
            label[window][ink] = digit + 1
            return
