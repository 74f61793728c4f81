"""Plain values: numbers, strings, lists, dicts, sets and their comparison."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "plain values"

IDIOMS = [
    idiom(
        "variable-equal",
        "a variable compared with `==`, with a message",
        "total = sum(range(1, 101))",
        'assert total == 5050, f"total should be 5050, not {total}"',
        ["total = 0\nfor k in range(101):\n    total += k", "total = 100 * 101 // 2"],
        ["total = sum(range(1, 100))", "total = '5050'"],
    ),
    idiom(
        "function-cases",
        "a function on several arguments, one `assert` each",
        "def largest(a, b, c):\n    return max(a, b, c)",
        """
        assert largest(1, 2, 3) == 3
        assert largest(9, 2, 3) == 9
        assert largest(-4, -2, -3) == -2
        ### BEGIN HIDDEN TESTS
        assert largest(5, 5, 5) == 5
        assert largest(0, 7, 0) == 7
        ### END HIDDEN TESTS
        """,
        [
            "def largest(a, b, c):\n    return sorted([a, b, c])[-1]",
            "largest = lambda *numbers: max(numbers)",
        ],
        [
            "def largest(a, b, c):\n    return a if a > b else c",
            "def largest(a, b, c):\n    print(max(a, b, c))",
        ],
    ),
    idiom(
        "table-of-cases",
        "a loop over a list of (arguments, expected) pairs",
        """
        def leap(year):
            return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        """,
        """
        cases = [((2000,), True), ((1900,), False), ((2024,), True), ((2023,), False)]
        for arguments, expected in cases:
            got = leap(*arguments)
            assert got == expected, "leap{} gave {!r}, expected {!r}".format(arguments, got, expected)
        """,
        ["import calendar\nleap = calendar.isleap"],
        ["def leap(year):\n    return year % 4 == 0"],
    ),
    idiom(
        "nested-list",
        "a nested list compared as a whole",
        "def table(n):\n    return [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]",
        "assert table(3) == [[1, 2, 3], [2, 4, 6], [3, 6, 9]]\nassert table(0) == []",
        [
            """
            def table(n):
                rows = []
                for i in range(n):
                    rows.append(list(range(i + 1, (i + 1) * n + 1, i + 1)))
                return rows
            """
        ],
        ["def table(n):\n    return [[i * j for j in range(n)] for i in range(n)]"],
    ),
    idiom(
        "dict-of-counts",
        "a dict compared whatever its order, or as `Counter`",
        "def counts(text):\n    return {letter: text.count(letter) for letter in text}",
        """
        from collections import Counter
        result = counts("banana")
        assert isinstance(result, dict)
        assert result == {"n": 2, "a": 3, "b": 1}
        assert Counter(result) == Counter("banana")
        assert dict(sorted(result.items())) == {"a": 3, "b": 1, "n": 2}
        """,
        [
            "from collections import Counter\ndef counts(text):\n    return Counter(text)",
            """
            from collections import defaultdict
            def counts(text):
                found = defaultdict(int)
                for letter in text:
                    found[letter] += 1
                return found
            """,
        ],
        ["def counts(text):\n    return {letter: 1 for letter in text}"],
    ),
    idiom(
        "unordered-list",
        "a list compared as a set or sorted",
        "def common(a, b):\n    return [x for x in a if x in b]",
        """
        assert sorted(common([3, 1, 2], [2, 3, 5])) == [2, 3]
        assert set(common("hello", "world")) == {"l", "o"}
        assert len(common([], [1])) == 0
        """,
        [
            "def common(a, b):\n    return set(a) & set(b)",
            "def common(a, b):\n    return tuple(set(a) & set(b))",
        ],
        ["def common(a, b):\n    return a + b"],
    ),
    idiom(
        "tuple-unpacked",
        "a returned tuple, unpacked by the test",
        "def min_max(numbers):\n    return min(numbers), max(numbers)",
        """
        low, high = min_max([4, 8, -1])
        assert (low, high) == (-1, 8)
        assert type(min_max([1])) is tuple and len(min_max([1])) == 2
        """,
        ["def min_max(numbers):\n    ordered = sorted(numbers)\n    return (ordered[0], ordered[-1])"],
        [
            "def min_max(numbers):\n    return max(numbers), min(numbers)",
            "def min_max(n):\n    return [min(n), max(n)]",
        ],
    ),
    idiom(
        "none-returned",
        "`is None`, `is True`, `is False`",
        """
        def position(item, items):
            return items.index(item) if item in items else None
        def empty(items):
            return len(items) == 0
        """,
        """
        assert position(3, [1, 2]) is None
        assert position(1, [1, 2]) == 0 and position(1, [1, 2]) is not None
        assert empty([]) is True
        assert empty([1]) is False
        """,
        [
            """
            def position(item, items):
                for k, other in enumerate(items):
                    if item == other:
                        return k
            def empty(items):
                return not items
            """
        ],
        [
            "def position(item, items):\n    return items.index(item) if item in items else -1\nempty = lambda x: not x"
        ],
    ),
    idiom(
        "big-and-negative",
        "very large integers, negative numbers, powers",
        "def factorial(n):\n    result = 1\n    for k in range(2, n + 1):\n        result *= k\n    return result",
        """
        import math
        assert factorial(0) == 1
        assert factorial(200) == math.factorial(200)
        assert factorial(25) // factorial(24) == 25
        assert factorial(300) % 10 ** 9 == 0
        """,
        ["from math import factorial", "def factorial(n):\n    return 1 if n < 2 else n * factorial(n - 1)"],
        ["def factorial(n):\n    return n if n < 2 else n * factorial(n - 1)"],
    ),
    idiom(
        "answer-hash",
        "the answer's hash compared, so that the test does not show it",
        "answer = 'entropy'",
        """
        import hashlib
        def digest(value):
            return hashlib.sha256(str(value).strip().lower().encode()).hexdigest()
        assert digest(answer) == "6671fe83b7a07c8932ee89164d1f2793b2318058eb8b98dc5c06ee0a5a3b0ec1" or \\
            digest(answer) == hashlib.sha256(b"entropy").hexdigest()
        """,
        ["answer = ' Entropy '"],
        ["answer = 'energy'"],
    ),
    idiom(
        "choice-letter",
        "a multiple-choice answer held in a variable or a dict",
        "answers = {'q1': 'B', 'q2': ['A', 'D']}",
        """
        assert set(answers) >= {"q1", "q2"}, "answer both"
        assert answers["q1"].upper() == "B"
        assert sorted(answers["q2"]) == ["A", "D"]
        """,
        ["answers = dict(q1='b', q2=('D', 'A'))", "answers = {'q2': {'A', 'D'}, 'q1': 'B', 'q3': None}"],
        ["answers = {'q1': 'A', 'q2': ['A', 'D']}", "answers = {'q1': 'B'}"],
    ),
    idiom(
        "defined-at-all",
        "the name is defined (`'x' in globals()`, `in dir()`, `try … except NameError`)",
        "gravity = 9.81",
        """
        assert "gravity" in globals(), "define gravity"
        assert "gravity" in dir()
        try:
            gravity
        except NameError:
            raise AssertionError("gravity is not defined")
        assert gravity > 9
        """,
        ["from math import pi\ngravity = pi ** 2"],
        ["g = 9.81"],
    ),
]
