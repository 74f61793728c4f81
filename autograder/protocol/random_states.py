"""The global random generators' states as plain values, and back."""

from __future__ import annotations

import hmac
import random
from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np

from autograder.protocol.libraries import imported

_WORDS = 624  # of the Mersenne Twister's state
_INITIALIZED = 0x80000000  # its first word after an initialization by array; no later state keeps it
_MULTIPLIER = 1812433253  # of an initialization by one number


def random_states() -> dict[str, Any]:
    """Return the states of the global random generators as plain values."""
    states: dict[str, Any] = {"random": random.getstate()}
    if _numpy_state()[0] == "MT19937":
        states["numpy"] = _plain(np.random)
    context = imported("tensorflow.python.eager.context")
    if context is not None and (seed := context.global_seed()) is not None:
        # TensorFlow gives its operations seeds from a generator of its own
        generator = getattr(context.context(), "_rng", None)
        drawn = generator.getstate() if isinstance(generator, random.Random) else "unknown"
        states["tensorflow"] = (int(seed), _seed_from(drawn))
    return states


def without_history(states: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return states from which what was drawn before cannot be computed.

    The states of the Mersenne Twister can be wound back. One that was just seeded has drawn
    nothing and stays as it is; in the place of another comes one that is seeded from its digest, so
    that the same test always gives the same.

    Parameters
    ----------
    states
        As `random_states` returns them, of this process now.
    key
        Part of the digest that the receiver does not know: it could try the usual seeds.
    """
    safe = dict(states)
    if "random" in states and not _is_seeded(states["random"][1][:_WORDS], states["random"][1][_WORDS]):
        safe["random"] = random.Random(_seed_from(states["random"], key)).getstate()
    if "numpy" in states:
        words = np.frombuffer(states["numpy"][0], _numpy_state()[1].dtype).tolist()
        if not _is_seeded(words, states["numpy"][1]):
            safe["numpy"] = _plain(np.random.RandomState(_seed_from(states["numpy"], key)))
    if "tensorflow" in states:
        seed, drawn = states["tensorflow"]
        if drawn != _seed_from(random.Random(seed).getstate()):
            safe["tensorflow"] = (_seed_from([seed, drawn], key), 0)
    return safe


def _is_seeded(words: Sequence[int], position: int) -> bool:
    """Return whether a state of the Mersenne Twister is one that nothing was drawn from."""
    if position != _WORDS:
        return False
    if words[0] == _INITIALIZED:
        return True
    word = words[0]
    for index in range(1, _WORDS):
        word = (_MULTIPLIER * (word ^ (word >> 30)) + index) % 2**32
        if word != words[index]:
            return False
    return True


def _seed_from(state: object, key: bytes = b"") -> int:
    return int.from_bytes(hmac.digest(key, repr(state).encode(), "sha256")[:4], "big")


def set_random_states(states: dict[str, Any]) -> None:
    """Put the global random generators into these states."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy" in states:
        keys, *rest = states["numpy"]
        np.random.set_state(("MT19937", np.frombuffer(keys, _numpy_state()[1].dtype), *rest))
    tensorflow = imported("tensorflow")
    if "tensorflow" in states and tensorflow is not None:
        tensorflow.random.set_seed(states["tensorflow"][0])


def advance(generators: Iterable[str]) -> None:
    """Draw once from global generators, so that setting the same seed again is a change."""
    if "numpy" in generators:
        np.random.random()
    if "random" in generators:
        random.random()
    context = imported("tensorflow.python.eager.context")
    if "tensorflow" in generators and context is not None:
        context.internal_operation_seed()


def _plain(generator: Any) -> tuple[bytes, int, int, float]:
    """Return the state of NumPy's Mersenne Twister, of the module or of a `RandomState`."""
    _, keys, position, has, cached = generator.get_state(legacy=True)
    return keys.tobytes(), position, has, cached


def _numpy_state() -> tuple[str, np.ndarray, int, int, float]:
    return cast("tuple[str, np.ndarray, int, int, float]", np.random.get_state(legacy=True))
