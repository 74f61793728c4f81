"""Graphs that a student's function makes of symbolic tensors, put on the test's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from autograder.protocol.bounds import SerializationError, Tagged
from autograder.protocol.libraries import imported
from autograder.protocol.values import Kind

MAX_AXES, MAX_SIZE = 8, 2**24
APART = "the returned tensor does not depend on the given one alone"
_ALONE = -1  # number of a symbolic tensor that is none of the test's


@dataclass(frozen=True)
class Output:
    """A place in a result for one output of a graph."""

    index: int


@dataclass(frozen=True)
class Graph:
    """Graph made of symbolic tensors: a model, and the result with places for its outputs."""

    model: Any
    result: Any


def is_symbol(value: Any) -> bool:
    """Return whether a value is a symbolic tensor."""
    keras = imported("keras")
    return keras is not None and hasattr(keras, "KerasTensor") and isinstance(value, keras.KerasTensor)


def place_of(value: Any, symbols: list[Any]) -> int:
    """Return the number of a symbolic tensor; a new one gets the next."""
    for index, known in enumerate(symbols):
        if known is value:
            return index
    symbols.append(value)
    return len(symbols) - 1


def describe_symbol(value: Any, symbols: list[Any] | None) -> Tagged:
    """Describe a symbolic tensor.

    Parameters
    ----------
    value
        The tensor.
    symbols
        The test's symbolic tensors, which get numbers. None for a tensor of the submission: its
        shape and type cross, and no layer.
    """
    index = _ALONE if symbols is None else place_of(value, symbols)
    return Tagged(Kind.SYMBOL, (index, list(value.shape), str(value.dtype)))


def rebuild_symbol(body: Any) -> Any:
    """Make a symbolic tensor that leads nowhere, of the shape and type that crossed.

    Raises
    ------
    SerializationError
        If the description is damaged.
    """
    try:
        index, shape, dtype = body
        sizes = [size is None or (type(size) is int and 0 <= size <= MAX_SIZE) for size in shape]
        if index != _ALONE or len(sizes) > MAX_AXES or not all(sizes) or type(dtype) is not str:
            raise ValueError
        return imported("keras").KerasTensor(tuple(shape), dtype=dtype[:20])
    except (TypeError, ValueError, AttributeError):
        raise SerializationError("a part of it is a symbolic tensor that is damaged") from None


def symbol(body: Any, symbols: list[Any]) -> Any:
    """Return the worker's own input for a symbolic tensor, kept by number in ``symbols``."""
    index, shape, dtype = body
    while len(symbols) <= index:
        symbols.append(None)
    if symbols[index] is None:
        symbols[index] = imported("keras").Input(batch_shape=tuple(shape), dtype=dtype)
    return symbols[index]


def collect(result: Any, symbols: list[Any]) -> Any:
    """Turn the symbolic tensors in a result into one model of the worker's inputs."""
    if not symbols:
        return result
    outputs: list[Any] = []

    def replace(value: Any) -> Any:
        if is_symbol(value):
            outputs.append(value)
            return Tagged(Kind.OUTPUT, len(outputs) - 1)
        if type(value) in (list, tuple):
            return type(value)([replace(part) for part in value])
        if type(value) is dict:
            return {key: replace(part) for key, part in value.items()}
        return value

    replaced = replace(result)
    if not outputs:
        return result
    inputs = [one for one in symbols if one is not None]
    try:
        model = imported("keras").Model(inputs, outputs)
    except Exception:
        raise SerializationError(APART) from None
    return Tagged(Kind.GRAPH, [model, replaced])


def _applied(model: Any, tensors: list[Any]) -> list[Any]:
    """Return the outputs of fresh copies of a model's layers on other symbolic tensors."""
    keras = imported("keras")
    made: dict[int, Any] = {}

    def twin(operation: Any) -> Any:
        if id(operation) not in made:
            config = operation.get_config()
            if _AUTOMATIC.sub("", config.get("name", "")) == _snake(type(operation).__name__):
                config.pop("name")
                if isinstance(operation, keras.Model):  # whose configuration must have one
                    config["name"] = keras.src.utils.naming.auto_name(_snake(type(operation).__name__))
            copy = type(operation).from_config(config)
            if isinstance(operation, keras.layers.Layer) and operation.built and operation.get_build_config():
                copy.build_from_config(operation.get_build_config())
            made[id(operation)] = operation, copy
        return made[id(operation)][1]

    inputs = tensors if len(tensors) > 1 else tensors[0]
    outputs = model._run_through_graph(inputs, operation_fn=twin)
    for operation, copy in made.values():
        if isinstance(operation, keras.layers.Layer):
            copy.set_weights(operation.get_weights())
            copy.trainable = operation.trainable
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


_AUTOMATIC = re.compile(r"_\d+$")


def _snake(name: str) -> str:
    """Return the name that Keras gives to the first layer of a class."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def undone(kind: str, body: Any) -> Tagged:
    """Keep the description of a network as it crossed, for `described`; refuse all other kinds."""
    if kind in (Kind.MODEL, Kind.GRAPH, Kind.OUTPUT):
        return Tagged(kind, body)
    raise SerializationError("more than the description of a network")


def described(value: Any, *, in_graph: bool) -> Any:
    """Return the description of the one network that a value is, None where it is anything else.

    Parameters
    ----------
    value
        A value that crossed, read with `undone`.
    in_graph
        Whether the network is to come as a graph of the test's symbolic tensors with one output.
    """
    if in_graph:
        if not isinstance(value, Tagged) or value.kind != Kind.GRAPH or type(value.body) is not list:
            return None
        value = value.body[0] if value.body[1:] == [Tagged(Kind.OUTPUT, 0)] else None
    return value.body if isinstance(value, Tagged) and value.kind == Kind.MODEL else None


def attach(value: Any, symbols: list[Any]) -> Any:
    """Put the layers of a graph on the test's own tensors; return other values as they are."""
    if not isinstance(value, Graph):
        return value
    try:
        outputs = _applied(value.model, symbols)
    except Exception as error:
        raise SerializationError(
            f"the graph cannot be rebuilt: {type(error).__name__}: {str(error)[:500]}"
        ) from None

    def replace(part: Any) -> Any:
        if isinstance(part, Output):
            if not 0 <= part.index < len(outputs):
                raise SerializationError("the graph has fewer outputs than its result says")
            return outputs[part.index]
        if type(part) in (list, tuple):
            return type(part)(replace(one) for one in part)
        if type(part) is dict:
            return {key: replace(one) for key, one in part.items()}
        return part

    return replace(value.result)
