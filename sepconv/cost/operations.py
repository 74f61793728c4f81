"""Cost of one operation, from its arguments alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from sepconv._validation import pair
from sepconv.ops import Size, output_size, transposed_size

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Cost:
    """Cost of one operation on one image.

    Attributes
    ----------
    name : str
    input_shape, output_shape : tuple of ints
        Height, width, channels; only the last where there are no pixels.
    weights : int
        Entries of the kernel.
    biases : int
    macs : int
        Multiply-accumulates with weights; additions of biases are not counted.
    more_inputs : tuple of shapes
        Further inputs of an operation that reads several arrays.
    """

    name: str
    input_shape: Shape
    output_shape: Shape
    weights: int
    biases: int
    macs: int
    more_inputs: tuple[Shape, ...] = ()

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    def bytes_moved(self, itemsize: int = 4) -> int:
        """Bytes read and written if input, parameters and output cross the memory bus once."""
        arrays = (self.input_shape, *self.more_inputs, self.output_shape)
        return itemsize * (self.parameters + sum(map(prod, arrays)))

    def intensity(self, itemsize: int = 4) -> float:
        """Arithmetic intensity in MACs per byte moved."""
        return self.macs / self.bytes_moved(itemsize)


def conv2d(
    input_shape: Shape,
    filters: int,
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
    use_bias: bool = True,
    name: str = "convolution",
) -> Cost:
    """Cost of `keras.layers.Conv2D` on one image.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width, channels.
    filters, kernel_size, strides, padding, dilation_rate, groups, use_bias
        As Keras takes them.
    name : str

    Returns
    -------
    Cost

    Raises
    ------
    ValueError
        If the kernel does not fit or `groups` does not divide channels and filters.
    """
    height, width, channels = input_shape
    if groups < 1 or channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide channels and filters, got groups={groups} "
            f"for {channels} channels and {filters} filters"
        )
    size = pair("kernel_size", kernel_size)
    axes = zip(
        (height, width), size, pair("strides", strides), pair("dilation_rate", dilation_rate), strict=True
    )
    output = tuple(output_size(n, k, s, padding, d) for n, k, s, d in axes)
    weights = prod(size) * channels // groups * filters
    return Cost(
        name, tuple(input_shape), (*output, filters), weights, filters * use_bias, prod(output) * weights
    )


def depthwise_conv2d(
    input_shape: Shape,
    kernel_size: Size,
    depth_multiplier: int = 1,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    use_bias: bool = True,
    name: str = "depthwise",
) -> Cost:
    """Cost of `keras.layers.DepthwiseConv2D` on one image; arguments as Keras takes them.

    Raises
    ------
    ValueError
        If the kernel does not fit or `depth_multiplier` is not positive.
    """
    if depth_multiplier < 1:
        raise ValueError(f"depth_multiplier must be a positive integer, got {depth_multiplier}")
    channels = input_shape[2]
    return conv2d(
        input_shape,
        channels * depth_multiplier,
        kernel_size,
        strides,
        padding,
        dilation_rate,
        groups=channels,
        use_bias=use_bias,
        name=name,
    )


def pointwise_conv2d(
    input_shape: Shape, filters: int, use_bias: bool = True, name: str = "pointwise"
) -> Cost:
    """Cost of a 1×1 convolution on one image; arguments as Keras takes them."""
    return conv2d(input_shape, filters, 1, use_bias=use_bias, name=name)


def separable_conv2d(
    input_shape: Shape,
    filters: int,
    kernel_size: Size,
    depth_multiplier: int = 1,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    use_bias: bool = True,
) -> tuple[Cost, Cost]:
    """Costs of both parts of `keras.layers.SeparableConv2D` on one image.

    Arguments are as Keras takes them. The layer has one bias, that of its pointwise part.

    Returns
    -------
    depthwise, pointwise : Cost

    Raises
    ------
    ValueError
        As `depthwise_conv2d`.
    """
    depthwise = depthwise_conv2d(
        input_shape, kernel_size, depth_multiplier, strides, padding, dilation_rate, use_bias=False
    )
    return depthwise, pointwise_conv2d(depthwise.output_shape, filters, use_bias)


def conv2d_transpose(
    input_shape: Shape,
    filters: int,
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: Size | None = None,
    dilation_rate: Size = 1,
    use_bias: bool = True,
    name: str = "transposed convolution",
) -> Cost:
    """Cost of `keras.layers.Conv2DTranspose` on one image; arguments as Keras takes them.

    Every input value is multiplied with the whole kernel, so MACs follow the *input's* pixels;
    products that `padding="same"` cuts off are counted.

    Raises
    ------
    ValueError
        If `output_padding` is impossible.
    """
    height, width, channels = input_shape
    size = pair("kernel_size", kernel_size)
    output_paddings: tuple[int | None, int | None] = (None, None)
    if output_padding is not None:
        output_paddings = pair("output_padding", output_padding, minimum=0)
    strides, dilation_rate = pair("strides", strides), pair("dilation_rate", dilation_rate)
    axes = zip((height, width), size, strides, output_paddings, dilation_rate, strict=True)
    output = tuple(transposed_size(n, k, s, padding, o, d) for n, k, s, o, d in axes)
    weights = prod(size) * channels * filters
    return Cost(
        name, tuple(input_shape), (*output, filters), weights, filters * use_bias, height * width * weights
    )


def dense(input_shape: Shape, units: int, use_bias: bool = True, name: str = "dense") -> Cost:
    """Cost of `keras.layers.Dense` on one image: over the last axis, for every index before it."""
    weights = input_shape[-1] * units
    output_shape = (*input_shape[:-1], units)
    macs = prod(input_shape[:-1]) * weights
    return Cost(name, tuple(input_shape), output_shape, weights, units * use_bias, macs)


def total(costs: Iterable[Cost], name: str = "together") -> Cost:
    """Sum of the costs of successive operations.

    Parameters
    ----------
    costs : iterable of Cost
        In order: the output of each is the input of the next.
    name : str

    Returns
    -------
    Cost
        From the first input to the last output. Its `bytes_moved` leaves out the arrays between
        the operations; add the operations' own where these arrays cross the memory bus.

    Raises
    ------
    ValueError
        If there are none, or an input is not the output before it.
    """
    costs = list(costs)
    if not costs:
        raise ValueError("costs must hold at least one step, got none")
    for before, after in pairwise(costs):
        if before.output_shape != after.input_shape:
            raise ValueError(
                f"costs must follow each other: {before.name} gives {before.output_shape}, "
                f"{after.name} takes {after.input_shape}"
            )
    return Cost(
        name,
        costs[0].input_shape,
        costs[-1].output_shape,
        sum(c.weights for c in costs),
        sum(c.biases for c in costs),
        sum(c.macs for c in costs),
    )


def table(costs: Iterable[Cost]) -> str:
    """Format costs as a Markdown table, a row each: first the counts, which a phone then shows."""
    lines = ["| step | parameters | MACs | input | output |", "| :-- | --: | --: | :-- | :-- |"]
    for cost in costs:
        shapes = " | ".join("×".join(map(str, s)) for s in (cost.input_shape, cost.output_shape))
        lines.append(f"| {cost.name} | {cost.parameters:,} | {cost.macs:,} | {shapes} |")
    return "\n".join(lines)
