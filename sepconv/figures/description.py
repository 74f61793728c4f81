"""Descriptions of a frame in words: its arithmetic, and the alt text of its drawing."""

import numpy as np

from sepconv.figures.layout import Layout
from sepconv.figures.steps import Step
from sepconv.figures.svg import format_number, format_shape
from sepconv.figures.timeline import Cell, Frame

MAX_TERMS = 9  # products up to which a sum is written out
OPERATION_NAMES = {
    "conv2d": "Convolution",
    "depthwise_conv2d": "Depthwise convolution",
    "pointwise_conv2d": "Pointwise convolution",
    "separable_conv2d": "Depthwise separable convolution",
    "spatially_separable": "Spatially separable convolution",
    "towers": "Pointwise convolution, then towers",
    "conv2d_transpose": "Transposed convolution",
}


def sentence(layout: Layout, index: int, frame: Frame) -> tuple[str, str]:
    """Describe the computation of one frame: the formula, and the result or ""."""
    step = layout.steps[index]
    if step.transposed:
        return _transposed_sentence(step, frame), ""
    window, kernel = (np.moveaxis(a, 2, 0).ravel() for a in (frame.window, frame.kernel))
    if window.size <= MAX_TERMS:
        terms = (
            f"{format_number(a)}·{format_number(w) if w >= 0 else f'({format_number(w)})'}"
            for a, w in zip(window, kernel, strict=True)
        )
        total = " + ".join(terms)
    else:
        total = f"sum of {window.size} products"
    lead = f"{step.name}: " if len(layout.steps) > 1 else ""
    return f"{lead}y{_subscript(step, frame.target[0])} = {total} = ", format_number(frame.total)


def _subscript(step: Step, cell: Cell) -> str:
    plane, row, column = cell
    return f"[{row}, {column}, {plane}]" if step.has_channels else f"[{row}, {column}]"


def _transposed_sentence(step: Step, frame: Frame) -> str:
    _, *corner = frame.target[0]
    value = format_number(frame.total)
    spans = (
        f"{max(first, 0)}…{min(first + covered, size) - 1}"
        for first, covered, size in zip(corner, step.effective_kernel_size, step.y.shape[:2], strict=True)
    )
    return (
        f"x{_subscript(step, frame.source[0])} = {value}, and {value} × kernel "
        f"is added to y[{', '.join(spans)}]"
    )


def alt_text(layout: Layout, frame_index: int) -> str:
    """Describe the operation, its sizes, and one frame."""
    case = layout.case
    first, last = layout.steps[0], layout.steps[-1]
    kernels = " and then ".join(format_shape(*step.kernel.shape[:2]) for step in layout.steps)
    details = [f"kernel {kernels}", f"strides {format_shape(*first.strides)}", f"padding {case.padding}"]
    if max(first.dilation_rate) > 1:
        details.append(f"dilation rate {format_shape(*first.dilation_rate)}")
    if case.groups > 1:
        details.append(f"{case.groups} groups")
    if case.depth_multiplier > 1:
        details.append(f"depth multiplier {case.depth_multiplier}")
    if case.output_padding is not None:
        details.append(f"output padding {case.output_padding}")
    between = f" by way of {layout.shape(first.y)}" if len(layout.steps) > 1 else ""
    sizes = f"input {layout.shape(first.x)}{between} to output {layout.shape(last.y)}"
    shown = _shown(layout, *layout.frames[frame_index])
    return f"{OPERATION_NAMES[case.operation]}: {sizes}; {', '.join(details)}. Shown: {shown}."


def _shown(layout: Layout, index: int, frame: Frame) -> str:
    step, total = layout.steps[index], format_number(frame.total)
    if step.transposed:
        _, row, column = frame.source[0]
        return f"input value {total} at row {row}, column {column} spread over the output"
    plane, row, column = frame.target[0]
    channel = f", channel {plane}" if step.y.shape[2] > 1 else ""
    after = f" after {step.name}" if len(layout.steps) > 1 else ""
    return f"the window for row {row}, column {column}{channel}{after}, whose products add up to {total}"
