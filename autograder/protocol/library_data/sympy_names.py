"""SymPy's classes and constants of which an expression may consist."""

from __future__ import annotations

CONSTANTS = (
    "pi", "E", "I", "oo", "zoo", "nan", "GoldenRatio", "EulerGamma", "Catalan", "TribonacciConstant",
    "true", "false", "Naturals", "Naturals0", "Integers", "Rationals", "Reals", "Complexes", "EmptySet",
    "UniversalSet",
)  # fmt: skip
# Made with evaluate=False.
UNEVALUATED = frozenset([
    "Add", "Mul", "Pow", "exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan",
    "acot", "asec", "acsc", "atan2", "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh",
    "atanh", "acoth", "asech", "acsch", "sinc", "Abs", "sign", "re", "im", "arg", "conjugate", "floor",
    "ceiling", "frac", "Max", "Min", "gamma", "loggamma", "digamma", "polygamma", "beta", "factorial",
    "factorial2", "subfactorial", "binomial", "fibonacci", "lucas", "harmonic", "zeta", "erf", "erfc",
    "erfi", "Heaviside", "DiracDelta", "KroneckerDelta", "LeviCivita", "LambertW", "Si", "Ci", "Ei", "li",
    "besselj", "bessely", "besseli", "besselk", "legendre", "chebyshevt", "chebyshevu", "hermite",
    "laguerre", "Piecewise", "Equality", "Unequality", "StrictLessThan", "LessThan", "StrictGreaterThan",
    "GreaterThan", "And", "Or", "Not", "Xor", "Implies", "Equivalent", "ITE", "Union", "Intersection",
    "Complement", "SymmetricDifference", "Derivative", "Contains",
])  # fmt: skip
# Not evaluated until they are asked to be.
AS_IT_IS = frozenset([
    "Tuple", "ExprCondPair", "Integral", "Sum", "Product", "Limit", "Subs", "Lambda", "Interval",
    "FiniteSet", "ConditionSet", "ImageSet", "ProductSet", "Order",
])  # fmt: skip
# Whose values grow quickly.
QUICK = frozenset([
    "factorial", "factorial2", "subfactorial", "binomial", "fibonacci", "lucas", "harmonic", "gamma",
    "zeta", "polygamma",
])  # fmt: skip
# Of symbols.
ASSUMPTIONS = frozenset([
    "algebraic", "antihermitian", "commutative", "complex", "composite", "even", "extended_negative",
    "extended_nonnegative", "extended_nonpositive", "extended_nonzero", "extended_positive",
    "extended_real", "finite", "hermitian", "imaginary", "infinite", "integer", "irrational", "negative",
    "noninteger", "nonnegative", "nonpositive", "nonzero", "odd", "positive", "prime", "rational", "real",
    "transcendental", "zero",
])  # fmt: skip
