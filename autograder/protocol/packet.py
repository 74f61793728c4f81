"""A packet on its way to bytes, and back: what all codecs share, and the bounds that they keep.

An encoded value is a tree for JSON in which every list starts with a codec's tag; long text, bytes
and the numbers of arrays lie in blobs beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.protocol.bounds import Bounds, SerializationError, Tagged, TooLargeError

AGAIN = "&"  # a container that stands in this packet already, by its number
KNOWN = "^"  # one that stands in the packet that this one answers
VIEW = "^v"  # what shows a part of one that stands there; a codec's tag follows
SHORT = 256  # bytes of a text that stays in the tree
MAX_RICH_KEYS = 5_000  # in one packet; keys of which many can be made that have one hash
TAGGED = "@"
PASSIVE = ("exact", "named tuple")  # kinds of tagged values that are data themselves
_SIMPLE = (str, int, float, bool, bytes, type(None))


@dataclass(frozen=True)
class Part:
    """A container of a packet that can be changed: it stays one object, wherever it stands.

    Parameters
    ----------
    value
        The container.
    items, bytes, height
        What it counts wherever it stands again: its elements, its bytes, how deep it is nested.
    """

    value: Any
    items: int
    bytes: int
    height: int


class _Places:
    """The containers of one packet, numbered as they end, and what of the bounds is used."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.parts: list[Part] = []
        self.items = self.size = 0
        self.only_data = False  # a library's own value, in which no object of a process may stand
        self._deepest = -1

    @contextmanager
    def data_only(self, wanted: bool) -> Iterator[None]:
        """Let nothing but data stand in what is encoded or decoded here."""
        before, self.only_data = self.only_data, self.only_data or wanted
        try:
            yield
        finally:
            self.only_data = before

    def enter(self, depth: int) -> tuple[int, int, int]:
        """Begin a container; return what `leave` needs."""
        before = self.items, self.size, max(self._deepest, depth)
        self._deepest = depth
        return before

    def leave(self, value: Any, depth: int, before: tuple[int, int, int]) -> None:
        """End a container, which is numbered now."""
        items, size, deepest = before
        self.parts.append(Part(value, self.items - items, self.size - size, self._deepest - depth))
        self._deepest = max(self._deepest, deepest)

    def reach(self, depth: int) -> None:
        """Note how deep a value stands."""
        if depth > self.bounds.depth:
            raise TooLargeError(f"the value is nested deeper than {self.bounds.depth}, or contains itself")
        self._deepest = max(self._deepest, depth)

    def count(self, items: int) -> None:
        """Count elements."""
        self.items += items
        if self.items > self.bounds.items:
            raise TooLargeError(f"the value has more than {self.bounds.items:,} elements")

    def weigh(self, size: int) -> None:
        """Count bytes."""
        self.size += size
        if self.size > self.bounds.bytes:
            raise TooLargeError(f"the value is larger than {self.bounds.bytes:,} bytes")

    def again(self, part: Part, depth: int) -> None:
        """Count a container that stands here once more as if it were another."""
        self.count(part.items)
        self.weigh(part.bytes)
        self.reach(depth + part.height)


class Encoder(_Places):
    """One packet on its way to bytes: its blobs, and how much of the bounds is used.

    Parameters
    ----------
    codec_of
        Returns the codec of a value, None where its type has none.
    tag
        Called with a value of a type that has no codec; returns what stands for it, or raises.
    bounds
        What the packet must not exceed.
    known
        The containers of the packet that this one answers.
    """

    def __init__(
        self,
        codec_of: Callable[[Any], Codec | None],
        tag: Callable[[Any], Tagged] | None,
        bounds: Bounds,
        known: Sequence[Part] = (),
    ) -> None:
        super().__init__(bounds)
        self.codec_of, self.tag = codec_of, tag
        self.blobs: list[bytes] = []
        self.uses_known = False
        self._parts_known = known
        self._known = {id(part.value): number for number, part in enumerate(known)}
        self._numbers: dict[int, int | None] = {}  # None within the container itself

    def blob(self, data: bytes) -> int:
        """Put bytes beside the tree; return their number."""
        self.weigh(len(data))
        self.blobs.append(data)
        return len(self.blobs) - 1

    def many(self, values: Iterable[Any], depth: int) -> list[Any]:
        """Encode the elements of a container."""
        nodes = []
        for value in values:
            self.items += 1
            if self.items > self.bounds.items:
                self.count(0)  # which says so
            nodes.append(self.node(value, depth + 1))
        return nodes

    def pairs(self, values: dict[Any, Any], depth: int) -> list[Any]:
        """Encode keys and values, one after the other."""
        return self.many((part for pair in values.items() for part in pair), depth)

    def node(self, value: Any, depth: int) -> Any:
        """Encode a value."""
        if depth > self._deepest:
            self.reach(depth)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int and abs(value) < 2**63:
            return value
        if kind is str and len(value.encode("utf-8", "surrogatepass")) <= SHORT:
            return value
        codec = self.codec_of(value)
        if codec is not None:
            if codec.changeable:
                return self._container(codec, value, depth)
            return [codec.tag, *codec.encode(self, value, depth)]
        if kind is not Tagged:
            if self.tag is None:
                raise SerializationError(f"an object of type {kind.__name__} cannot cross")
            value = self.tag(value)
            if self.only_data and value.kind not in PASSIVE:
                raise SerializationError(f"an object of type {kind.__name__} within a library's data")
        return [TAGGED, str(value.kind), self.node(value.body, depth + 1)]

    def _container(self, codec: Codec, value: Any, depth: int) -> list[Any]:
        """Encode a container that can be changed: once, and then by its number."""
        if id(value) in self._known:
            self.uses_known = True
            return [KNOWN, self._known[id(value)]]
        if codec.part_of is not None and (view := codec.part_of(value, self._parts_known)) is not None:
            self.uses_known = True
            return [VIEW + codec.tag, *view]
        if id(value) in self._numbers:
            number = self._numbers[id(value)]
            if number is None:
                raise SerializationError("the value contains itself")
            self.again(self.parts[number], depth)
            return [AGAIN, number]
        self._numbers[id(value)] = None
        before = self.enter(depth)
        node = [codec.tag, *codec.encode(self, value, depth)]
        self.leave(value, depth, before)  # which keeps it, so that no other gets its id
        self._numbers[id(value)] = len(self.parts) - 1
        return node


class Decoder(_Places):
    """One packet from a process that is not trusted, on its way to values.

    Parameters
    ----------
    blobs
        The packet's blobs.
    codecs
        Returns the codec of a tag, None where there is none.
    untag
        Called with kind and body of each tagged value; returns what it becomes, or raises.
    bounds
        What the packet must not exceed.
    known
        The containers of the packet that this one answers.
    """

    def __init__(
        self,
        blobs: list[memoryview],
        codecs: Callable[[str], Codec | None],
        untag: Callable[[str, Any], Any] | None,
        bounds: Bounds,
        known: Sequence[Part] = (),
    ) -> None:
        super().__init__(bounds)
        self.blobs, self.codecs, self.untag, self.known = blobs, codecs, untag, known
        self.rich_keys = 0

    def value(self, node: Any, depth: int) -> Any:
        """Decode a node of the tree."""
        if depth > self._deepest:
            self.reach(depth)
        if type(node) is dict or (type(node) is list and (not node or type(node[0]) is not str)):
            raise SerializationError("a part of the value has no tag")
        if type(node) is not list:
            # JSON's NaN is one object, which as a key would be equal to itself
            return float("nan") if node != node else node  # noqa: PLR0124
        tag, *parts = node
        if tag == TAGGED:
            return self._tagged(parts, depth)
        if tag in (AGAIN, KNOWN):
            return self._again(self.parts if tag == AGAIN else self.known, parts, depth)
        is_view = tag.startswith(VIEW)
        codec = self.codecs(tag.removeprefix(VIEW))
        if codec is None or (is_view and codec.view is None):
            raise SerializationError("a part of the value is of an unknown kind")
        before = self.enter(depth) if codec.changeable else None
        try:
            if is_view and codec.view is not None:
                value = codec.view(self, parts)
            else:
                value = codec.decode(self, parts, depth)
        except SerializationError:
            raise
        except (ValueError, TypeError, IndexError, KeyError, OverflowError, ArithmeticError) as error:
            raise SerializationError(
                f"a part of the value is damaged: {tag!r}, {type(error).__name__}"
            ) from None
        if before is not None:
            self.leave(value, depth, before)
        return value

    def _tagged(self, parts: list[Any], depth: int) -> Any:
        """Decode a value of a kind that the caller knows."""
        if len(parts) != 2 or type(parts[0]) is not str or self.untag is None:
            raise SerializationError("a part of the value is of a kind that is not expected here")
        if self.only_data and parts[0] not in PASSIVE:
            raise SerializationError("an object that is no data within a library's data")
        return self.untag(parts[0], self.value(parts[1], depth + 1))

    def _again(self, places: Sequence[Part], numbers: list[Any], depth: int) -> Any:
        """Return a container that is there already."""
        if len(numbers) != 1 or type(numbers[0]) is not int or not 0 <= numbers[0] < len(places):
            raise SerializationError("a part of the value is missing")
        part = places[numbers[0]]
        self.again(part, depth)
        return part.value

    def blob(self, index: Any) -> memoryview:
        """Return a blob by its number."""
        if type(index) is not int or not 0 <= index < len(self.blobs):
            raise SerializationError("a part of the value is missing")
        self.weigh(len(self.blobs[index]))
        return self.blobs[index]

    def many(self, nodes: list[Any], depth: int) -> list[Any]:
        """Decode the elements of a container."""
        self.count(len(nodes))
        return [self.value(node, depth + 1) for node in nodes]

    def keys(self, nodes: list[Any], depth: int) -> list[Any]:
        """Decode keys of a dict or set, none of which can be chosen so that many have one hash."""
        keys = self.many(nodes, depth)
        self.rich_keys += sum(map(_richness, keys))
        if self.rich_keys > MAX_RICH_KEYS or any(type(key) is int and abs(key) >= 2**63 for key in keys):
            raise SerializationError("a dictionary or set has keys that cannot cross")
        return keys

    def pairs(self, nodes: list[Any], depth: int) -> dict[Any, Any]:
        """Decode what `Encoder.pairs` encoded."""
        keys, values = self.keys(nodes[::2], depth), self.many(nodes[1::2], depth)
        return dict(zip(keys, values, strict=True))

    def integer(self, node: Any) -> int:
        """Decode a node that must be an integer."""
        value = self.value(node, self.bounds.depth)
        if type(value) is not int:
            raise SerializationError("a part of the value is no integer")
        return value


def _richness(key: Any) -> int:
    """Return how much a key counts: nothing if few keys of its type can have one hash."""
    if type(key) in _SIMPLE:
        return 0
    return 1 if type(key) is tuple and all(type(part) in _SIMPLE for part in key) else 10


@dataclass(frozen=True)
class Codec:
    """One line of the table.

    Parameters
    ----------
    tag
        What the encoded list starts with.
    type
        The exact type; None where one codec serves a family of types.
    encode
        Returns the rest of the list, from an encoder, a value and its depth.
    decode
        Returns the value, from a decoder, the rest of the list and its depth.
    changeable
        Whether such a value can be changed, so that it matters whether two are one.
    part_of, view
        Of what can show a part of another: describes that, from a value and the containers of the
        question (None if it shows none of them); returns it, from a decoder and the description.
    """

    tag: str
    type: type | None
    encode: Callable[[Encoder, Any, int], list[Any]]
    decode: Callable[[Decoder, list[Any], int], Any]
    changeable: bool = False
    part_of: Callable[[Any, Sequence[Part]], list[Any] | None] | None = None
    view: Callable[[Decoder, list[Any]], Any] | None = None
