"""Globals and state across cells; answers and tests that change values."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "state, globals and mutation"

IDIOMS = [
    idiom(
        "locked-constants",
        "constants of a locked cell used by the answer and the test",
        "def energy(m):\n    return m * C ** 2",
        "assert energy(2) == 2 * C ** 2\nassert C == 299792458",
        ["energy = lambda mass: mass * pow(C, 2)"],
        ["C = 3\ndef energy(m):\n    return m * C ** 2"],
        before="C = 299792458",
    ),
    idiom(
        "global-counter",
        "a global changed by the student's function (`global`)",
        "counter = 0\ndef tick():\n    global counter\n    counter += 1",
        """
        before = counter
        tick()
        tick()
        assert counter == before + 2
        """,
        ["counter = 5\ndef tick():\n    globals()['counter'] = counter + 1"],
        ["counter = 0\ndef tick():\n    counter = 1"],
    ),
    idiom(
        "test-sets-global",
        "a global set by the test and read by the student's function",
        "rate = 0.2\ndef net(x):\n    return x * (1 - rate)",
        """
        assert abs(net(100) - 80) < 1e-9
        old, rate = rate, 0.5
        assert abs(net(100) - 50) < 1e-9, "use the global rate"
        rate = old
        """,
        ["rate = 0.2\nnet = lambda x: x - rate * x"],
        [
            "rate = 0.2\ndef net(x, r=rate):\n    return x * (1 - r)",
            "rate = 0.2\ndef net(x):\n    return x * 0.8",
        ],
        instead="""
        assert abs(net(100) - 80) < 1e-9
        assert "rate" in net.__code__.co_names, "use the global rate"
        """,
    ),
    idiom(
        "global-container",
        "a global list or dict of the answer, changed by its functions and by the test",
        "stock = {}\ndef add(item, n):\n    stock[item] = stock.get(item, 0) + n",
        """
        stock.clear()
        add("tea", 2)
        add("tea", 3)
        assert stock == {"tea": 5}
        stock["milk"] = 1
        add("milk", 1)
        assert stock["milk"] == 2 and len(stock) == 2
        """,
        [
            "from collections import Counter\nstock = Counter()\ndef add(item, n):\n    stock.update({item: n})"
        ],
        ["stock = {}\ndef add(item, n):\n    stock[item] = n"],
        instead="""
        before = stock.get("tea", 0)
        add("tea", 2)
        add("tea", 3)
        assert stock["tea"] == before + 5
        """,
    ),
    idiom(
        "argument-list-changed",
        "a list argument that must be changed in place (`sort`, `append`, `swap`)",
        "def bubble(a):\n    for i in range(len(a)):\n        for j in range(len(a) - 1 - i):\n            if a[j] > a[j + 1]:\n                a[j], a[j + 1] = a[j + 1], a[j]",
        """
        numbers = [3, 1, 2]
        alias = numbers
        assert bubble(numbers) is None
        assert numbers == [1, 2, 3] and alias is numbers
        """,
        ["def bubble(a):\n    a[:] = sorted(a)", "def bubble(a):\n    a.sort()"],
        ["def bubble(a):\n    a = sorted(a)", "def bubble(a):\n    return sorted(a)"],
    ),
    idiom(
        "argument-not-changed",
        "a list or dict argument that must stay as it was",
        "def with_zero(a):\n    return a + [0]\ndef updated(d, k, v):\n    return {**d, k: v}",
        """
        numbers, table = [1, 2], {"a": 1}
        got = with_zero(numbers)
        assert got == [1, 2, 0] and numbers == [1, 2] and got is not numbers
        assert updated(table, "b", 2) == {"a": 1, "b": 2}
        assert table == {"a": 1}, "the argument was changed"
        """,
        [
            "import copy\ndef with_zero(a):\n    b = copy.copy(a)\n    b.append(0)\n    return b\ndef updated(d, k, v):\n    d = dict(d)\n    d[k] = v\n    return d"
        ],
        [
            "def with_zero(a):\n    a.append(0)\n    return a\ndef updated(d, k, v):\n    d[k] = v\n    return d"
        ],
    ),
    idiom(
        "nested-mutation",
        "nested containers changed in place (a board, a matrix)",
        "def play(board, r, c, mark):\n    board[r][c] = mark\n    return board",
        """
        board = [["", ""], ["", ""]]
        got = play(board, 0, 1, "X")
        assert got is board
        assert board == [["", "X"], ["", ""]]
        """,
        ["def play(board, r, c, mark):\n    row = board[r]\n    row[c] = mark\n    return board"],
        [
            "def play(board, r, c, mark):\n    new = [list(row) for row in board]\n    new[r][c] = mark\n    return new"
        ],
    ),
    idiom(
        "mutable-default",
        "the trap of a mutable default argument",
        "def collect(x, into=None):\n    into = [] if into is None else into\n    into.append(x)\n    return into",
        """
        assert collect(1) == [1]
        assert collect(2) == [2], "the default list is shared"
        mine = []
        assert collect(3, mine) is mine and mine == [3]
        """,
        [
            "def collect(x, into=None):\n    if into is None:\n        return [x]\n    into += [x]\n    return into"
        ],
        ["def collect(x, into=[]):\n    into.append(x)\n    return into"],
    ),
    idiom(
        "shallow-and-deep-copy",
        "the parts of a copy: `is`, `is not`",
        "import copy\ndef shallow(x):\n    return copy.copy(x)\ndef deep(x):\n    return copy.deepcopy(x)",
        """
        original = [[1], [2]]
        a, b = shallow(original), deep(original)
        assert a is not original and a[0] is original[0]
        assert b == original and b[0] is not original[0]
        original[0].append(9)
        assert a[0] == [1, 9] and b[0] == [1]
        """,
        ["def shallow(x):\n    return x[:]\ndef deep(x):\n    return [list(v) for v in x]"],
        ["def shallow(x):\n    return x\ndef deep(x):\n    return x[:]"],
    ),
    idiom(
        "answer-deleted-and-restored",
        "the test hides a helper (`del helper`) to see that the answer uses it",
        "def square(x):\n    return x * x\ndef sum_squares(n):\n    return sum(square(k) for k in range(n + 1))",
        """
        assert sum_squares(3) == 14
        kept = square
        del square
        try:
            sum_squares(3)
        except NameError:
            pass
        else:
            raise AssertionError("sum_squares does not use square")
        finally:
            square = kept
        """,
        [
            "square = lambda v: v ** 2\ndef sum_squares(n):\n    t = 0\n    while n:\n        t, n = t + square(n), n - 1\n    return t"
        ],
        ["def square(x):\n    return x * x\ndef sum_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"],
        instead="""
        import inspect
        assert sum_squares(3) == 14
        assert "square(" in inspect.getsource(sum_squares).split(":", 1)[1], "sum_squares does not use square"
        """,
    ),
    idiom(
        "helper-replaced",
        "the test replaces a helper of the answer by its own",
        "def price(item):\n    return {'tea': 3}[item]\ndef bill(items):\n    return sum(price(i) for i in items)",
        """
        kept = price
        price = lambda item: 10
        try:
            assert bill(["a", "b"]) == 20, "bill must call price"
        finally:
            price = kept
        assert bill(["tea"]) == 3
        """,
        [
            "def price(item):\n    if item == 'tea':\n        return 3\ndef bill(items):\n    total = 0\n    for item in items:\n        total += price(item)\n    return total"
        ],
        ["def price(item):\n    return 3\ndef bill(items):\n    return 3 * len(items)"],
        instead="""
        import inspect
        assert bill(["tea", "tea"]) == 6
        assert "price(" in inspect.getsource(bill), "bill must call price"
        """,
    ),
    idiom(
        "environment",
        "`os.environ` set by the test and read by the answer",
        "import os\ndef token():\n    return os.environ.get('API_TOKEN', 'none')",
        """
        import os
        from unittest.mock import patch
        with patch.dict(os.environ, {"API_TOKEN": "abc"}):
            assert token() == "abc"
        os.environ.pop("API_TOKEN", None)
        assert token() == "none"
        """,
        ["from os import getenv\ndef token():\n    return getenv('API_TOKEN') or 'none'"],
        ["def token():\n    return 'abc'"],
    ),
    idiom(
        "working-folder",
        "`os.chdir` by the test, relative paths in the answer",
        "import os\ndef here():\n    return os.path.basename(os.getcwd())",
        """
        import os
        os.makedirs("work_here", exist_ok=True)
        old = os.getcwd()
        os.chdir("work_here")
        try:
            assert here() == "work_here"
        finally:
            os.chdir(old)
        """,
        ["from pathlib import Path\nhere = lambda: Path.cwd().name"],
        ["def here():\n    return '.'"],
    ),
    idiom(
        "command-line-arguments",
        "`sys.argv` set by the test",
        "import sys\ndef main():\n    return [a.upper() for a in sys.argv[1:]]",
        """
        import sys
        from unittest.mock import patch
        with patch.object(sys, "argv", ["prog", "a", "b"]):
            assert main() == ["A", "B"]
        """,
        ["import sys\ndef main():\n    _, *rest = sys.argv\n    return list(map(str.upper, rest))"],
        ["def main():\n    return ['A']"],
    ),
]
