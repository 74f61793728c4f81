"""Dates and times as people and programs write them, in UTC, or why they cannot be told."""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser

from autograder.printable import printable

LONGEST = 100  # characters; a date and time has about forty
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?))?\s*(.*)")
_IN_A_NAME = re.compile(r"(\d{4}-\d\d-\d\d)[-_](\d\d)-(\d\d)-(\d\d)")  # of a file, which has no colon
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_PLACE = re.compile(r"\s+([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)$")
_UTC_SIGN = re.compile(r"\b(?:UTC|GMT)\s*(?=[+-]\d)")  # what dateutil would read with the other sign
_UTC_NAMES = ("UTC", "GMT", "Z")
# Whatever a text leaves out differs between these two.
_DEFAULTS = (datetime(2000, 1, 2, 3, 4), datetime(2001, 6, 7, 8, 9))


class UnclearTimeError(ValueError):
    """A text does not say one time; what it says instead, in words."""


def read_time(
    text: str, zone: str = "UTC", *, bare: str = "", form: str = "", whole: bool = True
) -> datetime:
    """Return the time that a text says, in UTC and without a zone, as nbgrader keeps times.

    A zone may be an offset, a name such as ``Europe/Berlin``, or an abbreviation. An abbreviation
    is that of ``zone`` where it has one of this name at that time; otherwise all zones that have
    it then must agree.

    Parameters
    ----------
    text : str
        The date, the time, and perhaps the zone.
    zone : str
        The name of the zone in which abbreviations are looked up first.
    bare : str
        The zone of a time without any; by default ``zone``.
    form : str
        A format of `datetime.strptime` which is tried first.
    whole : bool
        Whether a date without a time of day is refused; otherwise it means midnight.

    Raises
    ------
    UnclearTimeError
        If the text says no time, or may say several.
    """
    text = text.strip().strip("\"'")
    try:
        moment, named = _split(text, form, whole)
        return (moment - _offset(moment, named, zone, bare or zone)).replace(tzinfo=None)
    except UnclearTimeError as error:
        raise UnclearTimeError(f"{_shown(text)}: {error}") from None
    except OverflowError:
        raise UnclearTimeError(f"{_shown(text)} is out of range") from None


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone of a name in the time zone database, or None."""
    if name in _UTC_NAMES:
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_time(moment: datetime, zone: str) -> datetime:
    """Return the clock's time in a zone at a time in UTC, both without a zone."""
    place = zone_named(zone)
    if place is None:
        raise UnclearTimeError(f"{zone!r} is no time zone")
    return moment.replace(tzinfo=UTC).astimezone(place).replace(tzinfo=None)


def _shown(text: str) -> str:
    return repr(printable(text[:LONGEST])) + ("…" if len(text) > LONGEST else "")


def _split(text: str, form: str, whole: bool) -> tuple[datetime, str | timedelta]:
    """Return the date and time of a text, and what it says of the zone."""
    if not text:
        raise UnclearTimeError("there is no date and time")
    if len(text) > LONGEST:
        raise UnclearTimeError("is no date and time")
    if form and (found := _as_formed(text, form)):
        return found
    text = _IN_A_NAME.sub(r"\1 \2:\3:\4", text)
    if not (iso := _ISO.fullmatch(text)):
        return _guessed(text, whole)
    day, time, named = iso.groups()
    if time is None and (whole or named):
        raise UnclearTimeError("a date without a time of day, or what is left of one")
    try:
        return datetime.fromisoformat(f"{day} {time or '00:00'}".replace(",", ".")), named
    except ValueError as error:
        raise UnclearTimeError(str(error)) from None


def _as_formed(text: str, form: str) -> tuple[datetime, str] | None:
    """Read a text by a format whose zone, if it has one, stands at its end."""
    head, directive, rest = form.partition("%Z") if "%Z" in form else form.partition("%z")
    if rest:
        return None
    moment, space, named = text.rpartition(" ") if directive else (text, "", "")
    try:
        return datetime.strptime(f"{moment}{space}", head), named
    except ValueError:
        return None


def _guessed(text: str, whole: bool) -> tuple[datetime, str | timedelta]:
    """Read a text as dateutil does, provided that it can be read in one way only."""
    place = _PLACE.search(text)
    named = place[1] if place else ""
    text = _UTC_SIGN.sub("", text[: place.start()] if place else text)
    zones: set[tuple[str | None, int | None]] = set()

    def noted(name: str | None, seconds: int | None) -> tzinfo:
        zones.add((name, seconds))
        return UTC

    readings = set()
    for default in _DEFAULTS:
        filled = default if whole else default.replace(hour=0, minute=0)
        for order in ({}, {"dayfirst": True}, {"yearfirst": True}):
            try:
                readings.add(parser.parse(text, default=filled, tzinfos=noted, **order))
            except Exception:  # of whatever kind: dateutil knows several
                raise UnclearTimeError("is no date and time") from None
    if len(readings) > 1:
        several = " or ".join(sorted({f"{reading:%Y-%m-%d %H:%M}" for reading in readings})[:2])
        raise UnclearTimeError(f"may be {several}; write it as 2026-12-31 23:59 +0100")
    moment = readings.pop().replace(tzinfo=None)
    (name, seconds), *others = zones or {(None, None)}
    if others or (place and (name or seconds is not None)):
        raise UnclearTimeError("has several time zones")
    if name in (None, *_UTC_NAMES):
        return moment, named or ("" if seconds is None else timedelta(seconds=seconds))
    if seconds is not None and _offset(moment, name, "UTC", "UTC") != timedelta(seconds=seconds):
        raise UnclearTimeError("has several time zones")
    return moment, name if seconds is None else timedelta(seconds=seconds)


def _offset(moment: datetime, named: str | timedelta, zone: str, bare: str) -> timedelta:
    """Return how far ahead of UTC a clock is that shows this time."""
    if isinstance(named, timedelta):
        return named
    if offset := _OFFSET.fullmatch(named):
        sign, hours, minutes = offset.groups()
        if int(hours) > 15:
            raise UnclearTimeError(f"{named!r} is no difference from UTC")
        return timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if named in _UTC_NAMES:
        return timedelta()
    if not named:
        return _only(_in_place(moment, bare), bare)
    home = zone_named(zone)
    if home is not None and (own := _by_abbreviation(moment, named, [(zone, home)])):
        return _only(own, named)
    readings = {} if "/" in named else _by_abbreviation(moment, named, _zones())
    if zone_named(named) is not None:  # several abbreviations are names of zones with a summer time
        readings = _in_place(moment, named) | readings
    if not readings:
        raise UnclearTimeError(f"{named!r} is no time zone that is known, or none at that time of the year")
    return _only(readings, named)


def _only(readings: dict[timedelta, str], named: str) -> timedelta:
    if len(readings) == 1:
        return next(iter(readings))
    several = " or ".join(f"{timezone(offset)} ({place})" for offset, place in sorted(readings.items())[:4])
    raise UnclearTimeError(f"{named!r} may be {several}; write the difference from UTC, such as +0100")


def _in_place(moment: datetime, name: str) -> dict[timedelta, str]:
    """Return what a zone's clocks may be ahead when they show this time, which may occur twice."""
    place = zone_named(name)
    if place is None:
        raise UnclearTimeError(f"{name!r} is no time zone")
    return _readings(moment, [(name, place)], lambda _: True)


def _by_abbreviation(
    moment: datetime, named: str, places: Iterable[tuple[str, tzinfo]]
) -> dict[timedelta, str]:
    return _readings(moment, places, lambda local: local.tzname() == named)


def _readings(moment, places, wanted) -> dict[timedelta, str]:
    found: dict[timedelta, str] = {}
    for name, place in places:
        for fold in (0, 1):
            local = moment.replace(tzinfo=place, fold=fold)
            if wanted(local):
                found.setdefault(local.utcoffset(), name)
    return found


@functools.cache
def _zones() -> tuple[tuple[str, tzinfo], ...]:
    """Return all zones, those that are called after a city first."""
    names = sorted(zoneinfo.available_timezones(), key=lambda name: ("/" not in name, name))
    return tuple((name, place) for name in names if (place := zone_named(name)) is not None)
