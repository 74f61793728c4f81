"""The operations that a judge can ask a worker for, and the ways in which each can end."""

from __future__ import annotations

from enum import StrEnum


class Operation(StrEnum):
    """Operations on a student's objects that a judge can ask a worker for."""

    NAME = "name"
    HAS = "has"
    CALL = "call"
    ATTRIBUTE = "attribute"
    SET_ATTRIBUTE = "set attribute"
    DELETE_ATTRIBUTE = "delete attribute"
    PUT = "put"
    DIR = "dir"
    ISINSTANCE = "isinstance"
    ISSUBCLASS = "issubclass"
    ITER = "iter"
    NEXT = "next"
    SEND = "send"
    ENTER = "enter"
    EXIT = "exit"
    CONTAINS = "contains"
    COPY = "copy"
    DEEPCOPY = "deepcopy"
    ITEM = "item"
    SET_ITEM = "set item"
    DELETE_ITEM = "delete item"
    OPEN_MODEL = "open model"
    LEN = "len"
    STR = "str"
    REPR = "repr"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    ABS = "abs"
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    MATMUL = "matmul"
    TRUEDIV = "truediv"
    FLOORDIV = "floordiv"
    MOD = "mod"
    POW = "pow"
    AND = "and_"
    OR = "or_"
    XOR = "xor"
    NEG = "neg"
    POS = "pos"
    INVERT = "invert"
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IADD = "iadd"
    ISUB = "isub"
    IMUL = "imul"
    IMATMUL = "imatmul"
    ITRUEDIV = "itruediv"
    IFLOORDIV = "ifloordiv"
    IMOD = "imod"
    IPOW = "ipow"
    IAND = "iand"
    IOR = "ior"
    IXOR = "ixor"
    THROW = "throw"
    AWAIT = "await"
    AITER = "aiter"
    ANEXT = "anext"
    AENTER = "aenter"
    AEXIT = "aexit"
    HASH = "hash"
    FORMAT = "format"


BINARY = (
    Operation.ADD, Operation.SUB, Operation.MUL, Operation.MATMUL, Operation.TRUEDIV, Operation.FLOORDIV,
    Operation.MOD, Operation.POW, Operation.AND, Operation.OR, Operation.XOR,
)  # fmt: skip
COMPARISONS = (Operation.LT, Operation.LE, Operation.GT, Operation.GE)
UNARY = (Operation.NEG, Operation.POS, Operation.INVERT, Operation.ABS)
IN_PLACE = (
    Operation.IADD, Operation.ISUB, Operation.IMUL, Operation.IMATMUL, Operation.ITRUEDIV,
    Operation.IFLOORDIV, Operation.IMOD, Operation.IPOW, Operation.IAND, Operation.IOR, Operation.IXOR,
)  # fmt: skip
# by their names in `operator`
OPERATORS = (*BINARY, *COMPARISONS, *UNARY, *IN_PLACE, Operation.EQ, Operation.NE)

# by which a test makes an object of another
MAKING = frozenset([*BINARY, *UNARY, *IN_PLACE, Operation.COPY, Operation.DEEPCOPY])

# Special methods that a proxy has only where the student's object has them: a test may ask whether.
SPECIALS = (
    "__call__", "__iter__", "__next__", "__len__", "__contains__", "__getitem__", "__setitem__",
    "__delitem__", "__enter__", "__exit__", "__bool__", "__int__", "__float__", "__abs__",
    "__await__", "__aiter__", "__anext__", "__aenter__", "__aexit__",
    *(f"__{operation}__" for operation in IN_PLACE),
)  # fmt: skip
OWN_EQUALITY = "__eq__"  # among them, if its class defines what is equal


STOPPING = (
    Operation.NEXT,
    Operation.SEND,
    Operation.THROW,
    Operation.ANEXT,
)  # those that can end an iterator


class ReplyKind(StrEnum):
    """The ways in which an operation can end."""

    VALUE = "value"
    RAISED = "raised"
    STOPPED = "stopped"  # an iterator or generator came to its end
    MISSING = "missing"  # there is no such name
    REFUSED = "refused"  # the result cannot cross


def possible_replies(operation: Operation) -> frozenset[ReplyKind]:
    """Return the ways in which an operation can end."""
    if operation is Operation.NAME:
        return frozenset([ReplyKind.VALUE, ReplyKind.MISSING, ReplyKind.REFUSED])
    if operation is Operation.HAS:
        return frozenset([ReplyKind.VALUE, ReplyKind.REFUSED])
    usual = frozenset([ReplyKind.VALUE, ReplyKind.RAISED, ReplyKind.REFUSED])
    return usual | {ReplyKind.STOPPED} if operation in STOPPING else usual
