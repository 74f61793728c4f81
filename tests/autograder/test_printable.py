"""Names that a student chose steer neither a log nor a terminal."""

import logging

import pytest

from autograder.printable import keep_printable, printable

STEERING = [
    "a\x1b[2Jb",
    "a\nb",
    "a\rb",
    "a\u202eb",
    "a\x9b2Jb",
    "a\u2028b",
    "a\u200bb",
    "a\x00b",
    "a\u2066b",
    "a\tb",
]


@pytest.mark.parametrize("name", STEERING)
def test_nothing_that_steers_is_printed(name, caplog):
    assert printable(name).startswith("a?")
    assert printable(name).isprintable()
    log = logging.getLogger("a log of submissions")
    keep_printable(log)
    log.warning("%s is left out: %s", name, OSError(name))
    assert caplog.messages[-1].isprintable()


def test_honest_names_stay_and_are_cut():
    assert printable("Übung 1 – Łukasz.ipynb") == "Übung 1 – Łukasz.ipynb"
    assert printable("a" * 200) == "a" * 100
    assert printable("a" * 200, longest=None) == "a" * 200
