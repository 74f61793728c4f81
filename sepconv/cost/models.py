"""Cost of Keras' layers and models, read off the layers themselves."""

from dataclasses import dataclass, replace

from sepconv.cost import operations
from sepconv.cost.operations import Cost, Shape

# Layers that multiply nothing by a weight and add it up: normalization only scales and shifts, which folds
# into the convolution before it; pooling and interpolation have no weights.
WITHOUT_MACS = {
    *("Activation", "ActivityRegularization", "ELU", "Identity", "LeakyReLU", "PReLU", "ReLU", "Softmax"),
    *("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"),
    *("AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "MaxPooling2D", "UpSampling2D"),
    *("BatchNormalization", "LayerNormalization", "Normalization", "Rescaling"),
    *("Cropping2D", "Flatten", "Permute", "Reshape", "Resizing", "ZeroPadding2D"),
    *("Dropout", "GaussianNoise", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation"),
    *("RandomZoom", "SpatialDropout2D"),
}


@dataclass(frozen=True)
class Report:
    """Cost of a model, layer by layer.

    Attributes
    ----------
    costs : tuple of Cost
        A row for each call of a layer, in the order of computation. A layer that is called again has its
        parameters in its first row only.
    unknown : tuple of str
        Layers whose MACs this module does not know, as "name (class)". Their rows have no MACs.
    """

    costs: tuple[Cost, ...]
    unknown: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers, moving statistics included, as `model.count_params()`."""
        return sum(c.parameters for c in self.costs)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all known layers."""
        return sum(c.macs for c in self.costs)

    def bytes_moved(self, itemsize: int = 4) -> int:
        """Bytes read and written when each layer's input, parameters and output cross the memory bus once."""
        return sum(c.bytes_moved(itemsize) for c in self.costs)

    def intensity(self, itemsize: int = 4) -> float:
        """Arithmetic intensity in MACs per byte moved."""
        return self.macs / self.bytes_moved(itemsize)

    def table(self) -> str:
        """Return the rows and their sum as a Markdown table; what is not counted is named below it."""
        lines = [operations.table(self.costs), f"| **together** | | | {self.parameters:,} | {self.macs:,} |"]
        if self.unknown:
            lines += ["", f"MACs not counted: {', '.join(self.unknown)}."]
        return "\n".join(lines)


def of_layer(layer, *input_shapes: Shape) -> Cost | None:
    """Cost of one built Keras layer on one image.

    Parameters
    ----------
    layer : keras.layers.Layer
    *input_shapes : tuples of ints
        Of what it is called on, without the batch.

    Returns
    -------
    Cost or None
        None for a class that is not known here.

    Raises
    ------
    ValueError
        If the layer has the axes of channels first.
    """
    if getattr(layer, "data_format", None) == "channels_first":
        raise ValueError(f"layer {layer.name!r} must have data_format='channels_last', got 'channels_first'")
    kind, shape = type(layer).__name__, input_shapes[0]
    if kind in WITHOUT_MACS:
        batched = [(1, *s) for s in input_shapes]
        out = layer.compute_output_shape(batched if len(batched) > 1 else batched[0])
        return Cost(layer.name, shape, tuple(out[1:]), layer.count_params(), 0, 0, input_shapes[1:])
    return WITH_MACS[kind](layer, shape) if kind in WITH_MACS else None


def _place(layer) -> dict:
    """Arguments that every convolution has."""
    return {
        "kernel_size": tuple(layer.kernel_size),
        "strides": tuple(layer.strides),
        "padding": layer.padding,
        "dilation_rate": tuple(layer.dilation_rate),
        "use_bias": layer.use_bias,
    }


WITH_MACS = {
    "Conv2D": lambda layer, shape: operations.conv2d(
        shape, layer.filters, groups=layer.groups, name=layer.name, **_place(layer)
    ),
    "Conv2DTranspose": lambda layer, shape: operations.conv2d_transpose(
        shape, layer.filters, output_padding=layer.output_padding, name=layer.name, **_place(layer)
    ),
    "Dense": lambda layer, shape: operations.dense(shape, layer.units, layer.use_bias, name=layer.name),
    "DepthwiseConv2D": lambda layer, shape: operations.depthwise_conv2d(
        shape, depth_multiplier=layer.depth_multiplier, name=layer.name, **_place(layer)
    ),
    "SeparableConv2D": lambda layer, shape: operations.total(
        operations.separable_conv2d(
            shape, layer.filters, depth_multiplier=layer.depth_multiplier, **_place(layer)
        ),
        name=layer.name,
    ),
}


def of_model(model, input_shape: Shape | None = None) -> Report:
    """Cost of a Keras model on one image: Sequential or functional, with models inside models.

    Parameters
    ----------
    model : keras.Model
        Built, with channels last.
    input_shape : tuple of ints, optional
        Needed where the model's own input leaves height and width open.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If the model is not built, is a subclass without a graph of layers, or leaves its input's size open.
    """
    costs, unknown = [], []
    _walk(model, [input_shape] if input_shape else None, "", set(), costs, unknown)
    return Report(tuple(costs), tuple(dict.fromkeys(unknown)))


def _walk(model, input_shapes, prefix: str, seen: set[int], costs: list[Cost], unknown: list[str]) -> None:
    """Add a row for each call of a layer; `seen` holds the layers whose parameters are counted."""
    graph, original = _graph(model, input_shapes)
    for node in graph:
        operation = node.operation
        counted = original.get(operation.name, operation)
        shapes = [tuple(t.shape[1:]) for t in node.input_tensors]
        if not shapes:  # an input of the model: nothing is computed
            continue
        if _is_model(operation):
            _walk(counted, shapes, f"{prefix}{operation.name}/", seen, costs, unknown)
            continue
        out = tuple(node.output_tensors[0].shape[1:])
        cost = _cost(operation, shapes, out, f"{prefix}{operation.name}", unknown)
        if id(counted) in seen:
            cost = replace(cost, name=f"{cost.name} (again)", weights=0, biases=0)
        seen.add(id(counted))
        costs.append(cost)


def _cost(operation, shapes: list[Shape], out: Shape, name: str, unknown: list[str]) -> Cost:
    import keras  # noqa: PLC0415 - counting by arguments alone needs no framework

    if not isinstance(operation, keras.layers.Layer):
        # A call of keras.ops in the graph: it has no weights, but it may multiply arrays.
        unknown.append(f"{name} ({type(operation).__name__})")
        return Cost(name, shapes[0], out, 0, 0, 0, tuple(shapes[1:]))
    cost = of_layer(operation, *shapes)
    if cost is None:
        unknown.append(f"{name} ({type(operation).__name__})")
        cost = Cost(name, shapes[0], out, operation.count_params(), 0, 0, tuple(shapes[1:]))
    return replace(cost, name=name)


def _is_model(operation) -> bool:
    import keras  # noqa: PLC0415

    return isinstance(operation, keras.Model)


def _graph(model, input_shapes: list[Shape] | None):
    """Find the calls of layers in order, on inputs of known size, and the model's own layers by name."""
    import keras  # noqa: PLC0415

    if isinstance(model, keras.Sequential) and not model.built:
        raise ValueError(f"model {model.name!r} must be built: give it a keras.Input first")
    if isinstance(model, keras.Sequential):
        model = model._functional  # the graph that Sequential keeps of itself
    if not hasattr(model, "_nodes_by_depth"):
        raise ValueError(
            f"model must be Sequential or functional, got {type(model).__name__}, whose layers have no graph"
        )
    own = [tuple(t.shape[1:]) for t in model.inputs]
    wanted = input_shapes or own
    if any(None in shape for shape in wanted):
        raise ValueError(f"input_shape must be given for model {model.name!r}, its input is {own[0]}")
    layers = {layer.name: layer for layer in model.layers}
    if wanted != own:
        inputs = [keras.Input(shape, dtype=t.dtype) for shape, t in zip(wanted, model.inputs, strict=True)]
        inputs = keras.tree.pack_sequence_as(model.input, inputs)
        model = keras.models.clone_model(model, input_tensors=inputs)
    by_depth = model._nodes_by_depth
    return [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]], layers
