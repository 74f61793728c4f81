"""Steps of a case, computed: input, kernel and output of each operation."""

from dataclasses import dataclass

import numpy as np

from sepconv import ops
from sepconv._validation import pair
from sepconv.figures.cases import Case
from sepconv.ops.geometry import conv_geometry, effective_size

MAX_READABLE = 7  # pixels along an axis up to which every value of an image is read


@dataclass(frozen=True, eq=False)
class Step:
    """One operation on one image: from `x` to `y`.

    Attributes
    ----------
    name : str
        Name of the operation in the figure.
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
        (kh, kw), (dh, dw) = self.kernel.shape[:2], self.dilation_rate
        return effective_size(kh, dh), effective_size(kw, dw)

    @property
    def has_channels(self) -> bool:
        """Return whether input or output has more than one channel."""
        return bool(self.x.shape[2] > 1 or self.y.shape[2] > 1)

    def channels_of(self, filter_: int) -> range:
        """Input channels that one output channel reads."""
        channels = self.kernel.shape[2]
        group = filter_ // (self.kernel.shape[3] // self.groups)
        return range(group * channels, (group + 1) * channels)


def compute_steps(case: Case) -> list[Step]:
    """Compute a case, step by step.

    Returns
    -------
    list of Step
        One for each operation; the input of each is the output of the one before.

    Raises
    ------
    ValueError
        If `sepconv.ops` refuses the case.
    """
    builder = _StepBuilder(case)
    x, channels = builder.image(), case.input_shape[2]
    groups = max(case.groups, 1)
    match case.operation:
        case "conv2d":
            kernel = builder.kernel(channels // groups, case.filters)
            steps = [builder.convolution("convolution", x, kernel, case.groups)]
        case "depthwise_conv2d":
            steps = [builder.depthwise(x)]
        case "pointwise_conv2d":
            steps = [builder.pointwise(x)]
        case "separable_conv2d":
            first = builder.depthwise(x)
            steps = [first, builder.pointwise(first.y)]
        case "towers":
            first = builder.pointwise(x)
            kernel = builder.kernel(case.filters // groups, case.filters)
            steps = [first, builder.convolution("towers", first.y, kernel, case.groups)]
        case "spatially_separable":
            column, row = _column_and_row(builder.kernel(1, 1)[:, :, 0, 0])
            first = builder.convolution("column", x, column[:, :, None, None])
            steps = [first, builder.convolution("row", first.y, row[:, :, None, None])]
        case _:
            steps = [builder.transposed(x)]
    return steps


class _StepBuilder:
    """Steps with the arguments of one case; values that it leaves open are drawn from its seed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rng = np.random.default_rng(case.seed)
        pointwise = case.operation == "pointwise_conv2d"
        self.kernel_size = pair("kernel_size", 1 if pointwise else case.kernel_size)
        self.strides = pair("strides", case.strides)
        self.dilation_rate = pair("dilation_rate", case.dilation_rate)

    def image(self) -> np.ndarray:
        """Draw integers from 0 to 3, each by itself in a small image, smooth in a large one."""
        height, width, channels = self.case.input_shape
        if self.case.image is not None:
            return np.repeat(np.asarray(self.case.image)[:, :, None], channels, axis=2)
        if max(height, width) <= MAX_READABLE:
            return self.rng.integers(0, 4, (height, width, channels))
        coarse = self.rng.uniform(-0.4, 3.4, (1, height // 3 + 2, width // 3 + 2, channels))
        smooth = ops.upsample_bilinear2d(coarse, 3)[0, :height, :width]
        image: np.ndarray = np.clip(np.rint(smooth), 0, 3).astype(int)
        return image

    def kernel(self, *axes: int) -> np.ndarray:
        """Draw a kernel, or repeat the case's own for every channel and filter."""
        shape = (*self.kernel_size, *axes)
        if self.case.kernel is None:
            return self.rng.choice([-1, 0, 1, 2], shape)
        return np.broadcast_to(np.asarray(self.case.kernel)[:, :, None, None], shape)

    def convolution(self, name: str, x: np.ndarray, kernel: np.ndarray, groups: int = 1) -> Step:
        padding = self.case.padding
        y = ops.conv2d(x[None], kernel, self.strides, padding, self.dilation_rate, groups)[0]
        return Step(name, x, y, kernel, self.strides, self.dilation_rate, self._pad(x, kernel), groups=groups)

    def depthwise(self, x: np.ndarray) -> Step:
        channels = x.shape[2]
        kernel = self.kernel(channels, self.case.depth_multiplier)
        grouped = kernel.reshape(*self.kernel_size, 1, -1)
        return self.convolution("depthwise", x, grouped, groups=channels)

    def pointwise(self, x: np.ndarray) -> Step:
        kernel = self.rng.choice([-1, 1, 2], (1, 1, x.shape[2], self.case.filters))
        return Step("pointwise", x, ops.pointwise_conv2d(x[None], kernel)[0], kernel)

    def transposed(self, x: np.ndarray) -> Step:
        case, kernel = self.case, self.kernel(1, 1)
        y = ops.conv2d_transpose(
            x[None], kernel, self.strides, case.padding, case.output_padding, self.dilation_rate
        )[0]
        return Step(
            "transposed convolution",
            x,
            y,
            kernel,
            self.strides,
            self.dilation_rate,
            self._pad(y, kernel),
            transposed=True,
        )

    def _pad(self, image: np.ndarray, kernel: np.ndarray) -> tuple[tuple[int, int], tuple[int, int]]:
        size, kernel_size = image.shape[:2], kernel.shape[:2]
        return conv_geometry(size, kernel_size, self.strides, self.case.padding, self.dilation_rate).pad


def _column_and_row(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factor a kernel into a column that begins with 1 and a row, free of rounding errors."""
    if not np.any(kernel):
        raise ValueError("kernel must hold a number other than 0 to be a column times a row")
    separation = ops.separate(kernel)
    if separation.residual > 1e-9:
        raise ValueError(
            f"kernel must be a column times a row, got one with a residual of {separation.residual:.0%}"
        )
    scale = separation.column[np.abs(separation.column[:, 0]) > 1e-9, 0][0]
    return np.round(separation.column / scale, 9) + 0.0, np.round(separation.row * scale, 9) + 0.0
