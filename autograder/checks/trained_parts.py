"""Parts of a trained network by which all that it has learned is in its weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograder.protocol.serialization import SerializationError

if TYPE_CHECKING:
    import keras

# Layers that compute with their weights alone. Not among them: what takes numbers as arguments
# (Rescaling, Normalization, CategoryEncoding), wrappers, pictures changed at random.
LAYERS = frozenset("""
    Activation Add AlphaDropout Average AveragePooling1D AveragePooling2D AveragePooling3D
    BatchNormalization Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
    Cropping1D Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU Embedding
    Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GRU
    GRUCell Identity LayerNormalization LeakyReLU LSTM LSTMCell Maximum MaxPooling1D MaxPooling2D
    MaxPooling3D Minimum MultiHeadAttention Multiply Permute PReLU ReLU RepeatVector Reshape Resizing
    RMSNormalization SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
    SpatialDropout2D SpatialDropout3D Subtract UnitNormalization UpSampling1D UpSampling2D UpSampling3D
    ZeroPadding1D ZeroPadding2D ZeroPadding3D
""".split())  # fmt: skip  # noqa: SIM905 - easier to read
# Functions of `keras.ops`, by their classes, that do the same outside of a layer.
OPERATIONS = frozenset("""
    Absolute Add AveragePool Concatenate Divide Elu Exp ExpandDims Gelu GetItem HardSigmoid LeakyRelu Max
    MaxPool Maximum Mean Min Minimum Multiply Negative Pad Relu ReLU Relu6 Repeat Reshape Resize Selu Sigmoid
    Silu Softmax Softplus Sqrt Square Squeeze Stack Subtract Sum Tanh Transpose TrueDivide
""".split())  # fmt: skip  # noqa: SIM905
# Arguments that change what a layer computes, be they whole numbers or not.
_SLOPES = frozenset("alpha negative_slope threshold max_value epsilon scale offset theta".split())  # noqa: SIM905
MAX_NUMBERS = 100  # in one list of a configuration: a shape has few, weights have many
MAX_DIFFERENT = 24  # numbers that are no sizes, in a whole configuration: rates, slopes, epsilons


def check_numbers(config: Any) -> None:
    """Refuse a configuration that holds more numbers than arguments of layers need.

    Parameters
    ----------
    config
        Parsed JSON.

    Raises
    ------
    SerializationError
        If a list in it is long, or there are many different numbers that are no sizes.
    """
    most = _longest(config)
    if most > MAX_NUMBERS:
        raise SerializationError(
            f"a list of {most:,} numbers is in its configuration; weights belong into layers"
        )
    different = len({*_not_sizes(config)})
    if different > MAX_DIFFERENT:
        raise SerializationError(
            f"{different} different numbers that are no sizes are in its configuration; weights belong "
            "into layers"
        )


def check_parts(model: keras.Model, layers: Iterable[str] | None) -> None:
    """Refuse a network of other layers and operations than those that are allowed.

    Parameters
    ----------
    model : keras.Model
        The network.
    layers : iterable of str or None
        Names of the layers that may be in it, and then no operation outside of a layer; None:
        `LAYERS` and `OPERATIONS`.

    Raises
    ------
    SerializationError
        If there is another; the text names it.
    """
    import keras  # noqa: PLC0415 - seconds of import that only networks need

    allowed = LAYERS if layers is None else frozenset(layers)
    for operation in _operations(model):
        kind = type(operation).__name__
        if isinstance(operation, keras.layers.Layer):
            if kind not in allowed:
                names = f"; allowed are {', '.join(sorted(allowed))}" if layers is not None else ""
                raise SerializationError(
                    f"it has a {kind} layer{names or ', which may hold numbers beside its weights'}"
                )
        elif layers is not None:
            raise SerializationError(
                f"it has the operation {kind} outside of a layer; only layers are allowed"
            )
        elif kind not in OPERATIONS:
            raise SerializationError(
                f"it has the operation {kind} outside of a layer, which may hold numbers of its own"
            )


def _operations(model: keras.Model) -> Iterator[keras.Operation]:
    """Yield all layers and operations, those of nested models and wrappers included."""
    import keras  # noqa: PLC0415

    inner = [*getattr(model, "operations", ()), *model._flatten_layers(include_self=False)]
    for operation in {id(operation): operation for operation in inner}.values():
        if isinstance(operation, keras.Model):
            yield from _operations(operation)
        elif not isinstance(operation, keras.layers.InputLayer):
            yield operation


def _longest(node: Any) -> int:
    """Count the numbers in the largest list of numbers, nested or not."""
    if isinstance(node, dict):
        return max(map(_longest, node.values()), default=0)
    if isinstance(node, list):
        bare = sum(isinstance(part, int | float) for part in node)
        lists = [_longest(part) for part in node if isinstance(part, list)]
        others = max((_longest(part) for part in node if isinstance(part, dict)), default=0)
        return max(bare + sum(lists), others)
    return 0


def _not_sizes(node: Any, name: str = "") -> Iterator[float]:
    """Yield the numbers that are no whole ones, or stand for an argument that is no size."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _not_sizes(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _not_sizes(value, name)
    elif isinstance(node, float) or (isinstance(node, int) and name in _SLOPES and type(node) is not bool):
        yield float(node)
