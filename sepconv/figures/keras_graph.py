"""A Keras model as a drawing: a box for each layer, laid out from the model's own graph."""

from dataclasses import dataclass

from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, format_coordinate, format_point, panel, text

MOST = 40
GAP = 8
ROW, BOX = 84, 60
LETTER = 7.6  # width of one, in pixels, at the size and weight of the boxes' first line
MERGES = ("Add", "Average", "Concatenate", "Maximum", "Multiply", "Subtract")


@dataclass
class _Layer:
    """One call of a layer, and where it is drawn."""

    name: str
    how: str
    shape: str
    kind: str
    inputs: list[int]
    row: int = 0
    lane: int = -1

    @property
    def told(self) -> str:
        """Name and how, as one says them."""
        return f"{self.name} {self.how}".strip()


def _size(layer) -> tuple[int, ...] | None:
    """Height and width of the window that a layer looks through, if it does."""
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    return tuple(size) if size else None


def _how(layer) -> str:
    """Write window, strides and activation as in "3×3 /2 relu"."""
    size, words = _size(layer), []
    if size:
        words.append("×".join(map(str, size)))
        if max(layer.strides) > 1:
            words.append("/" + "×".join(map(str, dict.fromkeys(layer.strides))))
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return " ".join([*words, *([] if activation == "linear" else [activation])])


def _kind(layer) -> str:
    size = _size(layer)
    if type(layer).__name__ in MERGES:
        return "sc-makes"
    if size and "Pooling" not in type(layer).__name__:
        return "sc-reads" if max(size) > 1 else "sc-weighs"
    return "sc-rests"


def _read(model) -> list[_Layer]:
    """List the calls of layers, each after those whose results it takes."""
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
    if len(calls) > MOST:
        raise ValueError(f"model must have at most {MOST} layers to be drawn, got {len(calls)}")
    maker = {id(tensor): place for place, call in enumerate(calls) for tensor in call.output_tensors}
    read = []
    for call in calls:
        inputs = [maker[id(tensor)] for tensor in call.input_tensors]
        shape = "×".join("any" if n is None else f"{n:,}" for n in call.output_tensors[0].shape[1:])
        row = 1 + max((read[i].row for i in inputs), default=-1)
        layer = call.operation
        name = type(layer).__name__.replace("InputLayer", "input")
        read.append(_Layer(name, _how(layer), shape, _kind(layer), inputs, row))
    return read


class _Lanes:
    """Columns in which chains of layers run down; two share one where their rows do not meet."""

    def __init__(self, layers: list[_Layer]):
        self.layers = layers
        self.taken: list[list[tuple[int, int]]] = []
        self.lane_of: dict[tuple[int, int], int] = {}  # of the way from one layer to another

    def _free(self, above: int, below: int) -> int:
        free = (all(below <= start or end <= above for start, end in spans) for spans in self.taken)
        lane = next((lane for lane, is_free in enumerate(free) if is_free), len(self.taken))
        if lane == len(self.taken):
            self.taken.append([])
        self.taken[lane].append((above, below))
        return lane

    def place(self, start: int, reader: int | None) -> None:
        """Give a lane to a layer and the chain of first inputs above it, then to what else these read."""
        chain, at = [], start
        while self.layers[at].lane < 0:
            chain.append(at)
            if not self.layers[at].inputs:
                break
            at = self.layers[at].inputs[0]
        above = -1 if chain and chain[-1] == at else self.layers[at].row
        below = len(self.layers) if reader is None else self.layers[reader].row
        lane = self._free(above, below)
        for one in chain:
            self.layers[one].lane = lane
            if self.layers[one].inputs:
                self.lane_of[self.layers[one].inputs[0], one] = lane
        if reader is not None:
            self.lane_of[start, reader] = lane
        for one in chain:
            for other in self.layers[one].inputs[1:]:
                self.place(other, one)

    def middle(self, place: int) -> float:
        """Lane of a layer; between its neighbours' where it has several."""
        ways = [lane for way, lane in self.lane_of.items() if way[0] == place]
        into = [lane for way, lane in self.lane_of.items() if way[1] == place]
        most = max(ways, into, key=len)
        return (min(most) + max(most)) / 2 if len(most) > 1 else self.layers[place].lane


def _way(x0: float, row0: int, lane: float, x1: float, row1: int) -> Element:
    """Draw the way from one box down its lane to another."""
    y0, y1 = row0 * ROW + BOX, row1 * ROW
    first, last = (row0 + 1) * ROW, (row1 - 1) * ROW + BOX
    bend = (ROW - BOX) / 2

    def curve(xa, ya, xb, yb):
        points = ((xa, ya + bend), (xb, yb - bend), (xb, yb))
        return "C" + " ".join(format_point(x, y) for x, y in points)

    start = f"M{format_point(x0, y0)}"
    if row1 == row0 + 1:
        path = start + curve(x0, y0, x1, y1)
    else:
        down = f"V{format_coordinate(float(last))}"
        path = start + curve(x0, y0, lane, first) + down + curve(lane, last, x1, y1)
    return element("path", d=path, class_="sc-way")


def keras_graph(model, caption: str | None = None) -> Figure:
    """Draw a functional Keras model, a module or a block, from its own graph.

    Layers that look around, layers of 1×1 and those that bring ways together differ in colour and by what is
    written in them; "/2" stands for strides of 2.

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
    layers = _read(model)
    if len(model.outputs) != 1:
        raise ValueError(f"model must have one output to be drawn, got {len(model.outputs)}")
    lanes = _Lanes(layers)
    lanes.place(len(layers) - 1, None)
    width = max(LETTER * max(len(one.name), len(one.how), len(one.shape)) + 8 for one in layers)

    def x_of(lane: float) -> float:
        return 2 + lane * (width + GAP) + width / 2

    centres = [x_of(lanes.middle(place)) for place in range(len(layers))]
    made = [
        _way(centres[a], layers[a].row, x_of(lane), centres[b], layers[b].row)
        for (a, b), lane in lanes.lane_of.items()
    ]
    for one, x in zip(layers, centres, strict=True):
        y = one.row * ROW + 1.0
        at = {"x": x - width / 2, "y": y, "width": width, "height": BOX - 2.0, "rx": 4}
        made += [element("rect", class_="sc-back", **at), element("rect", class_=one.kind, **at)]
        made.append(text(x, y + 14, one.name, "sc-layer"))
        made += [text(x, y + 30, one.how, "sc-small")] if one.how else []
        made.append(text(x, y + (46 if one.how else 34), one.shape, "sc-small"))
    right = x_of(len(lanes.taken) - 1) + width / 2 + 2
    drawn = panel(right, max(one.row for one in layers) * ROW + BOX, *made)
    alt = _alt(layers)
    return panel_figure([drawn], alt, caption)


def _alt(layers: list[_Layer]) -> str:
    """Say each way through the network in words."""
    told = [f"A network of {len(layers)} boxes from top to bottom"]
    for place, one in enumerate(layers):
        read = " and ".join(f"box {i + 1}" for i in one.inputs)
        told.append(f"box {place + 1}: {one.told}, {one.shape}" + (f", reads {read}" if read else ""))
    return "; ".join(told) + "."
