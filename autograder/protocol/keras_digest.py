"""Digest of a described Keras model, but for its layers' names and its weights' values."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError
from autograder.protocol.keras_config import parsed

# It computes from what it has made of its weights, so new values of these are not all.
_NOT_BY_WEIGHTS = "Normalization"
_NAMES = frozenset(["name", "keras_history", "input_layers", "output_layers"])  # keys of layers' names


def digest_of(body: Any) -> bytes | None:
    """Return a digest of a model's description.

    Two models with one digest do the same once all their weights have the same values: their
    layers, arguments, and shapes and types of weights are alike, and only names may differ.

    Parameters
    ----------
    body
        The body of a description, as `keras_models.describe` gives it; not yet looked at.

    Returns
    -------
    bytes or None
        None where the description is damaged, or the values of its weights are not all that counts.
    """
    if type(body) is not dict:
        return None
    expected = {"config": bytes, "weights": list, "compile": bytes, "trainable": bool}
    if any(type(body.get(name)) is not kind for name, kind in expected.items()):
        return None
    if any(type(array) is not np.ndarray for array in body["weights"]):
        return None
    try:
        config = _Renamed().of(parsed(body["config"]))
        weights = [(array.shape, str(array.dtype)) for array in body["weights"]]
        text = json.dumps([config, weights, body["compile"].decode(), body["trainable"]], sort_keys=True)
    except (SerializationError, TypeError, ValueError, RecursionError):
        return None
    return None if f'"{_NOT_BY_WEIGHTS}"' in text else hashlib.sha256(text.encode()).digest()


def data_digest(arrays: tuple[np.ndarray, ...], seed: int) -> bytes:
    """Return a digest of data and a seed."""
    digest = hashlib.sha256(repr(seed).encode())
    for array in arrays:
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


class _Renamed:
    """Configurations with the names of layers replaced, in order of appearance."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, node: Any, *, is_name: bool = False) -> Any:
        """Return a part of a configuration; ``is_name`` where its strings are layers' names."""
        if isinstance(node, str) and is_name:
            return self._names.setdefault(node, f"#{len(self._names)}")
        if isinstance(node, list):
            return [self.of(part, is_name=is_name) for part in node]
        if isinstance(node, dict) and node.get("class_name") != "DTypePolicy":  # its name is a type's
            return {key: self.of(value, is_name=key in _NAMES) for key, value in node.items()}
        return node
