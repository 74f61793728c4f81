"""Messages: each is read back as it was written, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.protocol.callbacks import CallbackAnswer, CallbackRequest
from autograder.protocol.messages import (
    RaisedException,
    RemoteDescription,
    Reply,
    Request,
)
from autograder.protocol.operations import STOPPING, Operation, ReplyKind, possible_replies
from autograder.protocol.orders import CallFailed, CellRan, Ready, RunCell, RunTest, Scored, Setup
from autograder.protocol.serialization import SerializationError, pack, unpack
from autograder.result import Status

ORDERS = (
    Ready(7),
    RunCell("x = 1", ("x",)),
    CellRan([{"output_type": "stream", "name": "stdout", "text": "é"}]),
    Setup(("import numpy",), ("f",), ("C",), ("f",), "00ff"),
    RunTest("assert f(1)", 2.0, ("f",)),
    Scored(Status.PARTIAL, 0.5, "half", "trace", ("slip",), ("odd",), ({"output_type": "stream"},), ("f 0",)),
    CallFailed(Status.TIMEOUT, "too long"),
)
ERROR = RaisedException("Mine", "KeyError", "k", 3, True)
MESSAGES = (
    Request(Operation.CALL, (1, "a"), {"doing": [2]}, {"numpy": (b"", 1)}, ("sepconv",)),
    ERROR,
    CallbackRequest(5, (1,), {"x": 2}),
    CallbackAnswer(4),
    CallbackAnswer(exception=ERROR),
    RemoteDescription(9, "P", "P", "A point.", [["x", 1, []]], "ValueError"),
)
REPLIES = (
    (Reply(ReplyKind.VALUE, [1], printed=(("stdout", "hi"),), drew=("numpy",)), Operation.ITEM),
    (Reply(ReplyKind.VALUE, changed={0: [1], "b": [2]}, same="b"), Operation.CALL),
    (Reply(ReplyKind.RAISED, exception=ERROR), Operation.EQ),
    (Reply(ReplyKind.STOPPED, 3), Operation.SEND),
    (Reply(ReplyKind.MISSING), Operation.NAME),
    (Reply(ReplyKind.REFUSED, text="too large"), Operation.HAS),
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_an_order_is_read_as_it_was_written(order):
    assert type(order).from_bytes(order.to_bytes()) == order


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_is_read_as_it_was_written(message):
    assert type(message).from_plain(unpack(pack(message.to_plain()))) == message


@pytest.mark.parametrize(("reply", "operation"), REPLIES, ids=lambda part: str(getattr(part, "kind", part)))
def test_a_reply_is_read_as_it_was_written(reply, operation):
    assert Reply.from_plain(unpack(pack(reply.to_plain())), operation) == reply


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff", b'{"pid": true}', b"[" * 10**5])
def test_other_bytes_are_no_order(order, payload):
    with pytest.raises(SerializationError):
        type(order).from_bytes(payload)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_a_field_of_another_type_is_named(order):
    plain = json.loads(order.to_bytes())
    for name in plain:
        with pytest.raises((SerializationError, ValueError)):
            type(order).from_bytes(json.dumps(plain | {name: {"no": "such"}}).encode())


@given(PLAIN, st.sampled_from([type(message) for message in MESSAGES]))
def test_whatever_is_plain_is_a_message_or_refused(plain, kind):
    try:
        read = kind.from_plain(plain)
    except SerializationError:
        return
    assert kind.from_plain(read.to_plain()) == read


@given(st.data())
def test_a_reply_with_a_part_of_another_kind_is_a_reply_or_refused(data):
    reply, operation = data.draw(st.sampled_from(REPLIES))
    plain = reply.to_plain()
    name = data.draw(st.sampled_from(sorted(plain)))
    damaged = plain | {name: data.draw(PLAIN)}
    try:
        read = Reply.from_plain(damaged, operation)
    except SerializationError:
        return
    assert Reply.from_plain(read.to_plain(), operation) == read


@pytest.mark.parametrize("operation", Operation)
def test_a_reply_may_only_say_what_its_operation_can_give(operation):
    allowed = set()
    for kind in ReplyKind:
        exception = ERROR if kind is ReplyKind.RAISED else None
        try:
            Reply.from_plain(Reply(kind, exception=exception).to_plain(), operation)
        except SerializationError:
            continue
        allowed.add(kind)
    assert allowed == possible_replies(operation)
    assert (ReplyKind.STOPPED in allowed) == (operation in STOPPING)
    assert (ReplyKind.MISSING in allowed) == (operation is Operation.NAME)
    for claim in ({"changed": {0: 1}}, {"same": 0}):
        plain = Reply(ReplyKind.VALUE).to_plain() | claim
        if operation is Operation.CALL:
            assert Reply.from_plain(plain, operation)
        else:
            with pytest.raises(SerializationError):
                Reply.from_plain(plain, operation)
