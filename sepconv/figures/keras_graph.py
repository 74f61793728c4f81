"""Drawing of a Keras model: a box for each layer, laid out from the model's own graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, format_coordinate, format_point, format_shape, panel, text

if TYPE_CHECKING:
    import keras

MAX_BOXES = 40
GAP = 8
ROW_HEIGHT, BOX_HEIGHT = 84, 60
LETTER_WIDTH = 7.6  # in pixels, at the size and weight of the boxes' first line
MERGES = ("Add", "Average", "Concatenate", "Maximum", "Multiply", "Subtract")


@dataclass
class _Box:
    """One call of a layer, and its position in the drawing.

    Attributes
    ----------
    name, settings, shape : str
        Lines of text: class, window with strides and activation, output shape.
    kind : str
        Class of its style.
    inputs : list of int
        Indices of the boxes that it reads.
    row, lane : int
        A lane of -1 stands for none yet.
    """

    name: str
    settings: str
    shape: str
    kind: str
    inputs: list[int]
    row: int = 0
    lane: int = -1


def _window_size(layer: keras.layers.Layer) -> tuple[int, ...] | None:
    """Height and width of a layer's kernel or pooling window, if it has one."""
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    return tuple(size) if size else None


def _settings(layer: keras.layers.Layer) -> str:
    """Write window, strides and activation as in "3×3 /2 relu"."""
    size, words = _window_size(layer), []
    if size:
        words.append(format_shape(*size))
        if max(layer.strides) > 1:
            words.append("/" + format_shape(*dict.fromkeys(layer.strides)))
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return " ".join([*words, *([] if activation == "linear" else [activation])])


def _kind(layer: keras.layers.Layer) -> str:
    size = _window_size(layer)
    if type(layer).__name__ in MERGES:
        return "sc-merges"
    if size and "Pooling" not in type(layer).__name__:
        return "sc-looks" if max(size) > 1 else "sc-weighs"
    return "sc-rests"


def _read_boxes(model: keras.Model) -> list[_Box]:
    """List the calls of layers, each after those whose results it reads."""
    import keras  # noqa: PLC0415 - figures of operations need no framework

    if not isinstance(model, keras.Model) or (isinstance(model, keras.Sequential) and not model.built):
        raise ValueError(f"model must be a built keras.Model, got {type(model).__name__}")
    graph = model._functional if isinstance(model, keras.Sequential) else model
    if not hasattr(graph, "_nodes_by_depth"):
        raise ValueError(
            f"model must be Sequential or functional, got {type(model).__name__} without a graph"
        )
    by_depth = graph._nodes_by_depth
    calls = [call for depth in sorted(by_depth, reverse=True) for call in by_depth[depth]]
    if len(calls) > MAX_BOXES:
        raise ValueError(f"model must have at most {MAX_BOXES} layers to be drawn, got {len(calls)}")
    producer = {id(tensor): index for index, call in enumerate(calls) for tensor in call.output_tensors}
    boxes: list[_Box] = []
    for call in calls:
        inputs = [producer[id(tensor)] for tensor in call.input_tensors]
        shape = "×".join("any" if n is None else f"{n:,}" for n in call.output_tensors[0].shape[1:])
        row = 1 + max((boxes[i].row for i in inputs), default=-1)
        layer = call.operation
        name = type(layer).__name__.replace("InputLayer", "input")
        boxes.append(_Box(name, _settings(layer), shape, _kind(layer), inputs, row))
    return boxes


class _Lanes:
    """Columns for chains of boxes; two chains share one where their rows do not overlap."""

    def __init__(self, boxes: list[_Box]) -> None:
        self.boxes = boxes
        self.taken: list[list[tuple[int, int]]] = []
        self.lane_of: dict[tuple[int, int], int] = {}  # of the connection of two boxes

    def _free_lane(self, above: int, below: int) -> int:
        free = (all(below <= start or end <= above for start, end in spans) for spans in self.taken)
        lane = next((lane for lane, is_free in enumerate(free) if is_free), len(self.taken))
        if lane == len(self.taken):
            self.taken.append([])
        self.taken[lane].append((above, below))
        return lane

    def place(self, start: int, reader: int | None) -> None:
        """Give a lane to a box and the chain of first inputs above it, then to their other inputs.

        Parameters
        ----------
        start : int
            Index of the lowest box of the chain.
        reader : int or None
            Index of the box that reads it.
        """
        chain, current = [], start
        while self.boxes[current].lane < 0:
            chain.append(current)
            if not self.boxes[current].inputs:
                break
            current = self.boxes[current].inputs[0]
        above = -1 if chain and chain[-1] == current else self.boxes[current].row
        below = len(self.boxes) if reader is None else self.boxes[reader].row
        lane = self._free_lane(above, below)
        for index in chain:
            self.boxes[index].lane = lane
            if self.boxes[index].inputs:
                self.lane_of[self.boxes[index].inputs[0], index] = lane
        if reader is not None:
            self.lane_of[start, reader] = lane
        for index in chain:
            for other in self.boxes[index].inputs[1:]:
                self.place(other, index)

    def centre(self, index: int) -> float:
        """Lane of a box; the middle of its connections' lanes where it has several."""
        outgoing = [lane for (source, _), lane in self.lane_of.items() if source == index]
        incoming = [lane for (_, target), lane in self.lane_of.items() if target == index]
        most = max(outgoing, incoming, key=len)
        return (min(most) + max(most)) / 2 if len(most) > 1 else self.boxes[index].lane


def _curve(x0: float, y0: float, x1: float, y1: float) -> str:
    bend = (ROW_HEIGHT - BOX_HEIGHT) / 2
    points = ((x0, y0 + bend), (x1, y1 - bend), (x1, y1))
    return "C" + " ".join(format_point(x, y) for x, y in points)


def _connection(x0: float, row0: int, lane_x: float, x1: float, row1: int) -> Element:
    """Draw the connection from one box down its lane to another."""
    y0, y1 = row0 * ROW_HEIGHT + BOX_HEIGHT, row1 * ROW_HEIGHT
    path = f"M{format_point(x0, y0)}"
    if row1 == row0 + 1:
        path += _curve(x0, y0, x1, y1)
    else:
        top, bottom = (row0 + 1) * ROW_HEIGHT, (row1 - 1) * ROW_HEIGHT + BOX_HEIGHT
        path += _curve(x0, y0, lane_x, top)
        path += f"V{format_coordinate(float(bottom))}"
        path += _curve(lane_x, bottom, x1, y1)
    return element("path", d=path, class_="sc-way")


def _draw_box(box: _Box, x: float, width: float) -> list[Element]:
    """Draw a box of that width around `x`."""
    y = box.row * ROW_HEIGHT + 1.0
    frame = {"x": x - width / 2, "y": y, "width": width, "height": BOX_HEIGHT - 2.0, "rx": 4}
    drawn = [element("rect", class_="sc-back", **frame), element("rect", class_=box.kind, **frame)]
    drawn.append(text(x, y + 14, box.name, "sc-layer"))
    if box.settings:
        drawn.append(text(x, y + 30, box.settings, "sc-small"))
    drawn.append(text(x, y + (46 if box.settings else 34), box.shape, "sc-small"))
    return drawn


def keras_graph(model: keras.Model, caption: str | None = None) -> Figure:
    """Draw a functional Keras model, a module or a block, from its own graph.

    Layers with a window are dark violet, 1×1 layers pale, and layers that merge several inputs have
    the text's colour; "/2" stands for strides of 2.

    Parameters
    ----------
    model : keras.Model
        Functional or Sequential, built, with one output and at most 40 layers.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If it is not such a model.
    """
    boxes = _read_boxes(model)
    if len(model.outputs) != 1:
        raise ValueError(f"model must have one output to be drawn, got {len(model.outputs)}")
    lanes = _Lanes(boxes)
    lanes.place(len(boxes) - 1, None)
    letters = max(len(line) for box in boxes for line in (box.name, box.settings, box.shape))
    width = LETTER_WIDTH * letters + 8

    def x_of(lane: float) -> float:
        return 2 + lane * (width + GAP) + width / 2

    centres = [x_of(lanes.centre(index)) for index in range(len(boxes))]
    drawn = [
        _connection(centres[a], boxes[a].row, x_of(lane), centres[b], boxes[b].row)
        for (a, b), lane in lanes.lane_of.items()
    ]
    for box, x in zip(boxes, centres, strict=True):
        drawn += _draw_box(box, x, width)
    right = x_of(len(lanes.taken) - 1) + width / 2 + 2
    height = max(box.row for box in boxes) * ROW_HEIGHT + BOX_HEIGHT
    return panel_figure([panel(right, height, *drawn)], _alt_text(boxes), caption)


def _alt_text(boxes: list[_Box]) -> str:
    """List the boxes and the boxes that each of them reads."""
    parts = [f"A network of {len(boxes)} boxes from top to bottom"]
    for index, box in enumerate(boxes):
        label = f"{box.name} {box.settings}".strip()
        inputs = " and ".join(f"box {i + 1}" for i in box.inputs)
        parts.append(f"box {index + 1}: {label}, {box.shape}" + (f", reads {inputs}" if inputs else ""))
    return "; ".join(parts) + "."
