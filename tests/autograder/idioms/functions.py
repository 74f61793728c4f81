"""Functions of functions: decorators, closures, recursion."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "decorators, closures and recursion"

COUNTER = """
    import functools
    def counted(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wrapper.calls += 1
            return function(*args, **kwargs)
        wrapper.calls = 0
        return wrapper
"""
FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)"

IDIOMS = [
    idiom(
        "decorator-on-test-function",
        "the student's decorator on a function of the test",
        COUNTER,
        """
        @counted
        def add(a, b=1):
            "adds"
            return a + b
        assert add(1) == 2 and add(2, b=3) == 5
        assert add.calls == 2
        assert add.__name__ == "add" and add.__doc__ == "adds"
        """,
        [
            "from functools import wraps\ndef counted(f):\n    @wraps(f)\n    def inner(*a, **k):\n        inner.calls = inner.calls + 1\n        return f(*a, **k)\n    setattr(inner, 'calls', 0)\n    return inner"
        ],
        ["def counted(function):\n    function.calls = 0\n    return function"],
    ),
    idiom(
        "decorator-changes-result",
        "a decorator that changes the result",
        "def doubled(f):\n    return lambda *args: 2 * f(*args)",
        """
        @doubled
        def three():
            return 3
        assert three() == 6
        assert doubled(lambda x: x)(5) == 10
        assert doubled(max)(1, 4) == 8
        assert doubled(len)("abc") == 6
        """,
        [
            "import functools\ndef doubled(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        r = f(*a, **k)\n        return r + r\n    return g"
        ],
        ["def doubled(f):\n    return f"],
    ),
    idiom(
        "decorator-with-arguments",
        "a decorator with arguments (`@repeat(3)`)",
        "def repeat(n):\n    def decorate(f):\n        def wrapper(*a, **k):\n            return [f(*a, **k) for _ in range(n)]\n        return wrapper\n    return decorate",
        """
        log = []
        @repeat(3)
        def note(x):
            log.append(x)
            return x
        assert note("a") == ["a", "a", "a"]
        assert len(log) == 3
        """,
        [
            "class repeat:\n    def __init__(self, n):\n        self.n = n\n    def __call__(self, f):\n        return lambda *a, **k: [f(*a, **k) for _ in range(self.n)]"
        ],
        ["def repeat(n):\n    return lambda f: lambda *a: [f(*a)] * n"],
    ),
    idiom(
        "closure-counter",
        "a closure that keeps its state",
        "def counter(start=0):\n    n = start\n    def step():\n        nonlocal n\n        n += 1\n        return n\n    return step",
        """
        a, b = counter(), counter(10)
        assert [a(), a(), b()] == [1, 2, 11]
        assert callable(a) and a is not b
        """,
        [
            "import itertools\ndef counter(start=0):\n    return itertools.count(start + 1).__next__",
            "class counter:\n    def __init__(self, start=0):\n        self.n = start\n    def __call__(self):\n        self.n += 1\n        return self.n",
        ],
        [
            "n = 0\ndef counter(start=0):\n    global n\n    n = start\n    def step():\n        global n\n        n += 1\n        return n\n    return step"
        ],
    ),
    idiom(
        "function-returned",
        "a function made by a function (`compose`, `derivative`)",
        "def compose(f, g):\n    return lambda x: f(g(x))\ndef derivative(f, h=1e-5):\n    return lambda x: (f(x + h) - f(x - h)) / (2 * h)",
        """
        import math
        assert compose(str, abs)(-3) == "3"
        assert compose(lambda x: x + 1, lambda x: x * 2)(5) == 11
        slope = derivative(math.sin)
        assert abs(slope(0) - 1) < 1e-6
        assert abs(derivative(lambda x: x ** 2)(3) - 6) < 1e-6
        """,
        [
            "def compose(f, g):\n    def h(*a):\n        return f(g(*a))\n    return h\ndef derivative(f):\n    def d(x):\n        return (f(x + 1e-7) - f(x)) / 1e-7\n    return d"
        ],
        [
            "def compose(f, g):\n    return lambda x: g(f(x))\ndef derivative(f):\n    return lambda x: f(x + 1) - f(x)"
        ],
    ),
    idiom(
        "higher-order",
        "the student's function gets a function of the test (`apply_all`, `newton`)",
        "def newton(f, df, x, steps=20):\n    for _ in range(steps):\n        x = x - f(x) / df(x)\n    return x",
        """
        import math
        assert abs(newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0) - math.sqrt(2)) < 1e-9
        assert abs(newton(math.cos, lambda x: -math.sin(x), 1) - math.pi / 2) < 1e-9
        """,
        [
            "def newton(f, df, x, steps=30):\n    return x if steps == 0 else newton(f, df, x - f(x) / df(x), steps - 1)"
        ],
        ["def newton(f, df, x, steps=20):\n    return x - f(x) / df(x)"],
    ),
    idiom(
        "sort-key",
        "a key function for `sorted`, `max`, `filter`, `map`",
        "def last_name(full):\n    return full.split()[-1].lower()\nshort = lambda word: len(word) < 4",
        """
        people = ["Ada Lovelace", "Alan Turing", "Grace Hopper"]
        assert sorted(people, key=last_name) == ["Grace Hopper", "Ada Lovelace", "Alan Turing"]
        assert max(people, key=last_name) == "Alan Turing"
        assert list(filter(short, ["a", "abcd", "abc"])) == ["a", "abc"]
        assert list(map(last_name, people))[0] == "lovelace"
        """,
        ["last_name = lambda s: s.rpartition(' ')[2].casefold()\ndef short(w):\n    return not len(w) > 3"],
        ["last_name = lambda s: s.split()[0]\nshort = lambda word: len(word) < 3"],
    ),
    idiom(
        "recursion-called",
        "recursion shown by replacing the function's own name",
        FIB,
        """
        calls = 0
        original = fib
        def spy(n):
            global calls
            calls += 1
            return original(n)
        fib = spy
        try:
            assert fib(6) == 8
            assert calls > 1, "fib must call itself"
        finally:
            fib = original
        """,
        ["def fib(n):\n    if n <= 1:\n        return n\n    return fib(n - 2) + fib(n - 1)"],
        ["def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a"],
        instead="""
        import ast, inspect, textwrap
        assert fib(6) == 8
        tree = ast.parse(textwrap.dedent(inspect.getsource(fib)))
        names = [n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
        assert "fib" in names, "fib must call itself"
        """,
    ),
    idiom(
        "recursion-error",
        "`RecursionError` means that the base case is missing",
        "def total(items):\n    return 0 if not items else items[0] + total(items[1:])",
        """
        try:
            assert total([1, 2, 3]) == 6
            assert total([]) == 0
        except RecursionError:
            raise AssertionError("no base case")
        """,
        [
            "def total(items):\n    if len(items) == 0:\n        return 0\n    *front, last = items\n    return last + total(front)"
        ],
        [
            "def total(items):\n    return items[0] + total(items[1:])",
            "def total(items):\n    return total(items)",
        ],
    ),
    idiom(
        "memo-cache",
        "a cache: `cache_info()`, or a dict that the test reads",
        "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        """
        assert fib(80) == 23416728348467685
        assert hasattr(fib, "cache_info"), "use lru_cache"
        assert fib.cache_info().misses == 81
        fib.cache_clear()
        assert fib.cache_info().currsize == 0
        """,
        [
            "import functools\n@functools.cache\ndef fib(n):\n    if n in (0, 1):\n        return n\n    return fib(n - 2) + fib(n - 1)"
        ],
        ["def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a"],
    ),
    idiom(
        "keyword-arguments",
        "keywords, defaults, `*args`, `**kwargs`",
        "def tag(name, *content, cls=None, **attrs):\n    if cls:\n        attrs['class'] = cls\n    text = ''.join(f' {k}=\"{v}\"' for k, v in sorted(attrs.items()))\n    return f'<{name}{text}>{\"\".join(content)}</{name}>'",
        """
        assert tag("b", "x") == "<b>x</b>"
        assert tag("p", "a", "b", cls="c") == '<p class="c">ab</p>'
        options = {"id": "i", "href": "h"}
        assert tag("a", **options) == '<a href="h" id="i"></a>'
        assert tag(*["i", "t"]) == "<i>t</i>"
        """,
        [
            "def tag(name, *c, cls='', **a):\n    if cls: a = {**a, 'class': cls}\n    return '<' + ' '.join([name] + ['%s=\"%s\"' % p for p in sorted(a.items())]) + '>' + ''.join(c) + f'</{name}>'"
        ],
        ["def tag(name, content='', **attrs):\n    return f'<{name}>{content}</{name}>'"],
    ),
    idiom(
        "partial-and-reduce",
        "`functools.partial` and `reduce` on the student's function",
        "def power(base, exponent):\n    return base ** exponent",
        """
        from functools import partial, reduce
        square = partial(power, exponent=2)
        assert square(7) == 49
        assert reduce(power, [2, 3, 2]) == 64
        """,
        ["power = lambda base, exponent: pow(base, exponent)"],
        ["def power(base, exponent):\n    return base * exponent"],
    ),
    idiom(
        "mutual-recursion-hanoi",
        "a recorded sequence of steps replayed by the test",
        "def hanoi(n, a='A', b='B', c='C'):\n    return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)",
        """
        for n in range(1, 5):
            pegs = {"A": list(range(n, 0, -1)), "B": [], "C": []}
            moves = hanoi(n)
            for a, c in moves:
                disk = pegs[a].pop()
                assert not pegs[c] or pegs[c][-1] > disk, "a larger disk on a smaller one"
                pegs[c].append(disk)
            assert pegs["C"] == list(range(n, 0, -1)) and len(moves) == 2 ** n - 1
        """,
        [
            "def hanoi(n, a='A', b='B', c='C'):\n    if n:\n        yield_ = list(hanoi(n - 1, a, c, b))\n        yield_.append([a, c])\n        yield_.extend(hanoi(n - 1, b, a, c))\n        return yield_\n    return []"
        ],
        ["def hanoi(n, a='A', b='B', c='C'):\n    return [(a, c)] * n"],
    ),
]
