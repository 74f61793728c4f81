"""The global random generators' states as plain values, and back."""

from __future__ import annotations

import ctypes
import functools
import hmac
import random
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import numpy as np

from autograder.protocol.libraries import imported

_WORDS = 624  # of the Mersenne Twister's state
_BYTES = 4 * _WORDS + 4  # of these words and the place in them, in Python's and NumPy's memory
_GENERATOR: Any = random.getstate.__self__  # type: ignore[attr-defined] # of the module's functions
_INITIALIZED = 0x80000000  # its first word after an initialization by array; no later state keeps it
_getstate, _get_state = random.getstate, np.random.get_state  # by name: see `watch`
_MULTIPLIER = 1812433253  # of an initialization by one number


def marks() -> dict[str, Any]:
    """Return what tells whether a global random generator has drawn or was seeded, by its name.

    A mark equals an earlier one of the same generator where nothing has happened to it in between.
    It takes a few microseconds, a state of NumPy's many times that.
    """
    found: dict[str, Any] = {"random": _python_mark()}
    if (mark := _numpy_mark()) is not None:
        found["numpy"] = mark
    context = imported("tensorflow.python.eager.context")
    if context is not None and (seed := context.global_seed()) is not None:
        # TensorFlow gives its operations seeds from a generator of its own
        generator = getattr(context.context(), "_rng", None)
        drawn = generator.getstate() if isinstance(generator, random.Random) else "unknown"
        found["tensorflow"] = (int(seed), _seed_from(drawn))
    torch = imported("torch")
    if torch is not None and (generator := getattr(torch, "default_generator", None)) is not None:
        found["torch"] = (int(generator.initial_seed()), _torch_bits(generator))
    return found


def drawn_on(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Name the generators of Python and NumPy that have drawn since and were not seeded.

    Parameters
    ----------
    before, now
        Marks. More than some hundred numbers later they do not tell.
    """
    return [
        name
        for name, words in (("random", _python_words), ("numpy", _numpy_words))
        if name in before
        and name in now
        and before[name] != now[name]
        and words(before[name]) == words(now[name])
    ]


def states_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return the states of generators as plain values, from their marks of now."""
    own: dict[str, Callable[[], Any]] = {"random": _getstate, "numpy": lambda: _plain(np.random)}
    return {name: own[name]() if name in own else mark for name, mark in found.items()}


def _python_mark() -> tuple[Any, ...]:
    """Return the bits of the state, where they lie as in CPython, and the kept normal number."""
    if _PYTHON_BITS is None:
        return _getstate()
    return _PYTHON_BITS.tobytes(), _GENERATOR.gauss_next


def _python_words(mark: tuple[Any, ...]) -> object:
    """Return the words of a mark of Python's generator, without the place in them."""
    return mark[1][:_WORDS] if _PYTHON_BITS is None else mark[0][4:]


def _numpy_words(mark: tuple[bytes, int, float]) -> bytes:
    """Return the words of a mark of NumPy's generator, without the place in them."""
    return mark[0][: 4 * _WORDS]


def _bits_at(address: int) -> memoryview:
    """Return the memory of a generator's state, which is where it is as long as the generator."""
    return memoryview((ctypes.c_char * _BYTES).from_address(address))


class _Normal:
    """The second of two normal numbers that NumPy keeps, as it was when these bits were seen."""

    generator: Any = None
    memory = memoryview(b"")
    bits, kept = b"", (0, 0.0)


def _numpy_mark() -> tuple[bytes, int, float] | None:
    """Return the state's bits and the kept normal number; None if it is no Mersenne Twister.

    A number can only be kept where bits were drawn, so where none is kept and the bits are as they
    were, the state need not be copied.
    """
    generator = np.random.get_bit_generator()  # type: ignore[attr-defined]
    if type(generator) is not np.random.MT19937:
        return None
    if generator is not _Normal.generator:
        _Normal.generator, _Normal.memory = generator, _bits_at(generator.ctypes.state_address)
    bits = _Normal.memory.tobytes()
    if bits != _Normal.bits or _Normal.kept[0]:
        _, _, _, has, kept = _numpy_state()
        _Normal.bits, _Normal.kept = bits, (has, kept)
    return (bits, *_Normal.kept)


def without_history(states: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return states from which what was drawn before cannot be computed.

    The states of the Mersenne Twister can be wound back. One that was just seeded has drawn
    nothing and stays as it is; in the place of another comes one that is seeded from its digest, so
    that the same test always gives the same.

    Parameters
    ----------
    states
        As `states_of` returns them, of this process now.
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
    if "torch" in states:
        seed, bits = states["torch"]
        is_fresh = bits == _torch_bits(imported("torch").Generator().manual_seed(seed))
        safe["torch"] = (seed if is_fresh else _seed_from([seed, bits], key), 0)
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
    torch = imported("torch")
    if "torch" in states and torch is not None:
        torch.manual_seed(states["torch"][0])


def watch(read: Callable[[str], object]) -> None:
    """Call a function with a generator's name whenever code of this process reads its state."""

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def reading(*args: Any, **kwargs: Any) -> Any:
            read(name)
            return function(*args, **kwargs)

        return reading

    random.getstate = watched("random", _getstate)
    np.random.get_state = watched("numpy", _get_state)


def advance(generators: Iterable[str]) -> None:
    """Draw once from global generators, so that setting the same seed again is a change."""
    if "numpy" in generators:
        np.random.random()
    if "random" in generators:
        random.random()
    context = imported("tensorflow.python.eager.context")
    if "tensorflow" in generators and context is not None:
        context.internal_operation_seed()
    torch = imported("torch")
    if "torch" in generators and torch is not None:
        torch.rand(1)


def _torch_bits(generator: Any) -> bytes:
    """Return the state of a generator of PyTorch's."""
    bits: bytes = generator.get_state().numpy().tobytes()
    return bits


def _plain(generator: Any) -> tuple[bytes, int, int, float]:
    """Return the state of NumPy's Mersenne Twister, of the module or of a `RandomState`."""
    get_state: Any = _get_state if generator is np.random else generator.get_state
    _, keys, position, has, cached = get_state(legacy=True)
    return keys.tobytes(), position, has, cached


def _numpy_state() -> tuple[str, np.ndarray, int, int, float]:
    return cast("tuple[str, np.ndarray, int, int, float]", _get_state(legacy=True))


def _bits_are_known() -> bool:
    """Return whether the state of Python's generator is where `_python_mark` reads it."""
    if sys.implementation.name != "cpython":
        return False
    generator = random.Random(1)
    generator.random()
    *words, place = generator.getstate()[1]
    if random.Random.__basicsize__ < object.__basicsize__ + _BYTES:
        return False
    bits = _bits_at(id(generator) + object.__basicsize__).tobytes()
    return bits == struct.pack("=i624I", place, *words)


_PYTHON_BITS = _bits_at(id(_GENERATOR) + object.__basicsize__) if _bits_are_known() else None
