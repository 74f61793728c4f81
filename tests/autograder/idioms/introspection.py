"""Tests that look at the student's code rather than at what it does."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "introspection"

TOTAL = """
    def total(numbers: list, start: int = 0) -> int:
        "Add the numbers up."
        result = start
        for x in numbers:
            result += x
        return result
"""
TOTAL_OTHER = """
    def total(numbers: list[int], start: int = 0) -> int:
        '''Return the sum of numbers.'''
        for number in numbers:
            start = start + number
        return start
"""
TOTAL_SUM = "def total(numbers, start=0):\n    return sum(numbers, start)"

IDIOMS = [
    idiom(
        "source-has-no-builtin",
        "`inspect.getsource(f)`: a forbidden call is not in it",
        TOTAL,
        """
        import inspect
        source = inspect.getsource(total)
        assert "sum(" not in source, "write the loop yourself"
        assert "for" in source
        assert total([1, 2]) == 3
        """,
        [TOTAL_OTHER],
        [TOTAL_SUM],
    ),
    idiom(
        "ast-of-source",
        "the syntax tree of `inspect.getsource(f)` walked (`ast.For`, `ast.While`, `ast.Call`)",
        TOTAL,
        """
        import ast, inspect, textwrap
        tree = ast.parse(textwrap.dedent(inspect.getsource(total)))
        loops = [n for n in ast.walk(tree) if isinstance(n, (ast.For, ast.While))]
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
        assert len(loops) == 1, "one loop"
        assert not calls, "no calls"
        """,
        [TOTAL_OTHER],
        [TOTAL_SUM],
    ),
    idiom(
        "signature",
        "`inspect.signature(f)`: names, defaults, their number",
        TOTAL,
        """
        import inspect
        signature = inspect.signature(total)
        assert list(signature.parameters) == ["numbers", "start"]
        assert signature.parameters["start"].default == 0
        assert len(signature.parameters) == 2
        assert inspect.getfullargspec(total).args == ["numbers", "start"]
        """,
        [TOTAL_OTHER, TOTAL_SUM],
        ["def total(x, y):\n    return sum(x)"],
    ),
    idiom(
        "docstring-present",
        "`f.__doc__`, `f.__name__`",
        TOTAL,
        """
        import inspect
        assert total.__doc__ is not None and len(total.__doc__) > 5, "write a docstring"
        assert total.__name__ == "total"
        assert inspect.getdoc(total)
        """,
        [TOTAL_OTHER],
        [TOTAL_SUM],
    ),
    idiom(
        "annotations",
        "`f.__annotations__`, `typing.get_type_hints`",
        "def scale(x: float, k: int = 2) -> float:\n    return k * x",
        """
        import typing
        assert scale.__annotations__["x"] is float
        assert scale.__annotations__.get("return") == float
        hints = typing.get_type_hints(scale)
        assert hints == {"x": float, "k": int, "return": float}
        """,
        ["def scale(x: float, k: int = 1) -> float:\n    r: float = x * k\n    return r"],
        ["def scale(x, k=2):\n    return k * x", "def scale(x: int, k: int = 2) -> float:\n    return k * x"],
    ),
    idiom(
        "code-object",
        "`f.__code__.co_varnames`, `co_argcount`, `co_names`, `f.__defaults__`",
        TOTAL,
        """
        assert total.__code__.co_argcount == 2
        assert total.__code__.co_varnames[:2] == ("numbers", "start")
        assert "sum" not in total.__code__.co_names
        assert total.__defaults__ == (0,)
        """,
        [TOTAL_OTHER],
        [TOTAL_SUM],
    ),
    idiom(
        "callable-and-function-type",
        "`callable(f)`, `type(f) is types.FunctionType`, `inspect.isfunction`",
        TOTAL,
        """
        import inspect, types
        assert callable(total)
        assert inspect.isfunction(total) and isinstance(total, types.FunctionType)
        assert type(total).__name__ == "function"
        """,
        [TOTAL_SUM, "total = lambda numbers: sum(numbers)"],
        ["total = 5", "class total:\n    pass"],
    ),
    idiom(
        "lambda-required",
        "the answer is a lambda (`f.__name__ == '<lambda>'`)",
        "double = lambda x: 2 * x",
        "assert double.__name__ == '<lambda>', 'use a lambda'\nassert double(4) == 8",
        ["double = (lambda number: number + number)"],
        ["def double(x):\n    return 2 * x"],
    ),
    idiom(
        "class-members",
        "`dir(cls)`, `inspect.getmembers`, `cls.__dict__`, methods' names",
        "class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n        self.items.append(x)\n    def pop(self):\n        return self.items.pop()",
        """
        import inspect
        assert {"push", "pop"} <= set(dir(Stack))
        assert "push" in Stack.__dict__
        methods = [name for name, _ in inspect.getmembers(Stack, inspect.isfunction)]
        assert "pop" in methods and "__init__" in methods
        assert inspect.isclass(Stack)
        """,
        [
            "class Stack(object):\n    limit = 9\n    def __init__(self, *items):\n        self.items = list(items)\n    push = lambda self, x: self.items.append(x)\n    def pop(self):\n        return self.items.pop(-1)"
        ],
        ["class Stack(list):\n    push = list.append"],
    ),
    idiom(
        "ipython-history",
        "the answer cell's text by IPython's `In[-1]` or `_ih`",
        "numbers = [n for n in range(10) if n % 2]",
        """
        source = "".join(In)
        assert "numbers" in source
        assert " for " in source, "use a comprehension"
        assert numbers == [1, 3, 5, 7, 9]
        """,
        ["numbers = list(n for n in range(1, 10, 2))"],
        ["numbers = [1, 3, 5, 7]"],
    ),
    idiom(
        "caller-frame",
        "a helper that looks the names up in its caller's frame",
        "speed = 12.5",
        """
        import inspect
        def defined(name):
            assert name in inspect.currentframe().f_back.f_globals, f"{name} is not defined"
        defined("speed")
        assert speed == 12.5
        """,
        ["speed = 25 / 2"],
        ["velocity = 12.5"],
    ),
    idiom(
        "globals-lookup",
        "names looked up by `globals()[name]`, `globals().get(name)`, `eval(name)`",
        "alpha, beta = 1, 2",
        """
        for name, expected in [("alpha", 1), ("beta", 2)]:
            assert name in globals(), name
            assert globals()[name] == expected
            assert eval(name) == expected
        assert globals().get("gamma") is None
        """,
        ["beta = 2.0\nalpha = True"],
        ["alpha = 1", "alpha, beta = 2, 1"],
    ),
]
