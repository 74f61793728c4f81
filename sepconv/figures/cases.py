"""Table of cases: all worked examples of the book."""

from dataclasses import dataclass

import numpy as np

from sepconv._validation import pair
from sepconv.ops.geometry import Size

OPERATIONS = (
    "conv2d",
    "depthwise_conv2d",
    "pointwise_conv2d",
    "separable_conv2d",
    "spatially_separable",
    "towers",
    "conv2d_transpose",
)


@dataclass(frozen=True)
class Case:
    """One worked example; outputs and sizes are computed by `sepconv.ops`.

    Attributes
    ----------
    name : str
    operation : str
        One of `OPERATIONS`.
    input_shape : (int, int, int)
        Height, width, channels.
    kernel_size, strides, dilation_rate : int or (int, int)
    padding : {"valid", "same"}
    filters : int
        Of `conv2d`, `pointwise_conv2d`, `separable_conv2d` and `towers`.
    groups : int
        Of `conv2d`, and of the second step of `towers`.
    depth_multiplier : int
        Of `depthwise_conv2d` and `separable_conv2d`.
    output_padding : int, (int, int) or None
        Of `conv2d_transpose`.
    seed : int
        Seed of the values of `image` and `kernel` where they are not given.
    kernel : tuple of rows or None
        One kernel of numbers, for every channel and filter alike.
    image : tuple of rows or None
        One channel of numbers, for every channel alike.
    """

    name: str
    operation: str
    input_shape: tuple[int, int, int]
    kernel_size: Size = 3
    strides: Size = 1
    padding: str = "valid"
    dilation_rate: Size = 1
    filters: int = 1
    groups: int = 1
    depth_multiplier: int = 1
    output_padding: Size | None = None
    seed: int = 0
    kernel: tuple[tuple[float, ...], ...] | None = None
    image: tuple[tuple[float, ...], ...] | None = None

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}, got {self.operation!r}")
        if len(self.input_shape) != 3 or min(self.input_shape) < 1:
            raise ValueError(
                f"input_shape must be positive (height, width, channels), got {self.input_shape}"
            )
        if self.operation == "conv2d_transpose" and (self.input_shape[2], self.filters) != (1, 1):
            raise ValueError(
                "a transposed convolution is drawn for one channel and one filter, "
                f"got {self.input_shape[2]} and {self.filters}"
            )
        if self.operation == "spatially_separable" and self.input_shape[2] != 1:
            raise ValueError(
                f"a column and a row are drawn on one channel, got input_shape {self.input_shape}"
            )
        if self.kernel is not None and np.shape(self.kernel) != pair("kernel_size", self.kernel_size):
            raise ValueError(
                f"kernel must have the size {self.kernel_size}, got shape {np.shape(self.kernel)}"
            )
        if self.image is not None and np.shape(self.image) != tuple(self.input_shape[:2]):
            raise ValueError(
                f"image must have the size {self.input_shape[:2]}, got shape {np.shape(self.image)}"
            )


_EDGE = tuple((0, 0, 0, 2, 2, 2) if row < 4 else (0,) * 6 for row in range(6))
_SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))

_DAYS = ((7, 9, 4, 11, 8, 13, 12, 15, 10, 17, 14),)

CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("moving-average", "conv2d", (1, 11, 1), (1, 5), kernel=((0.2,) * 5,), image=_DAYS),
        Case("plain", "conv2d", (4, 4, 1), 3, seed=2),
        Case("padded", "conv2d", (5, 5, 1), 3, padding="same", seed=3),
        Case("strided", "conv2d", (5, 5, 1), 3, strides=2, seed=4),
        Case("strided-same", "conv2d", (6, 6, 1), 3, strides=2, padding="same", seed=5),
        Case("dilated", "conv2d", (7, 7, 1), 3, dilation_rate=2, seed=6),
        Case("grouped", "conv2d", (4, 4, 4), 3, filters=4, groups=2, seed=7),
        Case("non-square", "conv2d", (4, 6, 1), (2, 3), strides=(1, 2), padding="same", seed=8),
        Case("sobel", "spatially_separable", (6, 6, 1), 3, kernel=_SOBEL, image=_EDGE),
        Case("sobel-dense", "conv2d", (6, 6, 1), 3, kernel=_SOBEL, image=_EDGE),
        Case("depthwise", "depthwise_conv2d", (12, 12, 3), 5, seed=10),
        Case("depth-multiplier", "depthwise_conv2d", (12, 12, 3), 5, depth_multiplier=2, seed=11),
        Case("pointwise", "pointwise_conv2d", (8, 8, 3), 1, seed=12),
        Case("pointwise-many", "pointwise_conv2d", (8, 8, 3), 1, filters=4, seed=13),
        Case("separable", "separable_conv2d", (12, 12, 3), 5, seed=14),
        Case("dense-7", "conv2d", (7, 7, 3), 3, filters=32, seed=15),
        Case("separable-7", "separable_conv2d", (7, 7, 3), 3, filters=32, seed=15),
        Case("dense-32", "conv2d", (32, 32, 3), 3, padding="same", filters=9, seed=16),
        Case("separable-32", "separable_conv2d", (32, 32, 3), 3, padding="same", filters=9, seed=16),
        Case("dense-slides", "conv2d", (5, 5, 1), 3, seed=20),
        Case("towers", "towers", (4, 4, 3), 3, filters=4, groups=2, seed=20),
        Case("transposed", "conv2d_transpose", (2, 2, 1), 2, strides=2, seed=17),
        Case("transposed-overlap", "conv2d_transpose", (2, 2, 1), 3, strides=2, seed=18),
        Case("transposed-same", "conv2d_transpose", (3, 3, 1), 3, strides=2, padding="same", seed=19),
        Case("output-padding", "conv2d_transpose", (2, 2, 1), 3, strides=2, output_padding=1, seed=18),
    )
}


def find_case(case: str | Case) -> Case:
    """Find a case by its name; a case is returned as it is.

    Raises
    ------
    ValueError
        If there is no case of that name.
    """
    if isinstance(case, Case):
        return case
    if case not in CASES:
        raise ValueError(f"case must be a Case or one of {', '.join(CASES)}, got {case!r}")
    return CASES[case]
