"""Stacks of channels: those that one output channel reads, and their cost."""

from collections.abc import Callable, Sequence

from sepconv import cost
from sepconv._validation import pair
from sepconv.cost import Cost
from sepconv.cost.operations import Shape
from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, format_shape, panel, text
from sepconv.ops.geometry import Size

KINDS = ("dense", "depthwise", "pointwise")
MAX_DRAWN = 5  # channels of a stack
SHIFT = 7  # pixels between neighbouring channels
SIDE = 46
PANEL_SIZE = (216, 158)
BASELINE = 52.0


def _drawn_channels(channels: int) -> list[int]:
    """Channels that are drawn: all, or the first ones and the last."""
    if channels <= MAX_DRAWN:
        return list(range(channels))
    return [*range(MAX_DRAWN - 1), channels - 1]


def _stack(
    x: float, y: float, side: float, channels: int, class_of: Callable[[int], str], label: str
) -> list[Element]:
    """Draw channels as squares behind each other."""
    drawn = []
    shown = _drawn_channels(channels)
    for depth, channel in reversed(list(enumerate(shown))):
        square = {
            "x": float(x + depth * SHIFT),
            "y": float(y - depth * SHIFT),
            "width": float(side),
            "height": float(side),
            "rx": 3,
        }
        drawn.append(element("rect", class_="sc-back", **square))
        drawn.append(element("rect", class_=class_of(channel), **square))
    if len(shown) < channels:
        last = len(shown) - 1
        drawn.append(text(x + last * SHIFT + side - 8, y - last * SHIFT - 7, "…", "sc-small"))
    drawn.append(text(x + side / 2, 112, label, "sc-small"))
    return drawn


def _panel(step: Cost, kind: str, size: tuple[int, int], reads: range, most_macs: int) -> Element:
    """Draw input, kernel and output of a step; output channel 0 reads the channels `reads`.

    `most_macs` is what the longest bar below it stands for; 0 for no bar.
    """
    channels, filters = step.input_shape[2], step.output_shape[2]
    kernel_side = 10.0 if size == (1, 1) else 24.0
    output_side = SIDE - 8 if step.output_shape[:2] != step.input_shape[:2] else SIDE
    products = size[0] * size[1] * len(reads)
    width, height = PANEL_SIZE
    bar = []
    if most_macs:
        length = (width - 4) * step.macs / most_macs
        bar = [element("rect", x=2, y=height + 2, width=float(length), height=14, rx=2, class_="sc-makes")]
    return panel(
        width,
        height + 20 * len(bar),
        text(2, 9, kind, "sc-title"),
        *_stack(
            9,
            BASELINE,
            SIDE,
            channels,
            lambda channel: "sc-reads" if channel in reads else "sc-rests",
            format_shape(*step.input_shape),
        ),
        *_stack(
            90.0,
            BASELINE + SIDE / 2 - kernel_side / 2,
            kernel_side,
            len(reads),
            lambda _: "sc-weighs",
            format_shape(*size, len(reads)),
        ),
        *_stack(
            143.0,
            BASELINE + (SIDE - output_side) / 2,
            output_side,
            filters,
            lambda channel: "sc-makes" if channel == 0 else "sc-rests",
            format_shape(*step.output_shape),
        ),
        text(76, BASELINE + SIDE / 2, "×", "sc-small"),
        text(131, BASELINE + SIDE / 2, "→", "sc-small"),
        text(2, 131, f"{products} products per output value", "sc-note"),
        text(2, 148, f"{step.weights:,} weights, {step.macs:,} MACs", "sc-note"),
        *bar,
    )


def channel_diagram(
    kinds: str | Sequence[str] = KINDS,
    input_shape: tuple[int, int, int] = (7, 7, 3),
    filters: int = 32,
    kernel_size: Size = 3,
    padding: str = "valid",
    depth_multiplier: int = 1,
    bars: bool = False,
    caption: str | None = None,
) -> Figure:
    """Draw the channels that one output channel reads, and count weights and MACs.

    Parameters
    ----------
    kinds : str or sequence of str
        Of "dense", "depthwise" and "pointwise"; the input of pointwise is the output of a
        depthwise before it.
    input_shape : (int, int, int)
        Height, width, channels.
    filters, kernel_size, padding, depth_multiplier
        As Keras takes them.
    bars : bool
        Draw a bar as long as the MACs of each step.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a kind is unknown or `sepconv.cost` refuses the arguments.
    """
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not kinds or any(kind not in KINDS for kind in kinds):
        raise ValueError(f"kinds must be of {', '.join(KINDS)}, got {kinds!r}")
    drawn, words = [], []
    shape: Shape = input_shape
    for kind in kinds:
        if kind == "dense":
            step = cost.conv2d(input_shape, filters, kernel_size, padding=padding, use_bias=False)
            reads = range(input_shape[2])
        elif kind == "depthwise":
            step = cost.depthwise_conv2d(
                input_shape, kernel_size, depth_multiplier, padding=padding, use_bias=False
            )
            reads, shape = range(1), step.output_shape
        else:
            step = cost.pointwise_conv2d(shape, filters, use_bias=False)
            reads = range(shape[2])
        size = (1, 1) if kind == "pointwise" else pair("kernel_size", kernel_size)
        drawn.append((step, kind, size, reads))
        words.append(
            f"{kind.capitalize()}: {format_shape(*step.input_shape)} to {format_shape(*step.output_shape)}; "
            f"output channel 0 reads {len(reads)} of {step.input_shape[2]} input channels with a kernel of "
            f"{format_shape(*size, len(reads))}; {step.weights:,} weights, {step.macs:,} MACs"
        )
    most_macs = max(step.macs for step, *_ in drawn) if bars else 0
    panels = [_panel(*arguments, most_macs) for arguments in drawn]
    return panel_figure(panels, ". ".join(words) + ".", caption)
