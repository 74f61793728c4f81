"""Mocks and spies."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "mocks"

IDIOMS = [
    idiom(
        "mock-argument",
        "a `Mock` passed as an argument, its calls checked",
        "def notify(users, send):\n    for user in users:\n        send(user, 'hello')",
        """
        from unittest.mock import Mock, call
        send = Mock()
        notify(["ada", "bob"], send)
        assert send.call_count == 2
        send.assert_any_call("ada", "hello")
        assert send.call_args_list == [call("ada", "hello"), call("bob", "hello")]
        """,
        ["def notify(users, send):\n    list(map(lambda u: send(u, 'hello'), users))"],
        ["def notify(users, send):\n    send(users, 'hello')"],
    ),
    idiom(
        "mock-object",
        "a `MagicMock` as an object with methods and return values",
        "def report(store):\n    return f'{store.count()} items in {store.name}'",
        """
        from unittest.mock import MagicMock
        store = MagicMock()
        store.count.return_value = 3
        store.name = "cellar"
        assert report(store) == "3 items in cellar"
        store.count.assert_called_once_with()
        """,
        ["def report(store):\n    n = store.count()\n    return str(n) + ' items in ' + store.name"],
        ["def report(store):\n    return '3 items in cellar'"],
    ),
    idiom(
        "spy-function",
        "a function of the test that records its calls in a list",
        "def apply_all(functions, x):\n    return [f(x) for f in functions]",
        """
        seen = []
        def spy(x):
            seen.append(x)
            return x + 1
        assert apply_all([spy, spy, abs], -2) == [-1, -1, 2]
        assert seen == [-2, -2]
        """,
        ["def apply_all(functions, x):\n    return list(map(lambda f: f(x), functions))"],
        ["def apply_all(functions, x):\n    return [functions[0](x)] * len(functions)"],
    ),
    idiom(
        "stub-class",
        "a stub class of the test passed to the answer",
        "def total_area(shapes):\n    return sum(s.area() for s in shapes if s.visible)",
        """
        class Stub:
            def __init__(self, a, visible=True):
                self.a, self.visible, self.asked = a, visible, 0
            def area(self):
                self.asked += 1
                return self.a
        shapes = [Stub(2), Stub(5, False), Stub(1.5)]
        assert total_area(shapes) == 3.5
        assert [s.asked for s in shapes] == [1, 0, 1]
        """,
        [
            "def total_area(shapes):\n    total = 0\n    for shape in filter(lambda s: s.visible, shapes):\n        total += shape.area()\n    return total"
        ],
        ["def total_area(shapes):\n    return sum(s.area() for s in shapes)"],
    ),
    idiom(
        "patch-notebook-function",
        "`mock.patch('__main__.helper')` of a function of the notebook",
        "def fetch(city):\n    raise OSError('no network')\ndef advice(city):\n    return 'umbrella' if fetch(city) > 0.5 else 'hat'",
        """
        from unittest.mock import patch
        with patch("__main__.fetch", return_value=0.9) as fake:
            assert advice("Oslo") == "umbrella"
            fake.assert_called_once_with("Oslo")
        with patch("__main__.fetch", return_value=0.1):
            assert advice("Rome") == "hat"
        """,
        [
            "def fetch(city):\n    raise OSError\ndef advice(city):\n    rain = fetch(city)\n    if rain > 0.5:\n        return 'umbrella'\n    return 'hat'"
        ],
        ["def fetch(city):\n    return 0.5\ndef advice(city):\n    return 'umbrella'"],
    ),
    idiom(
        "patch-object-method",
        "`mock.patch.object(Class, 'method')` on the student's class",
        "class Sensor:\n    def read(self):\n        return 20\n    def warm(self):\n        return self.read() > 25",
        """
        from unittest.mock import patch
        assert Sensor().warm() is False
        with patch.object(Sensor, "read", return_value=30):
            assert Sensor().warm() is True
        """,
        [
            "class Sensor:\n    limit = 25\n    def read(self):\n        return 1\n    def warm(self):\n        return self.limit < self.read()"
        ],
        ["class Sensor:\n    def read(self):\n        return 20\n    def warm(self):\n        return False"],
        instead="""
        assert Sensor().warm() is False
        sensor = Sensor()
        sensor.read = lambda: 30
        assert sensor.warm() is True
        """,
    ),
    idiom(
        "patch-library-function",
        "`mock.patch('requests.get')` or another library's function",
        "import urllib.request, json\ndef stars(name):\n    with urllib.request.urlopen('https://example.org/' + name) as r:\n        return json.loads(r.read())['stars']",
        """
        from unittest.mock import MagicMock, patch
        reply = MagicMock()
        reply.__enter__.return_value.read.return_value = b'{"stars": 7}'
        with patch("urllib.request.urlopen", return_value=reply) as fake:
            assert stars("x") == 7
        assert fake.call_args[0][0].endswith("/x")
        """,
        [
            "from urllib import request\nimport json\ndef stars(name):\n    with request.urlopen('https://example.org/api/' + name) as r:\n        text = r.read().decode()\n    return json.loads(text)['stars']"
        ],
        ["def stars(name):\n    return 7"],
    ),
    idiom(
        "patch-math",
        "a library's function patched to see that the answer does not call it",
        "def root(x):\n    y = x\n    for _ in range(60):\n        y = (y + x / y) / 2\n    return y",
        """
        import math
        from unittest.mock import patch
        with patch("math.sqrt", side_effect=AssertionError("do not use math.sqrt")):
            assert abs(root(2) - 1.41421356) < 1e-6
        """,
        ["def root(x):\n    return x ** 0.5"],
        ["import math\ndef root(x):\n    return math.sqrt(x)"],
    ),
    idiom(
        "builtin-shadowed",
        "a built-in shadowed in the notebook so that the answer cannot use it",
        "def total(a):\n    t = 0\n    for x in a:\n        t += x\n    return t",
        """
        def sum(*_):
            raise AssertionError("do not use sum")
        try:
            assert total([1, 2, 3]) == 6
        finally:
            del sum
        """,
        ["from functools import reduce\ndef total(a):\n    return reduce(lambda x, y: x + y, a, 0)"],
        ["def total(a):\n    return sum(a)"],
    ),
    idiom(
        "builtin-patched",
        "`mock.patch('builtins.sorted')`: a forbidden built-in raises",
        "def order(a):\n    a = list(a)\n    for i in range(1, len(a)):\n        while i and a[i - 1] > a[i]:\n            a[i - 1], a[i] = a[i], a[i - 1]\n            i -= 1\n    return a",
        """
        from unittest.mock import patch
        with patch("builtins.sorted", side_effect=RuntimeError("sorted is not allowed")):
            assert order([3, 1, 2]) == [1, 2, 3]
        """,
        [
            "def order(a):\n    return [] if not a else order([x for x in a[1:] if x < a[0]]) + [a[0]] + order([x for x in a[1:] if x >= a[0]])"
        ],
        ["def order(a):\n    return sorted(a)"],
    ),
]
