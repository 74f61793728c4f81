"""Iterators and generators."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "iterators and generators"

SQUARES = "def squares(n):\n    for k in range(n):\n        yield k * k"
NATURALS = "def naturals():\n    n = 0\n    while True:\n        yield n\n        n += 1"

IDIOMS = [
    idiom(
        "list-of-generator",
        "`list(gen)`, `sum(gen)`, `next(gen)`",
        SQUARES,
        """
        assert list(squares(4)) == [0, 1, 4, 9]
        assert sum(squares(5)) == 30
        g = squares(2)
        assert next(g) == 0 and next(g) == 1
        assert next(g, None) is None
        """,
        [
            "def squares(n):\n    return (k ** 2 for k in range(n))",
            "def squares(n):\n    yield from (k * k for k in range(n))",
        ],
        ["def squares(n):\n    yield n * n", "def squares(n):\n    return [k * k for k in range(n)]"],
    ),
    idiom(
        "generator-type",
        "`inspect.isgenerator`, `isinstance(x, types.GeneratorType)`",
        SQUARES,
        """
        import inspect, types
        assert inspect.isgeneratorfunction(squares), "use yield"
        assert isinstance(squares(3), types.GeneratorType)
        assert inspect.isgenerator(squares(3))
        """,
        ["def squares(n):\n    yield from (k * k for k in range(n))"],
        ["def squares(n):\n    return [k * k for k in range(n)]"],
    ),
    idiom(
        "infinite-islice",
        "an infinite generator cut by `itertools.islice` or `zip`",
        NATURALS,
        """
        from itertools import islice, takewhile
        assert list(islice(naturals(), 5)) == [0, 1, 2, 3, 4]
        assert [b for _, b in zip(range(3), naturals())] == [0, 1, 2]
        assert list(takewhile(lambda n: n < 3, naturals())) == [0, 1, 2]
        """,
        ["import itertools\nnaturals = itertools.count"],
        ["def naturals():\n    n = 1\n    while True:\n        yield n\n        n += 1"],
    ),
    idiom(
        "stop-iteration",
        "`StopIteration` after the last element",
        """
        class Countdown:
            def __init__(self, n):
                self.n = n
            def __iter__(self):
                return self
            def __next__(self):
                if self.n == 0:
                    raise StopIteration
                self.n -= 1
                return self.n + 1
        """,
        """
        it = iter(Countdown(2))
        assert next(it) == 2 and next(it) == 1
        try:
            next(it)
        except StopIteration:
            pass
        else:
            assert False, "no StopIteration"
        assert list(Countdown(3)) == [3, 2, 1]
        assert iter(it) is it
        """,
        ["def Countdown(n):\n    while n:\n        yield n\n        n -= 1"],
        ["class Countdown(list):\n    def __init__(self, n):\n        super().__init__(range(n))"],
    ),
    idiom(
        "iterable-class-twice",
        "an iterable class gone through twice, `hasattr(x, '__iter__')`",
        "class Evens:\n    def __init__(self, n):\n        self.n = n\n    def __iter__(self):\n        return iter(range(0, self.n, 2))",
        """
        from collections.abc import Iterable
        e = Evens(7)
        assert hasattr(e, "__iter__") and isinstance(e, Iterable)
        assert list(e) == [0, 2, 4, 6] and list(e) == [0, 2, 4, 6]
        assert 4 in e and max(e) == 6
        a, *rest = e
        assert a == 0 and rest == [2, 4, 6]
        """,
        [
            "class Evens:\n    def __init__(self, n):\n        self.n = n\n    def __iter__(self):\n        for k in range(self.n):\n            if k % 2 == 0:\n                yield k"
        ],
        [
            "class Evens:\n    def __init__(self, n):\n        self.it = iter(range(0, n, 2))\n    def __iter__(self):\n        return self.it"
        ],
    ),
    idiom(
        "generator-lazy",
        "laziness: an argument that is consumed only as far as needed",
        "def first_big(numbers, limit):\n    for x in numbers:\n        if x > limit:\n            return x",
        """
        taken = []
        def source():
            for k in range(10):
                taken.append(k)
                yield k
        assert first_big(source(), 3) == 4
        assert taken == [0, 1, 2, 3, 4], "it went on after the answer was found"
        """,
        ["def first_big(numbers, limit):\n    return next((x for x in numbers if x > limit), None)"],
        ["def first_big(numbers, limit):\n    return [x for x in numbers if x > limit][0]"],
    ),
    idiom(
        "send-and-close",
        "`gen.send(value)`, `gen.close()`",
        "def average():\n    total = count = 0\n    mean = None\n    while True:\n        x = yield mean\n        total += x\n        count += 1\n        mean = total / count",
        """
        a = average()
        next(a)
        assert a.send(10) == 10
        assert a.send(20) == 15
        a.close()
        """,
        [
            "def average():\n    seen = []\n    x = yield\n    while True:\n        seen.append(x)\n        x = yield sum(seen) / len(seen)"
        ],
        ["def average():\n    while True:\n        x = yield\n        yield x"],
    ),
    idiom(
        "pipeline",
        "generators chained: the student's takes the test's and the other way round",
        "def only_even(numbers):\n    return (n for n in numbers if n % 2 == 0)\ndef doubled(numbers):\n    return (2 * n for n in numbers)",
        """
        assert list(doubled(only_even(range(6)))) == [0, 4, 8]
        assert list(only_even(n + 1 for n in [1, 2, 3])) == [2, 4]
        assert sum(doubled(x for x in (1, 2))) == 6
        """,
        [
            "def only_even(numbers):\n    return filter(lambda n: not n % 2, numbers)\ndef doubled(numbers):\n    return map(lambda n: n + n, numbers)"
        ],
        [
            "def only_even(numbers):\n    return numbers\ndef doubled(numbers):\n    return [2 * n for n in numbers]"
        ],
    ),
    idiom(
        "zip-and-enumerate",
        "a returned iterator (`zip`, `map`, `reversed`) listed by the test",
        "def pairs(a, b):\n    return zip(a, b)",
        "assert list(pairs([1, 2], 'ab')) == [(1, 'a'), (2, 'b')]\nassert dict(pairs('xy', [1, 2])) == {'x': 1, 'y': 2}",
        [
            "def pairs(a, b):\n    return [(x, b[k]) for k, x in enumerate(a)]",
            "def pairs(a, b):\n    for x, y in zip(a, b):\n        yield x, y",
        ],
        ["def pairs(a, b):\n    return zip(b, a)"],
    ),
]
