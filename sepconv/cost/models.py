"""Cost of Keras' layers and models, read off the layers themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sepconv.cost import operations
from sepconv.cost.operations import Cost, Shape

if TYPE_CHECKING:
    import keras

# Layers that multiply nothing by a weight and add it up: normalization only scales and shifts,
# which folds into the convolution before it; pooling and interpolation have no weights.
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
        A row for each call of a layer, in the order of computation. A layer that is called again
        has its parameters in its first row only.
    unknown : tuple of str
        Layers whose MACs this module does not know, as "name (class)". Their rows have no MACs.
    """

    costs: tuple[Cost, ...]
    unknown: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers and moving statistics, as `model.count_params()`."""
        return sum(cost.parameters for cost in self.costs)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all known layers."""
        return sum(cost.macs for cost in self.costs)

    def bytes_moved(self, itemsize: int = 4) -> int:
        """Bytes read and written if each layer's arrays cross the memory bus once.

        These are the layer's input, its parameters and its output.
        """
        return sum(cost.bytes_moved(itemsize) for cost in self.costs)

    def intensity(self, itemsize: int = 4) -> float:
        """Arithmetic intensity in MACs per byte moved."""
        return self.macs / self.bytes_moved(itemsize)

    def table(self) -> str:
        """Format the rows and their sum as a Markdown table, with the unknown layers below it."""
        total = f"| **together** | {self.parameters:,} | {self.macs:,} | | |"
        lines = [operations.table(self.costs), total]
        if self.unknown:
            lines += ["", f"MACs not counted: {', '.join(self.unknown)}."]
        return "\n".join(lines)


def of_layer(layer: keras.layers.Layer, *input_shapes: Shape) -> Cost | None:
    """Cost of one built Keras layer on one image.

    Parameters
    ----------
    layer : keras.layers.Layer
    *input_shapes : tuples of ints
        Shapes of its inputs, without the batch.

    Returns
    -------
    Cost or None
        None for a class that this module does not know.

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


def _convolution_arguments(layer: keras.layers.Layer) -> dict[str, Any]:
    """Arguments that all convolutional layers share."""
    return {
        "kernel_size": tuple(layer.kernel_size),
        "strides": tuple(layer.strides),
        "padding": layer.padding,
        "dilation_rate": tuple(layer.dilation_rate),
        "use_bias": layer.use_bias,
    }


WITH_MACS: dict[str, Callable[[keras.layers.Layer, Shape], Cost]] = {
    "Conv2D": lambda layer, shape: operations.conv2d(
        shape, layer.filters, groups=layer.groups, name=layer.name, **_convolution_arguments(layer)
    ),
    "Conv2DTranspose": lambda layer, shape: operations.conv2d_transpose(
        shape,
        layer.filters,
        output_padding=layer.output_padding,
        name=layer.name,
        **_convolution_arguments(layer),
    ),
    "Dense": lambda layer, shape: operations.dense(shape, layer.units, layer.use_bias, name=layer.name),
    "DepthwiseConv2D": lambda layer, shape: operations.depthwise_conv2d(
        shape,
        depth_multiplier=layer.depth_multiplier,
        name=layer.name,
        **_convolution_arguments(layer),
    ),
    "SeparableConv2D": lambda layer, shape: operations.total(
        operations.separable_conv2d(
            shape, layer.filters, depth_multiplier=layer.depth_multiplier, **_convolution_arguments(layer)
        ),
        name=layer.name,
    ),
}


def of_model(model: keras.Model, input_shape: Shape | None = None) -> Report:
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
        If the model is not built, is a subclass without a graph of layers, or leaves the size of
        its input open.
    """
    collector = _CostCollector()
    collector.add_model(model, [input_shape] if input_shape else None, "")
    return Report(tuple(collector.costs), tuple(dict.fromkeys(collector.unknown)))


class _CostCollector:
    """Rows of a report, collected call by call through a model and the models in it."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []
        self.unknown: list[str] = []
        self.counted: set[int] = set()  # ids of the layers whose parameters have a row

    def add_model(self, model: keras.Model, input_shapes: list[Shape] | None, prefix: str) -> None:
        """Add a row for each call of a layer, with `prefix` before the layer's name."""
        import keras  # noqa: PLC0415 - counting by arguments alone needs no framework

        nodes, layers = _calls_and_layers(model, input_shapes)
        for node in nodes:
            operation = node.operation
            layer = layers.get(operation.name, operation)
            shapes = [tuple(t.shape[1:]) for t in node.input_tensors]
            if not shapes:  # an input of the model: nothing is computed
                continue
            name = f"{prefix}{operation.name}"
            if isinstance(operation, keras.Model):
                self.add_model(layer, shapes, f"{name}/")
                continue
            output_shape = tuple(node.output_tensors[0].shape[1:])
            cost = self._cost(operation, shapes, output_shape, name)
            if id(layer) in self.counted:
                cost = replace(cost, name=f"{cost.name} (again)", weights=0, biases=0)
            self.counted.add(id(layer))
            self.costs.append(cost)

    def _cost(
        self, operation: keras.Operation, shapes: Sequence[Shape], output_shape: Shape, name: str
    ) -> Cost:
        import keras  # noqa: PLC0415

        parameters = 0  # a call of keras.ops has no weights, but it may multiply arrays
        if isinstance(operation, keras.layers.Layer):
            cost = of_layer(operation, *shapes)
            if cost is not None:
                return replace(cost, name=name)
            parameters = operation.count_params()
        self.unknown.append(f"{name} ({type(operation).__name__})")
        return Cost(name, shapes[0], output_shape, parameters, 0, 0, tuple(shapes[1:]))


def _calls_and_layers(
    model: keras.Model, input_shapes: list[Shape] | None
) -> tuple[list[Any], dict[str, keras.layers.Layer]]:
    """Find the calls of layers on inputs of known size, and the model's own layers by name.

    Returns
    -------
    calls : list of nodes of Keras' graph
        In the order of computation. They call clones of the layers where `input_shapes` are not
        the model's own.
    layers : dict of str to keras.layers.Layer
    """
    import keras  # noqa: PLC0415

    if isinstance(model, keras.Sequential) and not model.built:
        raise ValueError(f"model {model.name!r} must be built: give it a keras.Input first")
    if isinstance(model, keras.Sequential):
        model = model._functional  # the graph that Sequential keeps of itself
    if not hasattr(model, "_nodes_by_depth"):
        raise ValueError(
            f"model must be Sequential or functional, got {type(model).__name__}, whose layers have no graph"
        )
    own_shapes = [tuple(t.shape[1:]) for t in model.inputs]
    shapes = input_shapes or own_shapes
    if any(None in shape for shape in shapes):
        raise ValueError(f"input_shape must be given for model {model.name!r}, its input is {own_shapes[0]}")
    layers = {layer.name: layer for layer in model.layers}
    if shapes != own_shapes:
        inputs = [keras.Input(shape, dtype=t.dtype) for shape, t in zip(shapes, model.inputs, strict=True)]
        inputs = keras.tree.pack_sequence_as(model.input, inputs)
        model = keras.models.clone_model(model, input_tensors=inputs)
    by_depth = model._nodes_by_depth
    return [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]], layers
