"""Helper functions and modules that the tests use."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "helpers"

MEDIAN = "def median(a):\n    a = sorted(a)\n    n = len(a)\n    return (a[(n - 1) // 2] + a[n // 2]) / 2"
MEDIAN_OTHER = "import statistics\nmedian = statistics.median"
MEDIAN_WRONG = "def median(a):\n    return sorted(a)[len(a) // 2]"

IDIOMS = [
    idiom(
        "helper-locked-before",
        "a checking function defined in a locked cell before the answer",
        MEDIAN,
        "check_equal(median([1, 2, 3, 4]), 2.5)\ncheck_equal(median([3, 1, 2]), 2)",
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
        before="def check_equal(got, expected):\n    assert got == expected, f'{got!r} is not {expected!r}'",
    ),
    idiom(
        "helper-locked-between",
        "a checking function defined in a locked cell after the answer",
        MEDIAN,
        "test_function(median, [(([1, 2, 3, 4],), 2.5), (([5],), 5)])",
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
        between="""
        def test_function(function, cases):
            for arguments, expected in cases:
                got = function(*arguments)
                assert abs(got - expected) < 1e-9, (function.__name__, arguments, got)
        """,
    ),
    idiom(
        "helper-by-name",
        "a helper that gets the answer's name as a string",
        MEDIAN,
        "run_cases('median', [([1, 9], 5.0), ([2, 1, 3], 2)])",
        [MEDIAN_OTHER],
        [MEDIAN_WRONG, "medain = None"],
        before="""
        def run_cases(name, cases):
            assert name in globals(), f"{name} is not defined"
            function = globals()[name]
            for argument, expected in cases:
                assert function(list(argument)) == expected
        """,
    ),
    idiom(
        "helper-module",
        "a module of checks that lies beside the notebook",
        MEDIAN,
        "import checks\nchecks.check_median(median)\nfrom checks import CASES\nassert len(CASES) == 3",
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
        files=(
            (
                "checks.py",
                "CASES = [([1, 2], 1.5), ([3, 1, 2], 2), ([4], 4)]\n\n\ndef check_median(function):\n"
                "    for argument, expected in CASES:\n        assert function(argument) == expected\n",
            ),
        ),
    ),
    idiom(
        "reference-solution",
        "the reference in the hidden part, compared on random arguments",
        MEDIAN,
        """
        ### BEGIN HIDDEN TESTS
        import random
        def reference(a):
            a, n = sorted(a), len(a)
            return a[n // 2] if n % 2 else (a[n // 2 - 1] + a[n // 2]) / 2
        for size in range(1, 12):
            numbers = [random.randint(-50, 50) for _ in range(size)]
            assert median(numbers) == reference(numbers), numbers
        ### END HIDDEN TESTS
        """,
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
    ),
    idiom(
        "nose-like-helpers",
        "`assert_equal`, `assert_in`, … as `nose.tools` has them, in a locked cell",
        MEDIAN,
        """
        assert_equal(median([1, 2]), 1.5)
        assert_almost_equal(median([0.1, 0.2]), 0.15)
        assert_true(callable(median))
        assert_raises(Exception, median, [])
        """,
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
        before="""
        import unittest
        _case = unittest.TestCase()
        assert_equal = _case.assertEqual
        assert_almost_equal = _case.assertAlmostEqual
        assert_true = _case.assertTrue
        assert_raises = _case.assertRaises
        """,
    ),
    idiom(
        "capture-helper",
        "a context manager of a locked cell that captures the output",
        "def shout(text):\n    print(text.upper() + '!')",
        """
        with captured() as out:
            shout("hi")
            shout("you")
        assert out.getvalue().split() == ["HI!", "YOU!"]
        """,
        ["def shout(text):\n    print(f'{text}!'.upper())"],
        ["def shout(text):\n    return text.upper() + '!'"],
        before="""
        import contextlib, io, sys
        @contextlib.contextmanager
        def captured():
            old, sys.stdout = sys.stdout, io.StringIO()
            try:
                yield sys.stdout
            finally:
                sys.stdout = old
        """,
    ),
    idiom(
        "timeout-helper",
        "a helper that stops an endless loop (`signal.alarm`)",
        "def collatz(n):\n    steps = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        steps += 1\n    return steps",
        """
        with limit(2):
            assert collatz(6) == 8
            assert collatz(27) == 111
        """,
        ["def collatz(n):\n    return 0 if n == 1 else 1 + collatz(3 * n + 1 if n % 2 else n // 2)"],
        ["def collatz(n):\n    while n != 1:\n        n = n // 2 if n % 2 else n\n    return 0"],
        before="""
        import contextlib, signal
        @contextlib.contextmanager
        def limit(seconds):
            def stop(signum, frame):
                raise TimeoutError("too slow")
            old = signal.signal(signal.SIGALRM, stop)
            signal.alarm(seconds)
            try:
                yield
            finally:
                signal.alarm(0)
                signal.signal(signal.SIGALRM, old)
        """,
    ),
    idiom(
        "expected-from-file",
        "expected values in a file that lies beside the notebook",
        "def cubes(n):\n    return [k ** 3 for k in range(n)]",
        """
        import json
        with open("expected.json") as file:
            expected = json.load(file)
        for n, values in expected.items():
            assert cubes(int(n)) == values
        """,
        ["def cubes(n):\n    return list(map(lambda k: k * k * k, range(n)))"],
        ["def cubes(n):\n    return [k ** 2 for k in range(n)]"],
        files=(("expected.json", '{"0": [], "3": [0, 1, 8]}'),),
    ),
    idiom(
        "check-decorator",
        "tests collected by a decorator of a locked cell and run at the end",
        MEDIAN,
        """
        @test
        def two():
            assert median([1, 2]) == 1.5
        @test
        def three():
            assert median([3, 1, 2]) == 2
        run_tests()
        """,
        [MEDIAN_OTHER],
        [MEDIAN_WRONG],
        before="""
        _tests = []
        def test(function):
            _tests.append(function)
            return function
        def run_tests():
            failed = []
            for function in _tests:
                try:
                    function()
                except Exception as error:
                    failed.append(f"{function.__name__}: {error}")
            _tests.clear()
            assert not failed, failed
        """,
    ),
]
