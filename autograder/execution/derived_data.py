"""Classes of the student's that are derived from data, such as `class Stack(list)`.

An object of one that the student's code returns crosses as a copy of its plain data: methods,
operators and its class are left behind. One that the test makes itself stays in the worker, if its
class has anything of its own.
"""

from __future__ import annotations

from autograder.execution.remote import Remote
from autograder.protocol import values
from autograder.protocol.lineage import bases_of_data

LEFT_BEHIND = (
    "what the student's objects hold comes to the test as copies of their plain data, without what the "
    "student's classes add and without what changes later"
)


def data_of(remote: Remote) -> type | None:
    """Return the data that a class, or an object's, is derived from; None where it is none."""
    return next(bases_of_data(remote.described.lineage), None)


def is_of(kind: type, remote: Remote) -> bool:
    """Return whether a type of the judge's stands for the student's class, or one derived from it.

    Raises
    ------
    NotInJudgeError
        If values of the student's class come as copies of this type.
    """
    if number := _number(kind):
        return number == remote.described.reference
    data = data_of(remote) if remote.is_class else None
    if data is None or not issubclass(kind, data) or (data is tuple and _is_named_tuple(remote)):
        return False
    raise _not_told(remote)


def _number(kind: type) -> int:
    """Return the worker's number of a class that was made here for one of its own, else 0."""
    number = getattr(kind, "_reference", None)
    return number if type(number) is int else 0


def _is_named_tuple(remote: Remote) -> bool:
    """Return whether the class is a named tuple's: values of it are told apart."""
    try:
        return remote.attribute("__bases__") == (tuple,) and type(remote.attribute("_fields")) is tuple
    except AttributeError:
        return False


def _not_told(remote: Remote) -> values.NotInJudgeError:
    name = values.identifier(remote.described.name, "object")
    return values.NotInJudgeError(
        f"the test asks whether a value is of the student's class `{name}`, and a value of it comes as a "
        "copy of its plain data"
    )
