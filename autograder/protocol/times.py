"""Dates' times and zones: fixed ones as text, those with a name by their own entry."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from autograder.protocol.bounds import SerializationError
from autograder.protocol.packet import SHORT, Decoder, Encoder


def encode_time(encoder: Encoder, value: datetime.datetime | datetime.time, depth: int) -> list[Any]:
    """Encode a time of day, with a date or without."""
    zone = value.tzinfo
    if zone is None or type(zone) is datetime.timezone:
        return [value.isoformat(), value.fold]
    if encoder.codec_of(zone) is None:
        raise SerializationError("a time in a zone other than those of datetime and zoneinfo cannot cross")
    return [value.replace(tzinfo=None).isoformat(), value.fold, encoder.node(zone, depth + 1)]


def decode_time(kind: type[Any]) -> Callable[[Decoder, list[Any], int], Any]:
    """Return the function that makes a time of a class."""

    def decode(decoder: Decoder, parts: list[Any], depth: int) -> Any:
        text, fold, *zones = parts
        if type(text) is not str or len(text) > SHORT or len(zones) > 1:
            raise SerializationError("a time is damaged")
        time = kind.fromisoformat(text).replace(fold=fold)
        if not zones:
            return time
        zone = decoder.value(zones[0], depth + 1)
        if not isinstance(zone, datetime.tzinfo):
            raise SerializationError("a time's zone is none")
        return time.replace(tzinfo=zone)

    return decode


def encode_zone(encoder: Encoder, value: datetime.timezone, depth: int) -> list[Any]:
    """Encode a fixed zone: how far it is from UTC, and its name where it has one."""
    offset, name = value.utcoffset(None), value.tzname(None)
    own = name if name != datetime.timezone(offset).tzname(None) else None
    return [offset.days, offset.seconds, offset.microseconds, own]


def decode_zone(decoder: Decoder, parts: list[Any], depth: int) -> datetime.timezone:
    """Make a fixed zone; that of UTC is Python's own."""
    *numbers, name = parts
    if len(numbers) != 3 or not all(type(number) is int for number in numbers):
        raise SerializationError("a zone is damaged")
    if name is None:
        return datetime.timezone(datetime.timedelta(*numbers)) if any(numbers) else datetime.UTC
    if type(name) is not str or len(name) > SHORT:
        raise SerializationError("a zone is damaged")
    return datetime.timezone(datetime.timedelta(*numbers), name)
