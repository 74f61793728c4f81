"""Test frameworks used inside a cell."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "test frameworks in a cell"

STACK = """
    class Stack:
        def __init__(self):
            self._items = []
        def push(self, x):
            self._items.append(x)
        def pop(self):
            return self._items.pop()
        def __len__(self):
            return len(self._items)
"""
STACK_OTHER = """
    from collections import deque
    class Stack:
        def __init__(self):
            self.q = deque()
        def push(self, x):
            self.q.appendleft(x)
        def pop(self):
            return self.q.popleft()
        def __len__(self):
            return sum(1 for _ in self.q)
"""
STACK_WRONG = """
    class Stack(list):
        def push(self, x):
            self.append(x)
        def pop(self):
            return super().pop(0)
"""
SQUARE = "def square(x):\n    '''Square.\n\n    >>> square(3)\n    9\n    '''\n    return x * x"

IDIOMS = [
    idiom(
        "unittest-runner",
        "a `unittest.TestCase` in the cell, run by `TextTestRunner` or `unittest.main(exit=False)`",
        STACK,
        """
        import unittest
        class TestStack(unittest.TestCase):
            def setUp(self):
                self.stack = Stack()
            def test_push_pop(self):
                self.stack.push(1)
                self.stack.push(2)
                self.assertEqual(self.stack.pop(), 2)
                self.assertEqual(len(self.stack), 1)
            def test_empty(self):
                with self.assertRaises(IndexError):
                    self.stack.pop()
        suite = unittest.TestLoader().loadTestsFromTestCase(TestStack)
        result = unittest.TextTestRunner(verbosity=0).run(suite)
        assert result.wasSuccessful()
        """,
        [STACK_OTHER],
        [STACK_WRONG],
        instead="""
        import io
        import unittest
        class TestStack(unittest.TestCase):
            def setUp(self):
                self.stack = Stack()
            def test_push_pop(self):
                self.stack.push(1)
                self.stack.push(2)
                self.assertEqual(self.stack.pop(), 2)
                self.assertEqual(len(self.stack), 1)
            def test_empty(self):
                with self.assertRaises(IndexError):
                    self.stack.pop()
        suite = unittest.TestLoader().loadTestsFromTestCase(TestStack)
        result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
        assert result.wasSuccessful()
        """,
    ),
    idiom(
        "unittest-main",
        "`unittest.main(argv=[''], exit=False)`",
        STACK,
        """
        import unittest
        class TestStack(unittest.TestCase):
            def test_order(self):
                s = Stack()
                for k in range(3):
                    s.push(k)
                self.assertListEqual([s.pop() for _ in range(3)], [2, 1, 0])
        program = unittest.main(argv=["", "TestStack"], exit=False, verbosity=0)
        assert not program.result.failures and not program.result.errors
        """,
        [STACK_OTHER],
        [STACK_WRONG],
        instead="""
        import io
        import unittest
        class TestStack(unittest.TestCase):
            def test_order(self):
                s = Stack()
                for k in range(3):
                    s.push(k)
                self.assertListEqual([s.pop() for _ in range(3)], [2, 1, 0])
        quiet = unittest.TextTestRunner(stream=io.StringIO())
        program = unittest.main(argv=["", "TestStack"], exit=False, testRunner=quiet)
        assert not program.result.failures and not program.result.errors
        """,
    ),
    idiom(
        "test-functions-called",
        "`def test_…()` functions, called at the end of the cell",
        STACK,
        """
        def test_lifo():
            s = Stack()
            s.push("a")
            s.push("b")
            assert s.pop() == "b"
        def test_length():
            s = Stack()
            assert len(s) == 0
            s.push(None)
            assert len(s) == 1
        for name, function in list(globals().items()):
            if name.startswith("test_") and callable(function):
                function()
                print(name, "passed")
        """,
        [STACK_OTHER],
        [STACK_WRONG],
    ),
    idiom(
        "doctest-of-answer",
        "`doctest.testmod()` or `run_docstring_examples` on the student's docstring",
        SQUARE,
        """
        import doctest
        finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
        tests = [t for t in finder.find(square, "square", globs={"square": square}) if t.examples]
        assert tests, "write an example in the docstring"
        for t in tests:
            assert runner.run(t).failed == 0
        """,
        [
            'def square(x):\n    """Return x squared.\n\n    >>> square(-2)\n    4\n    >>> square(0.5)\n    0.25\n    """\n    return x ** 2'
        ],
        [
            "def square(x):\n    return x * x",
            "def square(x):\n    '''\n    >>> square(3)\n    9\n    '''\n    return x + x",
        ],
    ),
    idiom(
        "otter-doctest",
        "doctest examples in a file beside the notebook, as otter has them",
        STACK,
        """
        import doctest
        from q1 import EXAMPLES  # in the cell itself, IPython takes the prompts away
        test = doctest.DocTestParser().get_doctest(EXAMPLES, {"Stack": Stack}, "q1", None, None)
        result = doctest.DocTestRunner(verbose=False).run(test)
        assert result.attempted == 5 and result.failed == 0
        """,
        [STACK_OTHER],
        [STACK_WRONG],
        files=(
            (
                "q1.py",
                "EXAMPLES = '''\n>>> s = Stack()\n>>> s.push(1)\n>>> s.push(2)\n"
                ">>> s.pop() == 2\nTrue\n>>> len(s)\n1\n'''\n",
            ),
        ),
    ),
    idiom(
        "ok-test-dict",
        "a dict of suites and cases (`ok`'s form) evaluated by a helper of a locked cell",
        "trend = [3, 1, 2]",
        """
        test = {"name": "q1", "points": 2, "suites": [{"cases": [
            {"code": "len(trend) == 3"}, {"code": "max(trend) == 3"}, {"code": "isinstance(trend, list)"}]}]}
        assert run(test, globals())
        """,
        ["trend = [3 - 0, 1, 2]"],
        ["trend = (3, 1, 2)", "trends = [3, 1, 2]"],
        before="""
        def run(test, names):
            ok = True
            for suite in test["suites"]:
                for case in suite["cases"]:
                    try:
                        passed = bool(eval(case["code"], names))
                    except Exception as error:
                        passed = False
                        print(case["code"], error)
                    ok = ok and passed
            return ok
        """,
    ),
    idiom(
        "pytest-parametrize",
        "`pytest.mark.parametrize` read and run by the cell itself",
        "def sign(x):\n    return (x > 0) - (x < 0)",
        """
        import pytest
        @pytest.mark.parametrize("x, expected", [(3, 1), (-2, -1), (0, 0)])
        def test_sign(x, expected):
            assert sign(x) == expected
        for x, expected in test_sign.pytestmark[0].args[1]:
            test_sign(x, expected)
        """,
        ["import math\ndef sign(x):\n    return int(math.copysign(1, x)) if x else 0"],
        ["def sign(x):\n    return 1 if x >= 0 else -1"],
    ),
    idiom(
        "unittest-asserts",
        "`assertDictEqual`, `assertIsInstance`, `assertIn`, `assertGreater`, `assertCountEqual`",
        "def summary(a):\n    return {'min': min(a), 'max': max(a), 'all': list(a)}",
        """
        from unittest import TestCase
        t = TestCase()
        got = summary([3, 1])
        t.assertIsInstance(got, dict)
        t.assertIn("min", got)
        t.assertGreater(got["max"], got["min"])
        t.assertCountEqual(got["all"], [1, 3])
        t.assertDictEqual(summary([2]), {"min": 2, "max": 2, "all": [2]})
        t.assertIsNotNone(got)
        t.assertTrue(all(isinstance(k, str) for k in got))
        """,
        ["def summary(a):\n    b = sorted(a)\n    return dict(all=b, max=b[-1], min=b[0])"],
        ["def summary(a):\n    return {'min': max(a), 'max': min(a), 'all': list(a)}"],
    ),
    idiom(
        "subtests",
        "`self.subTest` over the cases",
        "def fizz(n):\n    return 'fizz' * (n % 3 == 0) + 'buzz' * (n % 5 == 0) or str(n)",
        """
        import unittest
        class Fizz(unittest.TestCase):
            def test_cases(self):
                for n, expected in [(1, "1"), (3, "fizz"), (5, "buzz"), (15, "fizzbuzz")]:
                    with self.subTest(n=n):
                        self.assertEqual(fizz(n), expected)
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Fizz).run(result)
        assert result.testsRun == 1 and not result.failures and not result.errors, result.failures
        """,
        [
            "def fizz(n):\n    if n % 15 == 0: return 'fizzbuzz'\n    return 'fizz' if n % 3 == 0 else 'buzz' if n % 5 == 0 else f'{n}'"
        ],
        ["def fizz(n):\n    return 'fizz' if n % 3 == 0 else 'buzz' if n % 5 == 0 else str(n)"],
    ),
]
