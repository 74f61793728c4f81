"""What a judge makes of any bytes that come as the answer to its question."""

import contextlib
import enum
import io
import types

import numpy as np

from autograder.checks.shortcuts import ShortcutRefused
from autograder.execution.client import WorkerClient
from autograder.execution.proxies import RemoteObject, remote_of
from autograder.execution.remote import reference
from autograder.limits import Limits
from autograder.protocol.frames import ClosedError, Frame
from autograder.protocol.messages import RaisedException, Reply
from autograder.protocol.operations import Operation, ReplyKind
from autograder.protocol.serialization import Tagged, pack
from autograder.protocol.values import Kind, TransferError

LIMITS = Limits(value_bytes=50_000, value_depth=12, value_items=400)
OPERATIONS = list(Operation)
ENDS = {
    Operation.NEXT: StopIteration, Operation.SEND: StopIteration, Operation.THROW: StopIteration,
    Operation.ANEXT: StopIteration, Operation.NAME: KeyError,
}  # fmt: skip


class OneAnswer:
    """A connection whose other side says one thing, whatever it is asked."""

    def __init__(self, kind, payload):
        self.answers = [(kind, payload)]

    def send(self, kind, payload=b""):
        if kind == Frame.MAY_CHANGE:
            self.answers.append((Frame.CHANGEABLE, b'{"arguments": null}'))

    def receive(self):
        if not self.answers:
            raise ClosedError("it has said all")
        return self.answers.pop(0)


def settle(data):
    """Let a judge ask, and take these bytes for the answer; return what the test would get.

    The first byte chooses the operation, the second whether it is an answer or a callback.
    """
    operation = OPERATIONS[data[0] % len(OPERATIONS)] if data else Operation.CALL
    kind = Frame.CALLBACK if data[1:2] == b"\xff" else Frame.REPLY
    connection = OneAnswer(kind, data[2:])
    client = WorkerClient(connection, LIMITS)
    client.expect_classes(["Asked"])
    client.open = True
    known = [1, [2]], {"a": 1}, np.zeros(2)
    client.values.callbacks[7] = lambda *args, **kwargs: (args, kwargs)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            value = client.ask(operation, (reference(1), *known), {"key": [3]})
    except (TransferError, ClosedError):
        return None
    except ENDS.get(operation, ()):
        return None
    except Exception as error:
        students = getattr(error, "from_student", False) or isinstance(error, ShortcutRefused)
        if not students or isinstance(error, StopIteration | StopAsyncIteration):  # would end a loop
            raise
        return None
    assert_plain(value, known)
    return value


PLAIN = (
    type(None), bool, int, float, complex, str, bytes, bytearray, range, slice, type(...), np.ndarray,
    np.generic, np.dtype, np.random.Generator, types.GeneratorType, types.CoroutineType,
    types.AsyncGeneratorType, Exception,
)  # fmt: skip


PLAIN_MODULES = (
    "fractions", "decimal", "datetime", "autograder.protocol.keras",
    # tensors, where another test of this process has imported what makes them
    "tensorflow.python.framework.ops", "tensorflow.python.ops.resource_variable_ops",
    "keras.src.backend.common.keras_tensor",
)  # fmt: skip


def assert_plain(value, known=(), depth=0):
    """Fail if a value holds anything that could decide by itself what a test finds."""
    assert depth < 50
    if isinstance(value, np.ndarray):
        assert type(value) is np.ndarray
        assert value.dtype.kind != "O"
    elif isinstance(value, RemoteObject):
        remote = remote_of(value)
        assert not remote.asked
        assert value != 5 if remote.is_class else not equals(value, 5)
    elif isinstance(value, dict):
        for key, item in value.items():
            assert_plain(key, known, depth + 1)
            assert_plain(item, known, depth + 1)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        assert type(value).__eq__ is tuple.__eq__
        assert type(value).count is tuple.count
        assert_plain([*tuple.__iter__(value)], known, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset) or type(value).__module__ == "collections":
        assert type(value).__module__ in ("builtins", "collections")
        for item in value:
            assert_plain(item, known, depth + 1)
    elif isinstance(value, enum.EnumType):
        assert value.__module__ == "submission"
        for member in value:
            assert_plain(member.value, known, depth + 1)
    elif isinstance(value, enum.Enum):
        assert type(value).__module__ == "submission"
        assert_plain(value.value, known, depth + 1)
    elif isinstance(value, type):
        assert type(value) is type
        assert issubclass(value, Exception) or value.__module__ in ("builtins", "numpy")
    else:
        assert isinstance(value, PLAIN) or type(value).__module__.startswith(PLAIN_MODULES), type(value)
        assert not isinstance(value, types.ModuleType)


def equals(value, other):
    try:
        return value == other
    except TransferError:
        return False


ENUMERATION = ["Color", "Enum", "object", [["RED", 1], ["BLUE", (2, "b")]], 3, ""]
FLAGS = ["Rights", "IntFlag", "int", [["R", 1], ["W", 2]], 4, "text"]


def _description(**changes):
    plain = {"reference": 3, "type_name": "T", "name": "Asked", "doc": "", "signature": [["x", 1, [2]]]}
    return plain | {"base": "", "class_reference": 3} | changes


def seeds():
    """Answers that are well made, one of each kind, to begin with."""
    values = [
        None, True, 1 << 70, 2.5, 2j, "text", b"bytes", [1, (2.5, {3}), {"a": [None]}], range(3), slice(1),
        ..., np.arange(6.0).reshape(2, 3), np.array(["ab"]), np.float32(2), np.dtype("<i2"), int,
        *(Tagged(kind, _description()) for kind in (Kind.FUNCTION, Kind.CLASS, Kind.GENERATOR, Kind.OBJECT)),
        Tagged(Kind.EXCEPTION_CLASS, _description(base="StopIteration")),
        Tagged(Kind.EXCEPTION, RaisedException("E", "ValueError", "text", 3).to_plain()),
        *(Tagged(Kind.NAMED_TUPLE, ["P", [field, "y"], [1, 2]]) for field in ("x", "count")),
        Tagged(Kind.EXACT, [1]), Tagged(Kind.WEIGHTS, [np.zeros(2)]), Tagged(Kind.OUTPUT, 1),
        Tagged(Kind.MODULE, "os"), Tagged(Kind.NAMED, "os:system"), Tagged(Kind.REFERENCE, 1),
        Tagged(Kind.MODEL, {"config": b"{}", "weights": []}), Tagged(Kind.TENSOR, np.zeros(1)),
        Tagged(Kind.ASYNC_GENERATOR, _description()), Tagged(Kind.ENUMERATION, ENUMERATION),
        Tagged(Kind.MEMBER, [ENUMERATION, "RED"]), Tagged(Kind.MEMBER, [FLAGS, 3]),
        Tagged(Kind.SYMBOL, (-1, [None, 3], "float32")),
    ]  # fmt: skip
    replies = [Reply(ReplyKind.VALUE, value) for value in values]
    replies += [
        Reply(ReplyKind.RAISED, exception=RaisedException(name, base, "text", 4))
        for name, base in (("E", "KeyError"), ("StopIteration", "StopIteration"), ("SystemExit", "Exception"))
    ]
    replies += [
        Reply(ReplyKind.STOPPED, 1), Reply(ReplyKind.MISSING), Reply(ReplyKind.REFUSED, text="no"),
        Reply(ReplyKind.VALUE, [5], printed=(("stdout", "x"),), drew=("numpy",), changed={1: [5]}, same=1),
        Reply(ReplyKind.VALUE, 1, refused={1: "too large"}),
        Reply(ReplyKind.VALUE, 1, changed={"key": [4], 2: {"b": 1}, 3: np.ones(2)}),
    ]  # fmt: skip
    for operation in (Operation.CALL, Operation.NAME, Operation.NEXT, Operation.EQ, Operation.LEN):
        for reply in replies:
            yield bytes([OPERATIONS.index(operation), 0]) + pack(reply.to_plain())
    yield b"\0\xff" + pack({"number": 7, "args": (1, [2]), "kwargs": {"a": 3}})
