"""Floats and tolerance."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "floats and tolerance"

AREA = "import math\ndef area(r):\n    return math.pi * r ** 2"

IDIOMS = [
    idiom(
        "abs-difference",
        "`abs(got - expected) < 1e-6`",
        AREA,
        "assert abs(area(2) - 12.566370614) < 1e-6\nassert abs(area(0)) < 1e-12",
        [
            "def area(r):\n    return 3.141592653589793 * r * r",
            "import numpy as np\narea = lambda r: np.pi * r ** 2",
        ],
        ["def area(r):\n    return 3.14 * r ** 2"],
    ),
    idiom(
        "math-isclose",
        "`math.isclose` with `rel_tol` and `abs_tol`",
        AREA,
        """
        import math
        assert math.isclose(area(3), 28.274333882308138, rel_tol=1e-9)
        assert math.isclose(area(0), 0, abs_tol=1e-9)
        """,
        ["import numpy as np\ndef area(r):\n    return np.float64(np.pi) * r ** 2"],
        ["def area(r):\n    return 22 / 7 * r ** 2"],
    ),
    idiom(
        "round-both",
        "`round(value, 2) ==` expected",
        "def celsius(f):\n    return (f - 32) * 5 / 9",
        "assert round(celsius(100), 2) == 37.78\nassert round(celsius(-40)) == -40",
        ["def celsius(f):\n    return (f - 32) / 1.8"],
        ["def celsius(f):\n    return f - 32 * 5 / 9", "def celsius(f):\n    return f'{(f - 32) / 1.8:.2f}'"],
    ),
    idiom(
        "pytest-approx",
        "`pytest.approx`, of a number, a list and a dict",
        """
        def shares(numbers):
            return [x / sum(numbers) for x in numbers]
        """,
        """
        import pytest
        assert shares([1, 2, 3]) == pytest.approx([1 / 6, 1 / 3, 1 / 2])
        assert sum(shares([0.1] * 10)) == pytest.approx(1.0, abs=1e-9)
        assert {"first": shares([1, 3])[0]} == pytest.approx({"first": 0.25})
        """,
        ["def shares(numbers):\n    total = sum(numbers)\n    return [1 / total * x for x in numbers]"],
        ["def shares(numbers):\n    return [x / len(numbers) for x in numbers]"],
    ),
    idiom(
        "unittest-almost",
        "`TestCase().assertAlmostEqual(…, places=3)`",
        "def mean(numbers):\n    return sum(numbers) / len(numbers)",
        """
        import unittest
        check = unittest.TestCase()
        check.assertAlmostEqual(mean([1, 2, 4]), 2.333, places=3)
        check.assertAlmostEqual(mean([0.1, 0.2]), 0.15, delta=1e-6)
        check.assertNotAlmostEqual(mean([1, 2]), 1.4)
        """,
        ["import statistics\ndef mean(numbers):\n    return statistics.fmean(numbers)"],
        ["def mean(numbers):\n    return sum(numbers) // len(numbers)"],
    ),
    idiom(
        "nan-and-infinity",
        "`math.isnan`, `math.isinf`, division by zero guarded",
        """
        def ratio(a, b):
            if b == 0:
                return float("nan") if a == 0 else float("inf")
            return a / b
        """,
        """
        import math
        assert math.isnan(ratio(0, 0))
        assert math.isinf(ratio(1, 0)) and ratio(1, 0) > 0
        assert ratio(1, 4) == 0.25
        """,
        [
            "import math\ndef ratio(a, b):\n    try:\n        return a / b\n    except ZeroDivisionError:\n"
            "        return math.inf if a else math.nan"
        ],
        ["def ratio(a, b):\n    return a / b if b else 0.0"],
    ),
    idiom(
        "interval",
        "the value lies in an interval (`0.4 < x < 0.6`)",
        "def logistic(x):\n    import math\n    return 1 / (1 + math.exp(-x))",
        """
        assert 0.73 < logistic(1) < 0.74
        assert 0 <= logistic(-30) <= 1e-9
        assert logistic(-1) < logistic(0) < logistic(1)
        """,
        ["import math\ndef logistic(x):\n    return math.exp(x) / (math.exp(x) + 1)"],
        ["import math\ndef logistic(x):\n    return math.tanh(x)"],
    ),
    idiom(
        "complex-roots",
        "complex numbers, in any order",
        """
        import cmath
        def roots(a, b, c):
            d = cmath.sqrt(b * b - 4 * a * c)
            return (-b + d) / (2 * a), (-b - d) / (2 * a)
        """,
        """
        import cmath
        found = sorted(roots(1, 0, 1), key=lambda z: z.imag)
        assert all(cmath.isclose(z, w, abs_tol=1e-9) for z, w in zip(found, [-1j, 1j]))
        assert abs(sum(roots(1, -3, 2)) - 3) < 1e-9
        """,
        ["import numpy as np\ndef roots(a, b, c):\n    return list(np.roots([a, b, c]))"],
        [
            "def roots(a, b, c):\n    d = abs(b * b - 4 * a * c) ** 0.5\n    return (-b + d) / 2 / a, (-b - d) / 2 / a"
        ],
    ),
    idiom(
        "fraction-and-decimal",
        "`Fraction` and `Decimal` compared exactly",
        """
        from fractions import Fraction
        from decimal import Decimal
        def half(n):
            return Fraction(n, 2)
        def price(text):
            return Decimal(text) * 2
        """,
        """
        from fractions import Fraction
        from decimal import Decimal
        assert half(3) == Fraction(3, 2)
        assert isinstance(half(4), Fraction)
        assert price("0.10") == Decimal("0.20")
        """,
        [
            "from fractions import Fraction as F\nfrom decimal import Decimal as D\n"
            "half = lambda n: F(n) / 2\nprice = lambda text: D(text) + D(text)"
        ],
        ["half = lambda n: n / 2\nprice = lambda text: float(text) * 2"],
    ),
]
