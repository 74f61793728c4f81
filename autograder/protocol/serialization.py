"""Values as bounded bytes, and back, between two processes that do not trust each other.

A packet is ``AGV1``, the length of its head, the head and the blobs. The head is JSON: the tree
that `autograder.protocol.codecs` makes of a value, and the lengths of the blobs. `Tagged` values
become what the caller decides. All bounds are checked before anything is decoded.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

from autograder.protocol.bounds import Bounds, SerializationError, Tagged, TooLargeError, json_depth
from autograder.protocol.codecs import codec_of, codec_of_tag
from autograder.protocol.packet import Decoder, Encoder, Part

__all__ = [
    "MAGIC",
    "Bounds",
    "Part",
    "SerializationError",
    "Tagged",
    "TooLargeError",
    "json_depth",
    "pack",
    "pack_answer",
    "unpack",
]

MAGIC = b"AGV1"
MAX_HEAD = 16 * 2**20
USUAL = Bounds()


def pack(
    value: Any,
    tag: Callable[[Any], Tagged] | None = None,
    bounds: Bounds = USUAL,
    parts: list[Part] | None = None,
) -> bytes:
    """Encode a value.

    Parameters
    ----------
    value
        Of exact built-in and NumPy types, nested.
    tag
        Called with whatever is of another type; returns what stands for it or raises
        `SerializationError`.
    bounds
        What the packet must not exceed.
    parts
        A list that gets the packet's containers, for `unpack` of the answer.

    Raises
    ------
    SerializationError
        If the value has a part that cannot cross or exceeds the bounds.
    """
    encoder = Encoder(codec_of, tag, bounds)
    packet = _packed(encoder, value)
    if parts is not None:
        parts[:] = encoder.parts
    return packet


def pack_answer(
    value: Any, tag: Callable[[Any], Tagged] | None, bounds: Bounds, known: Sequence[Part]
) -> tuple[bytes, bool]:
    """Encode an answer, its containers that stand in the question by their numbers there.

    Parameters
    ----------
    value, tag, bounds
        As for `pack`.
    known
        The question's containers.

    Returns
    -------
    tuple of bytes and bool
        The packet, and whether it names one of them.

    Raises
    ------
    SerializationError
        As `pack` does.
    """
    encoder = Encoder(codec_of, tag, bounds, known)
    return _packed(encoder, value), encoder.uses_known


def _packed(encoder: Encoder, value: Any) -> bytes:
    node, bounds = encoder.node(value, 0), encoder.bounds
    head = json.dumps({"value": node, "blobs": [len(blob) for blob in encoder.blobs]}).encode()
    if len(head) > MAX_HEAD or len(head) + sum(map(len, encoder.blobs)) > bounds.bytes:
        raise TooLargeError(f"the value is larger than {bounds.bytes:,} bytes")
    return b"".join([MAGIC, struct.pack(">I", len(head)), head, *encoder.blobs])


def unpack(
    data: bytes,
    untag: Callable[[str, Any], Any] | None = None,
    bounds: Bounds = USUAL,
    *,
    known: Sequence[Part] = (),
    parts: list[Part] | None = None,
) -> Any:
    """Decode a packet from a process that is not trusted.

    Parameters
    ----------
    data
        The packet.
    untag
        Called with kind and body of each tagged value; returns what it becomes or raises
        `SerializationError`.
    bounds
        Checked before anything is decoded.
    known
        The containers of the question, where this is an answer: it may name them.
    parts
        A list that gets the packet's own containers.

    Raises
    ------
    SerializationError
        If the bytes are not a packet, or exceed the bounds. No other exception leaves this
        function, except those of ``untag``.
    """
    node, blobs = _opened(data, bounds)
    decoder = Decoder(blobs, codec_of_tag, untag, bounds, known)
    value = decoder.value(node, 0)
    if parts is not None:
        parts[:] = decoder.parts
    return value


def _opened(data: bytes, bounds: Bounds) -> tuple[Any, list[memoryview]]:
    """Return a packet's tree and its blobs, both within the bounds."""
    if len(data) > bounds.bytes + len(MAGIC) + 4:
        raise TooLargeError(f"the value is larger than {bounds.bytes:,} bytes")
    if len(data) < 8 or data[:4] != MAGIC:
        raise SerializationError("the bytes are not a value")
    (length,) = struct.unpack(">I", data[4:8])
    if length > min(MAX_HEAD, len(data) - 8):
        raise SerializationError("the value is cut off or has too long a head")
    head = bytes(data[8 : 8 + length])
    if head.count(b",") + head.count(b"[") + head.count(b"{") > 3 * bounds.items + 100:
        raise TooLargeError(f"the value has more than {bounds.items:,} elements")
    if json_depth(head) > 2 * bounds.depth + 10:
        raise TooLargeError(f"the value is nested deeper than {bounds.depth}")
    try:
        tree = json.loads(head.decode())
        node, lengths = tree["value"], tree["blobs"]
        if type(lengths) is not list or not all(type(size) is int and size >= 0 for size in lengths):
            raise SerializationError("the lengths of the value's parts are wrong")
        if 8 + length + sum(lengths) != len(data):
            raise SerializationError("the value is cut off")
    except SerializationError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SerializationError(f"the bytes are not a value: {type(error).__name__}") from None
    blobs, start = [], 8 + length
    for size in lengths:
        blobs.append(memoryview(data)[start : start + size])
        start += size
    return node, blobs
