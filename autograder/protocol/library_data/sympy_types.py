"""SymPy's expressions: a list of steps, each an allowed class and the numbers of its arguments.

An expression is put together again without being evaluated: no text is read, and no power is
computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.protocol.bounds import SerializationError
from autograder.protocol.libraries import imported
from autograder.protocol.library_data.data_type import DataType, library, of_types, require
from autograder.protocol.library_data.sympy_names import (
    AS_IT_IS,
    ASSUMPTIONS,
    CONSTANTS,
    QUICK,
    UNEVALUATED,
)

MAX_STEPS = 20_000
MAX_SIZE = 100_000  # of an expression written out, where its parts stand several times
MAX_TOTAL = 3_000_000  # of the sizes of all its parts
MAX_DEPTH = 150
MAX_BITS = 4_000_000  # of the value of a number's power
MAXQUICK = 20_000  # argument of functions whose values grow quickly
MAX_EXPONENT = 10_000_000
MAX_PRECISION = 100_000
_NEGATIVE_INFINITY = "-oo"
_NUMBERS = ("constant", "rational", "float")
_MATRICES = {"MutableDenseMatrix": "Matrix", "ImmutableDenseMatrix": "ImmutableMatrix"}


def _sympy() -> Any:
    return library("sympy")


def _assumptions(symbol: Any) -> dict[str, bool]:
    own = getattr(symbol, "_assumptions_orig", None)
    given = symbol.assumptions0 if own is None else own
    return {name: value for name, value in sorted(given.items()) if value is not None}


def _checked(assumptions: Any) -> dict[str, bool]:
    require(type(assumptions) is dict and ASSUMPTIONS.issuperset(assumptions), "assumptions")
    require(all(type(value) is bool for value in assumptions.values()), "assumptions")
    return dict(assumptions)


def _name(text: Any) -> str:
    require(type(text) is str and len(text) <= 500, "a name")
    return str(text)


# --- taking apart


class _Steps:
    """The steps of one expression."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self._numbers: dict[Any, int] = {}
        self._kept: list[Any] = []

    def add(self, expression: Any) -> int:
        """Add an expression's steps; return the number of its last."""
        is_matrix = _is_mutable_matrix(type(expression))  # which has no hash
        key = id(expression) if is_matrix else (type(expression), expression)
        if key not in self._numbers:
            step = self._step(expression)
            if len(self.steps) >= MAX_STEPS:
                raise SerializationError(f"an expression of SymPy has more than {MAX_STEPS:,} parts")
            self.steps.append(step)
            self._kept.append(expression)
            self._numbers[key] = len(self.steps) - 1
        return self._numbers[key]

    def _all(self, parts: Any) -> list[int]:
        return [self.add(part) for part in parts]

    def _step(self, value: Any) -> Any:  # noqa: PLR0911 - one a kind
        sympy, kind = _sympy(), type(value)
        name = kind.__name__
        for constant in CONSTANTS:
            if value is getattr(sympy, constant, None) or value is getattr(sympy.S, constant, None):
                return "constant", constant
        if value is sympy.S.NegativeInfinity:
            return "constant", _NEGATIVE_INFINITY
        if isinstance(value, sympy.Rational):
            return "rational", int(value.p), int(value.q)
        if kind is sympy.Float:
            sign, mantissa, exponent, _ = value._mpf_
            return "float", int(sign), int(mantissa), int(exponent), int(value._prec)
        if kind in (sympy.Symbol, sympy.Dummy):
            number = value.dummy_index if kind is sympy.Dummy else None
            return "symbol", value.name, _assumptions(value), number
        if kind is sympy.core.symbol.Str:
            return "text", value.name
        if (
            isinstance(value, sympy.core.function.AppliedUndef)
            and type(kind) is sympy.core.function.UndefinedFunction
        ):
            return (
                "function",
                name,
                dict(getattr(kind, "_kwargs", {})),
                [self.add(part) for part in value.args],
            )
        if _MATRICES.get(name) and getattr(sympy, _MATRICES[name]) is kind:
            return (
                "matrix",
                _MATRICES[name],
                list(map(int, value.shape)),
                [self.add(part) for part in value.flat()],
            )
        if (name in UNEVALUATED or name in AS_IT_IS) and _class(name) is kind:
            return "made", name, self._all(value.args)
        raise SerializationError(f"an expression of SymPy with {name} cannot cross")


def _class(name: str) -> Any:
    sympy = _sympy()
    if name == "ExprCondPair":
        return sympy.functions.elementary.piecewise.ExprCondPair
    return getattr(sympy, name, None)


def _parts(value: Any) -> Any:
    steps = _Steps()
    steps.add(value)
    return steps.steps


# --- putting together


class _Making:
    """The values of the steps so far, how large each is written out, and how deep."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._sizes: list[int] = []
        self._depths: list[int] = []
        self._constants: list[bool] = []
        self._size = self._depth = self._total = 0
        self.are_constants: list[bool] = []  # whether the arguments of the step are, of which there are none

    def add(self, step: Any) -> None:
        """Make the value of a step."""
        require(type(step) is tuple and step and type(step[0]) is str, "a step")
        make = _MAKE.get(step[0])
        require(make is not None, "a step")
        self._size, self._depth, self.are_constants = 1, 0, []
        value = make(self, step[1:])  # type: ignore[misc]
        require(self._size <= MAX_SIZE, f"an expression has more than {MAX_SIZE:,} parts, written out")
        require(self._depth <= MAX_DEPTH, f"an expression is nested deeper than {MAX_DEPTH}")
        self._total += self._size
        require(self._total <= MAX_TOTAL, f"an expression has more than {MAX_SIZE:,} parts, written out")
        self.values.append(value)
        self._constants.append(step[0] in _NUMBERS or (step[0] == "made" and all(self.are_constants)))
        self._sizes.append(self._size)
        self._depths.append(self._depth)

    def arguments(self, numbers: Any) -> list[Any]:
        """Return the values of earlier steps."""
        require(type(numbers) is list, "arguments")
        for number in numbers:
            require(type(number) is int and 0 <= number < len(self.values), "an argument")
            self._size += self._sizes[number]
            self._depth = max(self._depth, self._depths[number] + 1)
            require(self._size <= MAX_SIZE, f"an expression has more than {MAX_SIZE:,} parts, written out")
        self.are_constants = [self._constants[number] for number in numbers]
        return [self.values[number] for number in numbers]


def _constant(making: _Making, parts: Any) -> Any:
    (name,) = of_types(parts, str)
    require(name in CONSTANTS or name == _NEGATIVE_INFINITY, "a constant")
    sympy = _sympy()
    return (
        sympy.S.NegativeInfinity
        if name == _NEGATIVE_INFINITY
        else getattr(sympy.S, name, getattr(sympy, name, None))
    )


def _rational(making: _Making, parts: Any) -> Any:
    above, below = of_types(parts, int, int)
    require(below > 0, "a rational number")
    return _sympy().Rational(above, below)


def _float(making: _Making, parts: Any) -> Any:
    sign, mantissa, exponent, precision = of_types(parts, int, int, int, int)
    require(sign in (0, 1) and mantissa >= 0 and 1 <= precision <= MAX_PRECISION, "a floating-point number")
    require(mantissa.bit_length() <= precision and abs(exponent) <= MAX_EXPONENT, "a floating-point number")
    if mantissa == 0:
        require(exponent == 0, "a floating-point number")
        return _sympy().Float(0, precision=precision)
    return _sympy().Float((sign, mantissa, exponent, mantissa.bit_length()), precision=precision)


def _symbol(making: _Making, parts: Any) -> Any:
    name, assumptions, number = of_types(parts, str, dict, (int, type(None)))
    if number is None:
        return _sympy().Symbol(_name(name), **_checked(assumptions))
    return _sympy().Dummy(_name(name), dummy_index=number, **_checked(assumptions))


def _text(making: _Making, parts: Any) -> Any:
    return _sympy().core.symbol.Str(_name(*of_types(parts, str)))


def _function(making: _Making, parts: Any) -> Any:
    name, assumptions, numbers = of_types(parts, str, dict, list)
    require(name.isidentifier(), "the name of a function")
    return _sympy().Function(_name(name), **_checked(assumptions))(*making.arguments(numbers), evaluate=False)


def _matrix(making: _Making, parts: Any) -> Any:
    name, shape, numbers = of_types(parts, str, list, list)
    require(name in _MATRICES.values() and len(shape) == 2, "a matrix")
    require(all(type(size) is int and 0 <= size <= MAX_STEPS for size in shape), "a matrix")
    require(shape[0] * shape[1] == len(numbers), "a matrix")
    return getattr(_sympy(), name)(*shape, making.arguments(numbers))


def _made(making: _Making, parts: Any) -> Any:
    name, numbers = of_types(parts, str, list)
    require(name in UNEVALUATED or name in AS_IT_IS, "a class of SymPy")
    arguments = making.arguments(numbers)
    _refuse_large(name, arguments, making.are_constants)
    kind = _class(name)
    return kind(*arguments, evaluate=False) if name in UNEVALUATED else kind(*arguments)


def _refuse_large(name: str, arguments: list[Any], are_constants: list[bool]) -> None:
    """Refuse what would be computed for ever once a test asks for its value."""
    sympy = _sympy()
    if name in QUICK:
        for number in arguments:
            require(not number.is_Number or abs(number) <= MAXQUICK, f"{name} of a large number")
    if name == "Pow" and len(arguments) == 2:
        base, exponent = arguments
        if exponent.is_Integer and abs(exponent.p).bit_length() > 32:
            require(not are_constants[0], "a power with a large exponent")
        elif exponent.is_Integer and base.is_Rational:
            bits = max(abs(base.p).bit_length(), base.q.bit_length())
            require(bits * abs(exponent.p) <= MAX_BITS or abs(base) == 1, "a power with a large exponent")
        elif exponent.is_Integer and are_constants[0]:
            require(abs(exponent.p) <= MAXQUICK, "a power with a large exponent")
        elif isinstance(exponent, sympy.Pow) and all(are_constants) and base.is_Rational:
            require(not (exponent.args[0].is_Integer and exponent.args[1].is_Integer), "a tower of powers")


_MAKE: dict[str, Callable[[_Making, Any], Any]] = {
    "constant": _constant, "rational": _rational, "float": _float, "symbol": _symbol, "text": _text,
    "function": _function, "matrix": _matrix, "made": _made,
}  # fmt: skip


def _build(parts: Any) -> Any:
    require(type(parts) is list and 0 < len(parts) <= MAX_STEPS, "the steps of an expression")
    making = _Making()
    for step in parts:
        making.add(step)
    return making.values[-1]


def _is_sympy(kind: type) -> bool:
    basic = getattr(imported("sympy"), "Basic", None)
    matrix = getattr(imported("sympy"), "MatrixBase", None)
    return basic is not None and matrix is not None and issubclass(kind, basic | matrix)


def _is_mutable_matrix(kind: type) -> bool:
    return kind is getattr(imported("sympy"), "MutableDenseMatrix", None)


def _put(target: Any, source: Any) -> bool:
    if target.shape != source.shape:
        return False
    target[:, :] = source
    return True


def _build_matrix(parts: Any) -> Any:
    made = _build(parts)
    require(_is_mutable_matrix(type(made)), "a matrix")
    return made


TYPES = (
    DataType("sympy:MutableDenseMatrix", _parts, _build_matrix, changeable=True, put=_put),
    DataType("an expression of SymPy", _parts, _build, matches=_is_sympy),
)
