"""Stacks of channels: which of them one output channel reads, and what that costs."""

from collections.abc import Sequence

from sepconv import cost
from sepconv.cost import Cost
from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, format_shape, panel, text
from sepconv.ops.geometry import Size

KINDS = ("dense", "depthwise", "pointwise")
MOST = 5
SHIFT = 7
SIDE = 46
PANEL = (216, 158)


def _drawn(channels: int) -> list[int]:
    """Channels that are drawn, the last one behind."""
    return list(range(channels)) if channels <= MOST else [*range(MOST - 1), channels - 1]


def _stack(x: float, y: float, side: float, channels: int, kind, label: str) -> list[Element]:
    made = []
    drawn = _drawn(channels)
    for depth, channel in reversed(list(enumerate(drawn))):
        at = {
            "x": float(x + depth * SHIFT),
            "y": float(y - depth * SHIFT),
            "width": float(side),
            "height": float(side),
            "rx": 3,
        }
        made.append(element("rect", class_="sc-back", **at))
        made.append(element("rect", class_=kind(channel), **at))
    if len(drawn) < channels:
        last = len(drawn) - 1
        made.append(text(x + last * SHIFT + side + 10, y - last * SHIFT + 4, "…", "sc-small"))
    made.append(text(x + side / 2, 112, label, "sc-small"))
    return made


def _panel(step: Cost, kind: str, size: tuple[int, int], chosen: int, reads: range) -> Element:
    channels, filters = step.input_shape[2], step.output_shape[2]
    base, kernel_side = 52.0, 10.0 if size == (1, 1) else 24.0

    def touched(channel):
        return "sc-reads" if channel in reads else "sc-rests"

    made = [text(2, 9, kind, "sc-title")]
    made += _stack(9, base, SIDE, channels, touched, format_shape(*step.input_shape))
    middle = 90.0
    made += _stack(
        middle,
        base + SIDE / 2 - kernel_side / 2,
        kernel_side,
        len(reads),
        lambda _: "sc-weighs",
        format_shape(*size, len(reads)),
    )
    right = 143.0
    out = SIDE - 8 if step.output_shape[:2] != step.input_shape[:2] else SIDE
    made += _stack(
        right,
        base + (SIDE - out) / 2,
        out,
        filters,
        lambda channel: "sc-makes" if channel == chosen else "sc-rests",
        format_shape(*step.output_shape),
    )
    made.append(text(76, base + SIDE / 2, "×", "sc-small"))
    made.append(text(131, base + SIDE / 2, "→", "sc-small"))
    products = size[0] * size[1] * len(reads)
    made.append(text(2, 131, f"{products} products per output value", "sc-note"))
    made.append(text(2, 148, f"{step.weights:,} weights, {step.macs:,} MACs", "sc-note"))
    return panel(*PANEL, *made)


def channel_diagram(
    kinds: str | Sequence[str] = KINDS,
    input_shape: tuple[int, int, int] = (7, 7, 3),
    filters: int = 32,
    kernel_size: Size = 3,
    padding: str = "valid",
    depth_multiplier: int = 1,
    caption: str | None = None,
) -> Figure:
    """Draw the channels that one output channel reads, and the counts of the whole step.

    Parameters
    ----------
    kinds : str or sequence of str
        Of "dense", "depthwise" and "pointwise"; pointwise takes what a depthwise before
        it gives.
    input_shape : (int, int, int)
        Height, width, channels.
    filters, kernel_size, padding, depth_multiplier
        As Keras takes them.
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
    panels, words = [], []
    shape = input_shape
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
        size = (1, 1) if kind == "pointwise" else _pair(kernel_size)
        panels.append(_panel(step, kind, size, 0, reads))
        words.append(
            f"{kind.capitalize()}: {format_shape(*step.input_shape)} to {format_shape(*step.output_shape)}; "
            f"output channel 0 reads {len(reads)} of {step.input_shape[2]} input channels with a kernel of "
            f"{format_shape(*size, len(reads))}; {step.weights:,} weights, {step.macs:,} MACs"
        )
    alt = ". ".join(words) + "."
    return panel_figure(panels, alt, caption)


def _pair(size: Size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else tuple(size)
