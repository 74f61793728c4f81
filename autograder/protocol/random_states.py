"""The global random generators' states as plain values, and back."""

from __future__ import annotations

import random
from typing import Any, cast

import numpy as np

from autograder.protocol.libraries import imported


def random_states() -> dict[str, Any]:
    """Return the states of the global random generators as plain values."""
    states: dict[str, Any] = {"random": random.getstate()}
    kind, keys, position, has, cached = _numpy_state()
    if kind == "MT19937":
        states["numpy"] = (keys.tobytes(), position, has, cached)
    context = imported("tensorflow.python.eager.context")
    if context is not None and (seed := context.global_seed()) is not None:
        states["tensorflow"] = int(seed)
    return states


def set_random_states(states: dict[str, Any]) -> None:
    """Put the global random generators into these states."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy" in states:
        keys, *rest = states["numpy"]
        np.random.set_state(("MT19937", np.frombuffer(keys, _numpy_state()[1].dtype), *rest))
    tensorflow = imported("tensorflow")
    if "tensorflow" in states and tensorflow is not None:
        tensorflow.random.set_seed(states["tensorflow"])


def _numpy_state() -> tuple[str, np.ndarray, int, int, float]:
    return cast("tuple[str, np.ndarray, int, int, float]", np.random.get_state(legacy=True))
