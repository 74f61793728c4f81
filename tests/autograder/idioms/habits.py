"""What tests of public courses set, count or measure around a call."""

# ruff: noqa: E501 - each answer is one string

from textwrap import dedent

from tests.autograder.idioms.idiom import idiom

GROUP = "around a call"

DEPTH = "def depth(n):\n    return 0 if n == 0 else 1 + depth(n - 1)"
SHAPES = """
    from dataclasses import dataclass
    @dataclass
    class Circle:
        radius: float
    @dataclass
    class Box:
        width: float
        height: float
"""

SCENE = dedent(SHAPES).strip() + "\n"

IDIOMS = [
    idiom(
        "vars-lookup",
        "`'x' in vars()`, `x is not ...`",
        "squares = [n * n for n in range(5)]",
        "assert 'squares' in vars()\nassert squares is not ...\nassert squares is not None and len(squares) == 5\nassert vars()['squares'][4] == 16",
        ["squares = list(map(lambda n: n ** 2, range(5)))"],
        ["squares = ...", "sqares = [0, 1, 4, 9, 16]"],
    ),
    idiom(
        "comparison-last",
        "a comparison as the last line, whose value is no score",
        "def interest(sum, rate):\n    return round(sum * (1 + rate), 2)",
        "assert interest(100, 0.1) > 109\nassert interest(100, 0.1) < 111\ninterest(200, 0.5) == 300",
        ["def interest(sum, rate):\n    return round(sum + sum * rate, 2)"],
        ["def interest(sum, rate):\n    return sum * rate"],
    ),
    idiom(
        "eval-and-exec",
        "`eval('f(3)')`, `exec('result = f(3)')`",
        "def double(x):\n    return 2 * x",
        "assert eval('double(3)') == 6\nexec('result = double(4)')\nassert result == 8\nfor name in ['double']:\n    assert callable(eval(name))",
        ["double = lambda x: x + x"],
        ["def double(x):\n    return x ** 2"],
    ),
    idiom(
        "time-magic",
        "`%%time` at the top of the test cell, `%timeit -o` in it",
        "def total(n):\n    return n * (n - 1) // 2",
        "%%time\nresult = total(10_000)\nassert result == sum(range(10_000))\nmeasured = %timeit -o -q -n 1 -r 1 total(10)\nassert measured.best < 5",
        ["def total(n):\n    return sum(range(n))"],
        ["def total(n):\n    return n * n // 2"],
    ),
    idiom(
        "expected-pickled",
        "expected values in a pickle that lies beside the notebook",
        "def table(n):\n    return [[i * j for j in range(n)] for i in range(n)]",
        "import pickle\nwith open('expected.pkl', 'rb') as file:\n    expected = pickle.load(file)\nassert table(2) == expected",
        [
            "def table(n):\n    rows = []\n    for i in range(n):\n        rows.append([i * j for j in range(n)])\n    return rows"
        ],
        ["def table(n):\n    return [[0] * n] * n"],
        files=(("expected.pkl", "(lp0\n(lp1\nI0\naI0\naa(lp2\nI0\naI1\naa."),),
    ),
    idiom(
        "check-package",
        "a package of checks in a folder beside the notebook",
        "def middle(text):\n    return text[1:-1]",
        "from checks.cases import Check\ncheck = Check()\ncheck.run(middle('abcd'), 'middle', 'look at the ends')",
        ["def middle(text):\n    return ''.join(list(text)[1:len(text) - 1])"],
        ["def middle(text):\n    return text[1:]"],
        files=(
            ("checks/__init__.py", ""),
            ("checks/expected.json", '{"middle": "bc"}'),
            (
                "checks/cases.py",
                "import json\nimport pathlib\n\n\nclass Check:\n    def run(self, got, name, words):\n"
                "        path = pathlib.Path(__file__).with_name('expected.json')\n"
                "        expected = json.loads(path.read_text())[name]\n        assert got == expected, words\n",
            ),
        ),
    ),
    idiom(
        "recursion-limit",
        "`sys.setrecursionlimit` raised for a deep recursion",
        DEPTH,
        "import sys\nlimit = sys.getrecursionlimit()\nsys.setrecursionlimit(20_000)\ntry:\n    assert depth(5000) == 5000\nfinally:\n    sys.setrecursionlimit(limit)",
        ["def depth(n):\n    if n:\n        return depth(n - 1) + 1\n    return 0"],
        ["def depth(n):\n    return 1 if n == 0 else 1 + depth(n - 1)"],
    ),
    idiom(
        "decimal-context",
        "`decimal.getcontext().prec` set before the call",
        "from decimal import Decimal\ndef third():\n    return Decimal(1) / Decimal(3)",
        "import decimal\ndecimal.getcontext().prec = 6\nassert str(third()) == '0.333333'\nwith decimal.localcontext() as context:\n    context.prec = 3\n    assert str(third()) == '0.333'",
        ["import decimal\ndef third():\n    return decimal.Decimal('1') / 3"],
        ["def third():\n    return 1 / 3"],
    ),
    idiom(
        "numpy-errors",
        "`np.errstate(divide='raise')` around the call",
        "def ratio(a, b):\n    return np.where(b == 0, 0, a / np.where(b == 0, 1, b))",
        "with np.errstate(all='raise'):\n    got = ratio(np.array([1.0, 2.0]), np.array([0.0, 4.0]))\nassert got.tolist() == [0, 0.5]",
        [
            "def ratio(a, b):\n    out = np.zeros_like(a)\n    np.divide(a, b, out=out, where=b != 0)\n    return out"
        ],
        ["def ratio(a, b):\n    return np.nan_to_num(a / b, posinf=0)"],
        before="import numpy as np",
    ),
    idiom(
        "print-options",
        "`np.set_printoptions` before the output is compared",
        "def show(x):\n    print(x)",
        "import io\nfrom contextlib import redirect_stdout\nnp.set_printoptions(precision=2)\nbuffer = io.StringIO()\nwith redirect_stdout(buffer):\n    show(np.array([1 / 3, 2 / 3]))\nassert buffer.getvalue() == '[0.33 0.67]\\n'",
        ["def show(x):\n    print(str(x))"],
        ["def show(x):\n    print(x.tolist())"],
        before="import numpy as np",
    ),
    idiom(
        "pandas-options",
        "`pd.option_context` around the output that is compared",
        "import pandas as pd\ndef show(frame):\n    print(frame)",
        "import io\nfrom contextlib import redirect_stdout\nbuffer = io.StringIO()\nwith redirect_stdout(buffer), pd.option_context('display.precision', 1, 'display.max_rows', 4):\n    show(pd.DataFrame({'x': [1 / 3] * 9}))\nlines = buffer.getvalue().splitlines()\nassert lines[1] == '0   0.3' and lines[3] == '..  ...'",
        ["import pandas as pd\ndef show(frame):\n    print(str(frame))"],
        ["def show(frame):\n    print(frame.to_string())"],
        before="import pandas as pd",
    ),
    idiom(
        "logs-caught",
        "`assertLogs` around the call",
        "import logging\ndef load(name):\n    logging.getLogger('app').warning('no %s', name)",
        "import logging, unittest\ncase = unittest.TestCase()\nwith case.assertLogs('app', level='WARNING') as caught:\n    load('x.csv')\nassert caught.output == ['WARNING:app:no x.csv']",
        [
            "from logging import getLogger\nlog = getLogger('app')\ndef load(name):\n    log.warning(f'no {name}')"
        ],
        ["def load(name):\n    print('no', name)"],
    ),
    idiom(
        "logs-handled",
        "a handler of the test's on a logger, `setLevel` and `assertNoLogs`",
        "import logging\nlog = logging.getLogger('shop.till')\ndef pay(sum):\n    log.info('paid %d', sum)\n    if sum > 99:\n        log.warning('large: %d', sum)",
        "import logging, unittest\nclass Kept(logging.Handler):\n    def __init__(self):\n        super().__init__()\n        self.records = []\n    def emit(self, record):\n        self.records.append(record)\nkept, shop = Kept(), logging.getLogger('shop')\nshop.addHandler(kept)\nshop.setLevel('INFO')\ntry:\n    pay(100)\nfinally:\n    shop.removeHandler(kept)\n    shop.setLevel('NOTSET')\nassert [(r.levelname, r.getMessage()) for r in kept.records] == [('INFO', 'paid 100'), ('WARNING', 'large: 100')]\nwith unittest.TestCase().assertNoLogs('shop', 'WARNING'):\n    pay(3)",
        [
            "import logging\ndef pay(sum):\n    log = logging.getLogger('shop.till')\n    log.info(f'paid {sum}')\n    if sum >= 100:\n        log.warning('large: ' + str(sum))"
        ],
        [
            "import logging\nlog = logging.getLogger('shop.till')\ndef pay(sum):\n    log.info('paid %d', sum)\n    log.warning('large: %d', sum)"
        ],
    ),
    idiom(
        "doctest-in-the-test",
        "doctest examples in a docstring of the test",
        "def square(x):\n    return x * x",
        "import doctest\ndef examples():\n    '''\n    >>> square(3)\n    9\n    >>> [square(x) for x in (0, -1)]\n    [0, 1]\n    '''\ntest = doctest.DocTestParser().get_doctest(examples.__doc__, {'square': square}, 'q1', None, None)\nassert doctest.DocTestRunner(verbose=False).run(test) == (0, 2)",
        ["square = lambda x: x ** 2"],
        ["def square(x):\n    return x + x", "def square(x):\n    print(x * x)"],
    ),
    idiom(
        "size-of-generator",
        "`sys.getsizeof`: a generator is smaller than a list",
        "def evens(n):\n    return (i for i in range(0, n, 2))",
        "import sys\nassert sys.getsizeof(evens(100_000)) < 1000\nassert sum(evens(10)) == 20",
        ["def evens(n):\n    for i in range(n):\n        if i % 2 == 0:\n            yield i"],
        ["def evens(n):\n    return list(range(0, n, 2))"],
    ),
    idiom(
        "random-instance-given",
        "a `random.Random(5)` of the test passed to the function",
        "def draw(rng, n):\n    return [rng.randint(1, 6) for _ in range(n)]",
        "import random\nassert draw(random.Random(5), 8) == [random.Random(5).randint(1, 6)] + draw(random.Random(5), 8)[1:]\nrng, own = random.Random(3), random.Random(3)\nassert draw(rng, 4) == [own.randint(1, 6) for _ in range(4)]\nassert rng.random() == own.random()",
        [
            "def draw(rng, n):\n    result = []\n    while len(result) < n:\n        result.append(rng.randint(1, 6))\n    return result"
        ],
        ["import random\ndef draw(rng, n):\n    return [random.randint(1, 6) for _ in range(n)]"],
    ),
    idiom(
        "random-state-given",
        "a `np.random.RandomState(5)` passed to the function, and one that it returns",
        "import numpy as np\ndef rolls(rng, n):\n    return rng.randint(1, 7, size=n)\ndef made(seed):\n    return np.random.RandomState(seed)",
        "rng, own = np.random.RandomState(5), np.random.RandomState(5)\nassert rolls(rng, 6).tolist() == own.randint(1, 7, size=6).tolist()\nassert rng.normal() == own.normal()\nassert isinstance(made(5), np.random.RandomState)\nassert made(5).normal() == np.random.RandomState(5).normal()",
        [
            "from numpy.random import RandomState\ndef rolls(rng, n):\n    return rng.randint(1, 7, n)\ndef made(seed):\n    rng = RandomState()\n    rng.seed(seed)\n    return rng"
        ],
        [
            "def rolls(rng, n):\n    return np.random.randint(1, 7, n)\ndef made(seed):\n    return np.random.default_rng(seed)"
        ],
        before="import numpy as np",
    ),
    idiom(
        "match-class",
        "`match` with the student's classes as patterns",
        SHAPES,
        "def area(shape):\n    match shape:\n        case Circle(radius=r):\n            return 3 * r * r\n        case Box(width, height):\n            return width * height\n    raise TypeError(shape)\nassert area(Circle(2)) == 12\nassert area(Box(2, 5)) == 10",
        [
            "class Circle:\n    __match_args__ = ('radius',)\n    def __init__(self, radius):\n        self.radius = radius\nclass Box:\n    __match_args__ = ('width', 'height')\n    def __init__(self, width, height):\n        self.width, self.height = width, height"
        ],
        [
            "class Circle:\n    def __init__(self, r):\n        self.r = r\nclass Box(Circle):\n    def __init__(self, a, b):\n        self.width = a"
        ],
    ),
    idiom(
        "match-parts",
        "`match` on lists, dictionaries and numbers with the student's objects in them",
        SCENE + "def scene():\n    return {'name': 'a', 'shapes': [Circle(2), Box(2, 5), Box(1, 1)]}",
        "match scene():\n    case {'name': str(name), 'shapes': [Circle(radius=2), Box(width, _), *rest]}:\n        assert (name, width, len(rest)) == ('a', 2, 1)\n    case other:\n        assert False, other",
        [
            SCENE
            + "def scene():\n    shapes = tuple([Circle(2), Box(2, height=5)] + [Box(1, 1)])\n    return dict(shapes=shapes, name='a')"
        ],
        [
            SCENE + "def scene():\n    return {'name': 'a', 'shapes': [Circle(3), Box(2, 5), Box(1, 1)]}",
            SCENE + "def scene():\n    return {'name': 'a', 'shapes': [Box(2, 5), Circle(2), Box(1, 1)]}",
        ],
    ),
    idiom(
        "match-own-sequence",
        "`match` of the student's own `Sequence` as a sequence",
        "from collections.abc import Sequence\nclass Row(Sequence):\n    def __init__(self, *cells):\n        self.cells = cells\n    def __len__(self):\n        return len(self.cells)\n    def __getitem__(self, place):\n        return self.cells[place]",
        "match Row(1, 2, 3):\n    case [first, *rest]:\n        assert (first, rest) == (1, [2, 3])\n    case _:\n        assert False, 'no sequence'",
        ["class Row(list):\n    def __init__(self, *cells):\n        super().__init__(cells)"],
        [
            "class Row:\n    def __init__(self, *cells):\n        self.cells = cells\n    def __len__(self):\n        return len(self.cells)\n    def __getitem__(self, place):\n        return self.cells[place]"
        ],
    ),
    idiom(
        "match-given-class",
        "`match` with a class of a locked cell on what the student's code gives",
        "def item(price):\n    return Item('tea', price)",
        "match item(3):\n    case Item(name='tea', price=price):\n        assert price == 3\n    case _:\n        assert False",
        ["class Tea(Item):\n    pass\ndef item(price):\n    return Tea('tea', price)"],
        ["class Thing:\n    name, price = 'tea', 3\ndef item(price):\n    return Thing()"],
        before="class Item:\n    def __init__(self, name, price):\n        self.name, self.price = name, price",
    ),
    idiom(
        "runtime-protocol",
        "`isinstance` of a `typing.Protocol` of the test",
        "class Duck:\n    def quack(self):\n        return 'quack'",
        "from typing import Protocol, runtime_checkable\n@runtime_checkable\nclass Quacks(Protocol):\n    def quack(self): ...\nassert isinstance(Duck(), Quacks)\nassert Duck().quack() == 'quack'",
        ["class Bird:\n    def quack(self):\n        return 'quack'\nclass Duck(Bird):\n    pass"],
        ["class Duck:\n    def bark(self):\n        return 'quack'"],
    ),
    idiom(
        "singledispatch",
        "`functools.singledispatch`: `f.register` and `f.dispatch` in the test",
        "from functools import singledispatch\n@singledispatch\ndef show(x):\n    return 'any'\n@show.register\ndef _(x: int):\n    return 'int'",
        "assert show(3) == 'int' and show('a') == 'any'\nassert show.dispatch(int)(3) == 'int'\nassert show.dispatch(int) is not show.dispatch(str)",
        [
            "from functools import singledispatch\n@singledispatch\ndef show(x):\n    return 'any'\nshow.register(int, lambda x: 'int')"
        ],
        ["def show(x):\n    return 'int' if isinstance(x, int) else 'any'"],
    ),
    idiom(
        "calls-traced",
        "`sys.setprofile`: calls of the student's functions counted",
        DEPTH,
        "import sys\nseen = []\ndef watch(frame, event, argument):\n    if event == 'call' and frame.f_code.co_name == 'depth':\n        seen.append(frame.f_locals.get('n'))\nsys.setprofile(watch)\ntry:\n    result = depth(3)\nfinally:\n    sys.setprofile(None)\nassert result == 3\nassert seen == [3, 2, 1, 0]",
        ["def depth(n):\n    if n:\n        return depth(n - 1) + 1\n    return 0"],
        ["def depth(n):\n    return n"],
        instead="inner, seen = depth, []\ndef depth(n):\n    seen.append(n)\n    return inner(n)\ntry:\n    assert depth(3) == 3\nfinally:\n    depth = inner\nassert seen == [3, 2, 1, 0]",
    ),
    idiom(
        "itemgetter-attrgetter",
        "`operator.attrgetter` on the student's objects, `sorted` by it",
        "class Song:\n    def __init__(self, title, year):\n        self.title, self.year = title, year",
        "from operator import attrgetter\nsongs = [Song('b', 2001), Song('a', 1999), Song('c', 2001)]\nassert [s.title for s in sorted(songs, key=attrgetter('year', 'title'))] == ['a', 'b', 'c']\nassert max(songs, key=attrgetter('title')).year == 2001",
        ["from dataclasses import dataclass\n@dataclass\nclass Song:\n    title: str\n    year: int"],
        ["class Song:\n    def __init__(self, title, year):\n        self.title, self.year = year, title"],
    ),
]
