"""What graphs compute, kept from one submission to the next: where many hand in the same, it is run once.

A graph is known by its configuration, with numbers in the place of the layers' names, which depend on what
the submission made before. What it does with a test's data is then everybody's. Only judges ask and tell; the
engine keeps it, in its own memory, for as long as the warm process lives.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.protocol import keras_models
from autograder.protocol.serialization import SerializationError, pack, unpack

if TYPE_CHECKING:
    from autograder.execution.client import WorkerClient

MOST_BYTES = 128 * 2**20


class Kept:
    """Results by key, the engine's; those that were not asked for the longest make room for others.

    Parameters
    ----------
    most
        Bytes of all results together.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self._size = most, 0
        self._results: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> bytes:
        """Return a result; b"" if there is none."""
        with self._lock:
            if key not in self._results:
                return b""
            self._results.move_to_end(key)
            return self._results[key]

    def put(self, key: bytes, result: bytes) -> None:
        """Keep a result."""
        with self._lock:
            self._size += len(result) - len(self._results.pop(key, b""))
            self._results[key] = result
            while self._size > self.most:
                self._size -= len(self._results.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._results.clear()
            self._size = 0


@dataclass(frozen=True)
class Later:
    """What a call gave. A graph or a model is as it crossed until `built` is called.

    Parameters
    ----------
    value
        A `keras_models.Graph` or `keras_models.Unbuilt` that is not built, or any other value.
    finish
        Builds such a one.
    """

    value: Any
    finish: Callable[[Any], Any] | None = None

    @property
    def form(self) -> str | None:
        """What it computes by (`form`); None for what is no graph, or not to be recalled."""
        return form(self.value) if self.finish else None

    def built(self) -> Any:
        """Return the value as the test uses it.

        Raises
        ------
        TransferError
            If it cannot be built.
        """
        return self.finish(self.value) if self.finish else self.value


class Recall:
    """The judge's way to what earlier judges of the same task have computed.

    Parameters
    ----------
    client
        To the student's names and the engine.
    scope
        What all results depend on besides their own key: a digest of the task.
    """

    def __init__(self, client: WorkerClient, scope: str) -> None:
        self.client, self.scope = client, scope

    def call(self, function: Callable, /, *args: Any, **kwargs: Any) -> Later:
        """Call a function; a graph that a student's function gives is not yet built."""
        return self.client.call_later(function, *args, **kwargs)

    def of(self, parts: tuple, compute: Callable[[], Any]) -> Any:
        """Return what belongs to `parts`, plain values all: as an earlier judge told it, or computed now."""
        try:
            key = hashlib.sha256(pack((self.scope, *parts))).digest()
        except SerializationError:
            return compute()
        if kept := self.client.recall(key):
            return unpack(kept)
        result = compute()
        with contextlib.suppress(
            SerializationError
        ):  # what has a part that is not plain is computed each time
            self.client.keep(key, pack(result))
        return result


def form(value: Any) -> str | None:
    """Return what a graph that is not yet built computes by, as text; None if it is not to be recalled.

    Graphs with one form do the same with known weights. Left out are nested models, compiled ones, layers
    that draw random numbers, and whatever is not as Keras writes it: those are built each time.
    """
    body = value.model.body if isinstance(value, keras_models.Graph) else value.body
    result = value.result.index if isinstance(value, keras_models.Graph) else None
    if type(body) is not dict or type(body.get("config")) is not bytes or body.get("compile"):
        return None
    try:
        config = _numbered(keras_models.parsed(body["config"]))
        weights = [[weight.dtype.str, list(weight.shape)] for weight in body["weights"]]
        return json.dumps([config, weights, body.get("trainable"), result], sort_keys=True)
    except (KeyError, TypeError, AttributeError, IndexError, SerializationError):
        return None


def _numbered(config: dict) -> dict:
    """Return a model's configuration with the layers' names replaced by their numbers."""
    layers = config["config"]["layers"]
    numbers = {layer["config"]["name"]: number for number, layer in enumerate(layers)}
    if len(numbers) != len(layers) or not all(type(name) is str for name in numbers):
        raise KeyError("names")
    inner = dict(config["config"], name="", layers=[_layer(layer, numbers) for layer in layers])
    for ends in ("input_layers", "output_layers"):
        if ends in inner:
            inner[ends] = _ends(inner[ends], numbers)
    return dict(config, config=inner, name="")


def _layer(layer: dict, numbers: dict[str, int]) -> dict:
    if "layers" in layer["config"] or "layer" in layer["config"] or "seed" in layer["config"]:
        raise KeyError("nested or random")
    name = layer["config"]["name"]
    if layer.get("name", name) != name:
        raise KeyError("two names")
    config = dict(layer["config"], name=numbers[name])
    nodes = _histories(layer.get("inbound_nodes", []), numbers)
    return dict(layer, config=config, name=numbers[name], inbound_nodes=nodes)


def _histories(node: Any, numbers: dict[str, int]) -> Any:
    """Return a layer's arguments with the layers that their tensors come from by number."""
    if isinstance(node, list):
        return [_histories(part, numbers) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("class_name") == "__keras_tensor__":
        name, *place = node["config"]["keras_history"]
        return dict(node, config=dict(node["config"], keras_history=[numbers[name], *place]))
    return {key: _histories(value, numbers) for key, value in node.items()}


def _ends(ends: list, numbers: dict[str, int]) -> list:
    """Return a model's inputs or outputs, one place or a list of them, with layers by number."""
    if ends and type(ends[0]) is str:
        return [numbers[ends[0]], *ends[1:]]
    return [_ends(end, numbers) for end in ends]
