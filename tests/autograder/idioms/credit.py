"""Partial credit."""

from tests.autograder.idioms.idiom import idiom

GROUP = "partial credit"

PAIR = "def add(a, b):\n    return a + b\ndef sub(a, b):\n    return a - b"
PAIR_HALF = "def add(a, b):\n    return a + b\ndef sub(a, b):\n    return a + b"

IDIOMS = [
    idiom(
        "score-last-line",
        "points counted, their number as the last line",
        PAIR,
        """
        points = 0
        if add(2, 3) == 5:
            points += 1
        if sub(2, 3) == -1:
            points += 1
        points
        """,
        ["from operator import add, sub"],
        [PAIR_HALF, "add = sub = lambda a, b: 0"],
    ),
    idiom(
        "score-with-try",
        "each part in its own `try … except`, with a printed note",
        PAIR,
        """
        score = 0.0
        for function, expected in [("add", 5), ("sub", -1)]:
            try:
                assert globals()[function](2, 3) == expected
                score += 1
            except Exception as error:
                print(f"{function}: {type(error).__name__}")
        score
        """,
        ["add = lambda a, b: a + b\nsub = lambda a, b: a - b"],
        [PAIR_HALF, "def add(a, b):\n    return a + b", "def add(a, b):\n    raise RuntimeError\nsub = add"],
    ),
    idiom(
        "score-fraction",
        "a fraction of the cases passed, times the points",
        "def even(n):\n    return n % 2 == 0",
        """
        cases = {0: True, 1: False, 2: True, -3: False}
        passed = sum(bool(even(n)) == expected for n, expected in cases.items())
        2 * passed / len(cases)
        """,
        ["def even(n):\n    return not n & 1"],
        ["def even(n):\n    return n > 0", "def even(n):\n    return True"],
    ),
    idiom(
        "score-numpy",
        "a score that is a NumPy number",
        "import numpy as np\nmarks = np.array([1.0, 2.0, 3.0])",
        """
        import numpy as np
        expected = np.array([1.0, 2.0, 3.0])
        float(2 * np.mean(np.isclose(marks, expected)))
        """,
        ["import numpy as np\nmarks = np.arange(1, 4)"],
        ["import numpy as np\nmarks = np.array([1.0, 2.0, 4.0])"],
    ),
    idiom(
        "score-by-function",
        "a grading function of a locked cell returns the points",
        PAIR,
        "grade([lambda: add(1, 1) == 2, lambda: sub(5, 2) == 3])",
        ["import operator\nadd, sub = operator.add, operator.sub"],
        [PAIR_HALF, "add = sub = None"],
        before="""
        def grade(checks):
            points = 0
            for check in checks:
                try:
                    points += bool(check())
                except Exception as error:
                    print(error)
            return points
        """,
    ),
    idiom(
        "score-dict-of-parts",
        "named parts in a dict with their points",
        PAIR,
        """
        parts = {}
        parts["add"] = 0.5 if add(0, 0) == 0 else 0
        parts["more"] = 0.5 if add(-1, 1) == 0 else 0
        parts["sub"] = 1.0 if sub(1, 1) == 0 else 0
        print(parts)
        sum(parts.values())
        """,
        ["def add(*a):\n    return sum(a)\ndef sub(a, b):\n    return add(a, -b)"],
        [PAIR_HALF],
    ),
    idiom(
        "assert-first-score-last",
        "an `assert` that takes all the points, then partial credit",
        PAIR,
        """
        assert callable(add) and callable(sub), "define both"
        1 + (sub(3, 1) == 2)
        """,
        ["add = int.__add__\nsub = int.__sub__"],
        [PAIR_HALF, "add, sub = 1, 2"],
    ),
]
