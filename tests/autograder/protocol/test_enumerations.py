"""Enumerations that a process describes which is not trusted."""

import enum
from typing import Any

import pytest

from autograder.protocol import bounds, enumerations, named_tuples
from autograder.protocol.bounds import SerializationError, TooLargeError


@pytest.mark.parametrize(
    ("base", "mixed", "value"),
    [
        ("Enum", "str", (b"ab", "punycode")),  # would be decoded, by a codec of the sender's choice
        ("Enum", "str", (b"ab", "nonsense")),
        ("Enum", "int", ("f" * 100, 16)),
        ("Flag", "int", ("f", 16)),
        ("IntEnum", "object", ("f" * 100, 16)),
        ("IntEnum", "int", float("inf")),
        ("IntFlag", "object", float("inf")),
        ("StrEnum", "object", ("a", "b")),
    ],
)
def test_values_are_no_arguments_of_a_constructor(base: str, mixed: str, value: Any) -> None:
    with pytest.raises(SerializationError, match="another type"):
        enumerations.build_class(["Kind", base, mixed, [["A", value]], 1, ""], {})


class Whole(int, enum.Enum):
    A = True
    B = ("ff", 16)


class Word(str, enum.Enum):  # noqa: UP042 - StrEnum is another base
    A = (b"ab", "ascii")


class Half(float, enum.Enum):
    A = 1


class Step(enum.IntEnum):
    A = True


class Right(enum.IntFlag):
    A = enum.auto()
    B = enum.auto()
    BOTH = A | B


class Name(enum.StrEnum):
    A = enum.auto()


class Plain(enum.Enum):
    A = (1, "a")
    B = None


@pytest.mark.parametrize("kind", [Whole, Word, Half, Step, Right, Name, Plain])
def test_honest_enumerations_cross(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "__module__", "__main__")
    described = enumerations.describe_class(kind, 1)
    assert described is not None
    made = enumerations.build_class(described, {})
    values = {name: member.value for name, member in kind.__members__.items()}
    assert {name: member.value for name, member in made.__members__.items()} == values


def test_no_more_classes_are_kept_than_one_process_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_CLASSES", 2)
    kinds: dict[int, Any] = {}
    tuples: dict[Any, type] = {}
    for number in (1, 2, 1):
        enumerations.build_class(["Kind", "Enum", "object", [["A", 1]], number, ""], kinds)
        named_tuples.build(["Point", ["x"], [1], number, {}], tuples)
    with pytest.raises(TooLargeError, match="more than 2 classes"):
        enumerations.build_class(["Kind", "Enum", "object", [["A", 1]], 3, ""], kinds)
    with pytest.raises(TooLargeError, match="more than 2 classes"):
        named_tuples.build(["Point", ["x"], [1], 3, {}], tuples)
    assert len(kinds) == len(tuples) == 2
