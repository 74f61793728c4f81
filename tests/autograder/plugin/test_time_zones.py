"""A time is read in its zone, or refused where it may be another."""

from datetime import datetime

import pytest

from autograder.plugin.time_zones import UnclearTimeError, local_time, read_time


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01 10:00:00 CEST", "08:00"),
        ("2026-07-01 10:00:00.123456 CEST", "08:00:00.123456"),
        ("2026-01-01 10:00:00 CET", "09:00"),
        ("2026-07-01 10:00:00 PDT", "17:00"),
        ("2026-07-01 10:00:00 AEST", "00:00"),
        ("2026-07-01 10:00:00 EST", "15:00"),
        ("2026-07-01 10:00:00 UTC", "10:00"),
        ("2026-07-01 10:00:00 GMT", "10:00"),
        ("2026-07-01 10:00", "10:00"),
        ("2026-07-01T10:00:00Z", "10:00"),
        ("2026-07-01 10:00:00 +0200", "08:00"),  # which nbgrader takes for two hundred seconds
        ("2026-07-01 10:00:00+02:00", "08:00"),
        ("2026-07-01 10:00 -03:30", "13:30"),
        ("2026-07-01 10:00 +2", "08:00"),
        ("2026-07-01 10:00 UTC+2", "08:00"),
        ("2026-07-01 10:00 GMT+02:00", "08:00"),
        ("2026-07-01 10:00:00 Europe/Berlin", "08:00"),
        ("2026-07-01 10:00:00 America/Argentina/Buenos_Aires", "13:00"),
        ("Wed Jul  1 10:00:00 CEST 2026", "08:00"),  # as `date` writes it
        ("Wed, 01 Jul 2026 10:00:00 +0200", "08:00"),
        ("Wed, 01 Jul 2026 10:00:00 +0200 (CEST)", "08:00"),
        ("Jul 1 2026 10:00:22 PM", "22:00:22"),
        ("10:00 UTC+2 1 Jul 2026", "08:00"),
        ("1 Jul 2026 10:00 Asia/Kolkata", "04:30"),
        ('"Wed Jul 1 2026 10:00 AM"', "10:00"),
    ],
)
def test_a_time_is_read_in_its_zone(text, utc):
    when = read_time(text)
    assert when.time().isoformat().removesuffix(":00") in (utc, f"{utc}:00")
    assert (when.year, when.month, when.day, when.tzinfo) == (2026, 1 if "01-01" in text else 7, 1, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-07-01 10:00 IST", r"'IST' may be UTC\+01:00 \(Eu.*\) or UTC\+05:30 \(As"),
        ("1 Jul 2026 10:00 IST", "'IST' may be"),
        ("2026-01-01 10:00 PST", r"UTC-08:00 \(Am.*\) or UTC\+08:00 \(Asia/Manila\)"),
        ("2026-07-01 10:00 CST", "'CST' may be"),
        ("2026-07-01 10:00 CET", r"UTC\+01:00 \(Africa.*\) or UTC\+02:00 \(CET\)"),
        ("2026-01-01 10:00 CEST", "'CEST' is no time zone that is known, or none at that time of the year"),
        ("2026-07-01 10:00 XYZ", "'XYZ' is no time zone"),
        ("2026-07-01 10:00 CES", "'CES' is no time zone"),  # cut off
        ("2026-07-01 10:00 Europe/Berli", "'Europe/Berli' is no time zone"),
        ("2026-07-01 10:00 /etc/localtime", "is no time zone"),
        ("2026-07-01 10:00 Europe/../Berlin", "is no time zone"),
        ("2026-07-01 10:00 +2500", "no difference from UTC"),
        ("2026-10-25 02:30 Europe/Berlin", "may be UTC"),  # an hour that comes twice
        ("2026-03-29 02:30 Europe/Berlin", "may be UTC"),  # and one that is left out
        ("01/07/2026 10:00", "may be 2026-01-07 10:00 or 2026-07-01 10:00; write it as"),
        ("1.7.2026 10:00 UTC", "may be"),
        ("Jul 1 10:00", "may be"),  # of which year?
        ("2026-07", "may be"),
        ("10:00", "may be"),
        ("5", "may be"),
        ("2026-07-01", "without a time of day"),
        ("2026-07-01 1", "without a time of day, or what is left of one"),
        ("2026-07-01 10:0", "without a time of day, or what is left of one"),
        ("2026-07-01-10-00", "without a time of day, or what is left of one"),
        ("2026-07-01 25:00", "hour must be in 0..23"),
        ("2026-02-30 10:00", "day is out of range"),
        ("0000-01-01 10:00", "year"),
        ("0001-01-01 00:00 +0200", "out of range"),
        ("1 Jul 2026 10:00 +0200 Europe/London", "several time zones"),
        ("Wed, 01 Jul 2026 10:00:00 +0300 (CEST)", "several time zones"),
        ("yesterday", "is no date and time"),
        ("", "there is no date and time"),
        ("0" * 200, "is no date and time"),
        ("\x1b[2J", "is no date and time"),
    ],
)
def test_what_may_be_another_time_is_refused_in_words(text, words):
    with pytest.raises(UnclearTimeError, match=words) as refused:
        read_time(text)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("2026-07-01 10:00 IST", "Asia/Kolkata", 4),
        ("2026-07-01 10:00 IST", "Europe/Dublin", 9),
        ("2026-01-01 10:00 PST", "America/Los_Angeles", 18),
        ("2026-07-01 10:00 CST", "Asia/Shanghai", 2),
        ("2026-10-25 02:30 CEST", "Europe/Berlin", 0),
        ("2026-10-25 02:30 CET", "Europe/Berlin", 1),
        ("2026-07-01 10:00", "Europe/Berlin", 8),
        ("2026-07-01 10:00 CEST", "Asia/Kolkata", 8),  # not one of its own
        ("2026-07-01 10:00 UTC", "Asia/Kolkata", 10),
    ],
)
def test_the_courses_zone_comes_first(text, zone, hour):
    assert read_time(text, zone).hour == hour


def test_a_time_without_a_zone_may_be_in_another_than_abbreviations():
    assert read_time("2026-07-01 10:00", "Asia/Kolkata", bare="UTC").hour == 10
    assert read_time("2026-07-01 10:00 IST", "Asia/Kolkata", bare="UTC").hour == 4


def test_a_format_decides_which_number_is_the_day():
    form = "%d.%m.%Y %H:%M:%S %Z"
    assert read_time("01.07.2026 10:00:00 CEST", form=form) == datetime(2026, 7, 1, 8)
    assert read_time("01.07.2026 10:00:00", form="%d.%m.%Y %H:%M:%S") == datetime(2026, 7, 1, 10)
    with pytest.raises(UnclearTimeError, match="may be"):
        read_time("01.07.2026 10:00", form=form)


def test_a_date_alone_means_midnight_where_that_is_asked_for():
    assert read_time("2026-07-01", whole=False) == datetime(2026, 7, 1)
    assert read_time("1 Jul 2026", whole=False) == datetime(2026, 7, 1)


def test_a_zone_that_is_none_is_named():
    with pytest.raises(UnclearTimeError, match="'Mars/Olympus' is no time zone"):
        read_time("2026-07-01 10:00", "Mars/Olympus")


def test_what_a_clock_shows_is_read_back():
    shown = local_time(datetime(2026, 7, 1, 8), "Europe/Berlin")
    assert shown == datetime(2026, 7, 1, 10)
    assert read_time(str(shown), "Europe/Berlin") == datetime(2026, 7, 1, 8)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-30-15-30-10", "UTC", datetime(2026, 1, 30, 15, 30, 10)),
        ("2026-01-30-15-00-00", "UTC", datetime(2026, 1, 30, 15)),
        ("2026-01-30_15-30-10", "UTC", datetime(2026, 1, 30, 15, 30, 10)),
        ("2026-01-30-15-30-10", "Europe/Berlin", datetime(2026, 1, 30, 14, 30, 10)),
    ],
)
def test_a_time_in_a_files_name_has_dashes_and_no_difference_from_utc(text, zone, expected):
    assert read_time(text, zone) == expected


def test_a_time_with_dashes_that_is_none_is_refused():
    with pytest.raises(UnclearTimeError):
        read_time("2026-01-30-25-00-00")
