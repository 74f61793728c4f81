"""The table of cases: every worked example of the book, and the steps that each consists of."""

from dataclasses import dataclass

import numpy as np

from sepconv import ops
from sepconv._validation import pair
from sepconv.ops.geometry import Size

READABLE = 7
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
    """One worked example. What is not given here is computed by `sepconv.ops`.

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
        Of the values that are drawn for `image` and `kernel` where they are not given.
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

    def __post_init__(self):
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


@dataclass(frozen=True, eq=False)
class Step:
    """One operation on one image: from `x` to `y`.

    Attributes
    ----------
    name : str
        As a reader knows it.
    x, y : array, (height, width, channels)
    kernel : array, (kernel height, kernel width, channels / groups, filters)
    strides, dilation_rate : (int, int)
    pad : ((int, int), (int, int))
        Pixels added to the input (transposed: cut off the output), per axis before and after.
    groups : int
    transposed : bool
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    kernel: np.ndarray
    strides: tuple[int, int] = (1, 1)
    dilation_rate: tuple[int, int] = (1, 1)
    pad: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    groups: int = 1
    transposed: bool = False

    @property
    def effective_kernel_size(self) -> tuple[int, int]:
        """Pixels from the kernel's first to its last, dilation included."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel.shape[:2], self.dilation_rate, strict=True))

    def channels_of(self, filter_: int) -> range:
        """Input channels that one output channel reads."""
        each = self.kernel.shape[2]
        group = filter_ // (self.kernel.shape[3] // self.groups)
        return range(group * each, (group + 1) * each)


def _pad(size, kernel_size, strides, padding, dilation_rate):
    if padding.lower() != "same":
        return ((0, 0), (0, 0))
    axes = zip(size, kernel_size, strides, dilation_rate, strict=True)
    return tuple(ops.same_padding(*axis) for axis in axes)


def compute_steps(case: Case) -> list[Step]:
    """Compute a case, step by step.

    Returns
    -------
    list of Step
        One for each operation; a separable convolution has two, each taking what the one before gives.

    Raises
    ------
    ValueError
        If `sepconv.ops` refuses the case.
    """
    draw = np.random.default_rng(case.seed)
    height, width, channels = case.input_shape
    size = pair("kernel_size", 1 if case.operation == "pointwise_conv2d" else case.kernel_size)
    strides, dilation = pair("strides", case.strides), pair("dilation_rate", case.dilation_rate)
    if case.image is None:
        x = _drawn_image(draw, height, width, channels)
    else:
        x = np.repeat(np.asarray(case.image)[:, :, None], channels, axis=2)

    def kernel(*axes):
        if case.kernel is None:
            return draw.choice([-1, 0, 1, 2], (*size, *axes))
        return np.broadcast_to(np.asarray(case.kernel)[:, :, None, None], (*size, *axes))

    where = {"strides": strides, "padding": case.padding, "dilation_rate": dilation}
    geometry = {"strides": strides, "dilation_rate": dilation}

    def space(name, x, kernel, groups=1):
        y = ops.conv2d(x[None], kernel, **where, groups=groups)[0]
        pad = _pad(x.shape[:2], kernel.shape[:2], strides, case.padding, dilation)
        return Step(name, x, y, kernel, **geometry, pad=pad, groups=groups)

    def depthwise():
        weights = kernel(channels, case.depth_multiplier)
        return space("depthwise", x, weights.reshape(*size, 1, -1), groups=channels)

    def pointwise(x):
        weights = draw.choice([-1, 1, 2], (1, 1, x.shape[2], case.filters))
        return Step("pointwise", x, ops.pointwise_conv2d(x[None], weights)[0], weights)

    match case.operation:
        case "conv2d":
            made = [
                space("convolution", x, kernel(channels // max(case.groups, 1), case.filters), case.groups)
            ]
        case "depthwise_conv2d":
            made = [depthwise()]
        case "pointwise_conv2d":
            made = [pointwise(x)]
        case "separable_conv2d":
            first = depthwise()
            made = [first, pointwise(first.y)]
        case "towers":
            first = pointwise(x)
            each = kernel(case.filters // max(case.groups, 1), case.filters)
            made = [first, space("towers", first.y, each, case.groups)]
        case "spatially_separable":
            made = _column_and_row(kernel(1, 1)[:, :, 0, 0], x, space)
        case _:
            weights = kernel(1, 1)
            y = ops.conv2d_transpose(x[None], weights, output_padding=case.output_padding, **where)[0]
            pad = _pad(y.shape[:2], size, strides, case.padding, dilation)
            made = [Step("transposed convolution", x, y, weights, **geometry, pad=pad, transposed=True)]
    return made


def _drawn_image(draw, height, width, channels):
    """Integers from 0 to 3: each by itself where they are read, a picture where they are only seen."""
    if max(height, width) <= READABLE:
        return draw.integers(0, 4, (height, width, channels))
    coarse = draw.uniform(-0.4, 3.4, (1, height // 3 + 2, width // 3 + 2, channels))
    smooth = ops.upsample_bilinear2d(coarse, 3)[0, :height, :width]
    return np.clip(np.rint(smooth), 0, 3).astype(int)


def _column_and_row(matrix, x, space):
    if not np.any(matrix):
        raise ValueError("kernel must hold a number other than 0 to be a column times a row")
    part = ops.separate(matrix)
    if part.residual > 1e-9:
        raise ValueError(
            f"kernel must be a column times a row, got one with a residual of {part.residual:.0%}"
        )
    scale = part.column[np.abs(part.column[:, 0]) > 1e-9, 0][0]
    column = np.round(part.column / scale, 9) + 0.0
    row = np.round(part.row * scale, 9) + 0.0
    first = space("column", x, column[:, :, None, None])
    return [first, space("row", first.y, row[:, :, None, None])]


_edge = tuple((0, 0, 0, 2, 2, 2) if row < 4 else (0,) * 6 for row in range(6))
_sobel = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))

CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("plain", "conv2d", (4, 4, 1), 3, seed=2),
        Case("padded", "conv2d", (5, 5, 1), 3, padding="same", seed=3),
        Case("strided", "conv2d", (5, 5, 1), 3, strides=2, seed=4),
        Case("strided-same", "conv2d", (6, 6, 1), 3, strides=2, padding="same", seed=5),
        Case("dilated", "conv2d", (7, 7, 1), 3, dilation_rate=2, seed=6),
        Case("grouped", "conv2d", (4, 4, 4), 3, filters=4, groups=2, seed=7),
        Case("non-square", "conv2d", (4, 6, 1), (2, 3), strides=(1, 2), padding="same", seed=8),
        Case("sobel", "spatially_separable", (6, 6, 1), 3, kernel=_sobel, image=_edge),
        Case("sobel-dense", "conv2d", (6, 6, 1), 3, kernel=_sobel, image=_edge),
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
    """Return the case of that name, or the case itself.

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
