"""The standard library's types beside the built-in ones."""

from __future__ import annotations

import collections
import enum
import functools
import ipaddress
import pathlib
import random
import re
import sys
import time
import types
import uuid
import warnings
import zoneinfo
from typing import Any

from autograder.protocol.libraries import imported
from autograder.protocol.library_data.data_type import (
    WORDS,
    DataType,
    entry_of_text,
    library,
    of_types,
    require,
    twister_state,
)

MAX_PATTERN = 2_000
MAX_REPEAT = 100_000
_FLAGS = re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE

# Modules whose enumerations are found though nobody has imported them.
_ENUMERATIONS = ("http", "signal", "calendar", "inspect", "re", "uuid", "socket", "tokenize", "enum")
_ADDRESSES = (
    ipaddress.IPv4Address, ipaddress.IPv6Address, ipaddress.IPv4Network, ipaddress.IPv6Network,
)  # fmt: skip


@functools.cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def _zone(key: Any) -> zoneinfo.ZoneInfo:
    require(type(key) is str and key in _zones(), "the name of a time zone")
    return zoneinfo.ZoneInfo(key)


def _zone_key(zone: zoneinfo.ZoneInfo) -> str:
    require(isinstance(zone.key, str), "a time zone that has no name")
    return zone.key


def _pattern(parts: Any) -> re.Pattern[Any]:
    text, flags = of_types(parts, (str, bytes), int)
    require(len(text) <= MAX_PATTERN, f"a pattern is longer than {MAX_PATTERN:,}")
    require(flags >= 0 and not flags & ~int(_FLAGS), "the flags of a pattern")
    counts = re.findall(rb"\d+" if isinstance(text, bytes) else r"\d+", text)
    require(all(len(count) < 7 and int(count) <= MAX_REPEAT for count in counts), "a pattern's counts")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(text, flags)


def _is_member_class(kind: type) -> bool:
    return issubclass(kind, enum.Enum) and _standard_enum(kind.__module__, kind.__qualname__) is kind


def _standard_enum(module: str, name: str) -> Any:
    """Return an enumeration of an imported module of the standard library, None if it is none."""
    if module.partition(".")[0] not in sys.stdlib_module_names or module == "__main__":
        return None
    own = library(module) if module in _ENUMERATIONS else imported(module)
    found = vars(own or object).get(name)
    return found if isinstance(found, enum.EnumType) and issubclass(found, enum.Enum) else None


def _member_parts(member: enum.Enum) -> Any:
    kind = type(member)
    return kind.__module__, kind.__qualname__, member.value if isinstance(member, enum.Flag) else member.name


def _member(parts: Any) -> enum.Enum:
    module, name, which = of_types(parts, str, str, (str, int))
    kind = _standard_enum(module, name)
    require(kind is not None, "an enumeration that the standard library has not")
    if type(which) is int:
        require(issubclass(kind, enum.Flag) and abs(which) < 2**64, "a flag")
        return kind(which)  # type: ignore[no-any-return] # a flag
    member: enum.Enum = kind.__members__[which]
    return member


def _default_dict(parts: Any) -> collections.defaultdict[Any, Any]:
    factory, items = of_types(parts, object, dict)
    return collections.defaultdict(factory, items)


def _put_default_dict(target: Any, source: Any) -> bool:
    target.clear()
    target.update(source)
    return True


def _put_chain(target: Any, source: Any) -> bool:
    target.maps[:] = source.maps
    return True


def _chain(parts: Any) -> collections.ChainMap[Any, Any]:
    require(type(parts) is list and parts, "the maps of a ChainMap")
    kinds = (dict, collections.OrderedDict, collections.Counter, collections.defaultdict)
    require(all(type(one) in kinds for one in parts), "the maps of a ChainMap")
    return collections.ChainMap(*parts)


def _broken_down_time(parts: Any) -> time.struct_time:
    require(type(parts) is tuple and all(type(part) is int and abs(part) < 2**31 for part in parts), "a time")
    return time.struct_time(parts)


def _simple_namespace(parts: Any) -> Any:
    require(type(parts) is dict and all(type(name) is str for name in parts), "names")
    return types.SimpleNamespace(**parts)


def _generator_parts(generator: random.Random) -> Any:
    _, state, kept = generator.getstate()
    return WORDS.pack(*state[:-1]), state[-1], kept


def _generator(parts: Any) -> random.Random:
    words, place, kept = twister_state(parts)
    generator = random.Random(0)
    generator.setstate((3, (*words, place), kept))
    return generator


TYPES = (
    DataType("zoneinfo:ZoneInfo", _zone_key, _zone),
    DataType("re:Pattern", lambda pattern: (pattern.pattern, pattern.flags & int(_FLAGS)), _pattern),
    DataType(
        "uuid:UUID",
        lambda value: value.int.to_bytes(16, "big"),
        lambda parts: uuid.UUID(bytes=of_types((parts,), bytes)[0]),
    ),
    DataType(
        "random:Random", _generator_parts, _generator,
        changeable=True, put=lambda target, source: target.setstate(source.getstate()) or True,
    ),
    DataType("time:struct_time", tuple, _broken_down_time),
    *(entry_of_text(f"pathlib:{kind.__name__}", kind, 10_000)
      for kind in (pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath)),
    *(entry_of_text(f"ipaddress:{kind.__name__}", kind) for kind in _ADDRESSES),
    DataType("a member of an enumeration", _member_parts, _member, matches=_is_member_class),
    DataType(
        "collections:defaultdict", lambda value: (value.default_factory, dict(value)), _default_dict,
        changeable=True, put=_put_default_dict, holds_objects=True,
    ),
    DataType(
        "collections:ChainMap", lambda value: list(value.maps), _chain,
        changeable=True, put=_put_chain, holds_objects=True,
    ),
    DataType(
        "types:SimpleNamespace", lambda value: dict(vars(value)), _simple_namespace,
        changeable=True,
        put=lambda target, source: vars(target).clear() or vars(target).update(vars(source)) or True,
        holds_objects=True,
    ),
)  # fmt: skip
CLASSES = (
    "collections:Counter", "collections:OrderedDict", "collections:deque", "collections:defaultdict",
    "collections:ChainMap", "decimal:Decimal", "fractions:Fraction", "datetime:date", "datetime:datetime",
    "datetime:time", "datetime:timedelta", "datetime:timezone", "pathlib:Path", "pathlib:PurePath",
)  # fmt: skip
