"""async functions, threads."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "async and threads"

GATHER = "import asyncio\nasync def double(x):\n    await asyncio.sleep(0)\n    return 2 * x\nasync def all_doubled(a):\n    return await asyncio.gather(*(double(x) for x in a))"

IDIOMS = [
    idiom(
        "top-level-await",
        "`await f()` at the top of the test cell",
        GATHER,
        "assert await double(4) == 8\nassert list(await all_doubled([1, 2])) == [2, 4]",
        [
            "async def double(x):\n    return x + x\nasync def all_doubled(a):\n    return [await double(x) for x in a]"
        ],
        ["def double(x):\n    return 2 * x\ndef all_doubled(a):\n    return a"],
    ),
    idiom(
        "coroutine-function",
        "`inspect.iscoroutinefunction`, `asyncio.iscoroutine`",
        GATHER,
        """
        import inspect
        assert inspect.iscoroutinefunction(double)
        c = double(1)
        assert inspect.iscoroutine(c)
        c.close()
        """,
        ["async def double(x):\n    return x + x"],
        ["def double(x):\n    return 2 * x"],
    ),
    idiom(
        "asyncio-in-thread",
        "`asyncio.run(f())` in a thread of its own, as the kernel's loop is running",
        GATHER,
        """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(asyncio.run, double(3)).result() == 6
            assert list(pool.submit(lambda: asyncio.run(all_doubled([1, 2]))).result()) == [2, 4]
        """,
        ["async def double(x):\n    return x * 2\nasync def all_doubled(a):\n    return [2 * x for x in a]"],
        ["async def double(x):\n    return x\nasync def all_doubled(a):\n    return a"],
    ),
    idiom(
        "async-generator",
        "`async for` over the student's async generator",
        "async def ticks(n):\n    for k in range(n):\n        yield k",
        "got = [k async for k in ticks(3)]\nassert got == [0, 1, 2]",
        [
            "import asyncio\nasync def ticks(n):\n    k = 0\n    while k < n:\n        await asyncio.sleep(0)\n        yield k\n        k += 1"
        ],
        ["async def ticks(n):\n    yield n"],
    ),
    idiom(
        "threads-shared-counter",
        "threads of the test call the student's object at the same time",
        "import threading\nclass Counter:\n    def __init__(self):\n        self.n = 0\n        self.lock = threading.Lock()\n    def add(self):\n        with self.lock:\n            self.n += 1",
        """
        import threading
        counter = Counter()
        threads = [threading.Thread(target=lambda: [counter.add() for _ in range(20)]) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert counter.n == 80
        """,
        [
            "import itertools\nclass Counter:\n    def __init__(self):\n        self.c = itertools.count(1)\n        self.n = 0\n    def add(self):\n        self.n = next(self.c)"
        ],
        ["class Counter:\n    n = 0\n    def add(self):\n        self.n = 1"],
    ),
    idiom(
        "answer-uses-threads",
        "the answer itself uses a pool of threads",
        "from concurrent.futures import ThreadPoolExecutor\ndef parallel(f, a):\n    with ThreadPoolExecutor(2) as pool:\n        return list(pool.map(f, a))",
        """
        assert parallel(abs, [-1, 2, -3]) == [1, 2, 3]
        assert parallel(lambda x: x * x, [1, 2, 3]) == [1, 4, 9]
        """,
        [
            "import threading\ndef parallel(f, a):\n    out = [None] * len(a)\n    def work(k):\n        out[k] = f(a[k])\n    ts = [threading.Thread(target=work, args=(k,)) for k in range(len(a))]\n    [t.start() for t in ts]\n    [t.join() for t in ts]\n    return out"
        ],
        ["def parallel(f, a):\n    return a"],
    ),
]
