"""Values that cannot cross: for a person where the solution's cannot either, else a failure."""

# ruff: noqa: E501 - each submission is one string

import pytest

LIST = "def f(n): return list(range(n))"
DEEP = """
def nest(n):
    value = []
    for _ in range(n):
        value = [value]
    return value
def depth(value): return 1 + max(map(depth, value), default=0)
"""
LIMITS = {
    "value_items": 1000, "value_depth": 20, "value_bytes": 20_000, "output_bytes": 20_000,
    "call_seconds": 20, "question_seconds": 30,
}  # fmt: skip
AS_THE_SOLUTION = {
    "a result with too many elements": (LIST, "assert len(f(2000)) == 2000"),
    "a result that is too deep": (DEEP, "assert depth(nest(30)) == 31"),
    "a result that is too large": ("def f(n): return 'a' * n", "assert len(f(30_000)) == 30_000"),
    "a test's own value that is too large": ("def f(x): return len(x)", "assert f([0] * 2000) == 2000"),
    "a test's own value that is too deep": (
        DEEP,
        "value = []\nfor _ in range(30): value = [value]\nassert depth(value) == 31",
    ),
    "what the test's function gives": (
        "def f(g): return len(g(2000))",
        "assert f(lambda n: [0] * n) == 2000",
    ),
    "what the test's function gets": ("def f(g): return g([0] * 2000)", "assert f(lambda x: len(x)) == 2000"),
    "an argument that grows": (
        "def f(x): x.extend([0] * 2000)",
        "x = [1]\nf(x)\nassert len(x) == 2001",
    ),
    "what is printed": (
        "def f(n): print('x' * n)",
        "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f(30_000)\nassert len(out.getvalue()) == 30_001",
    ),
    "a value that contains itself": (
        "def f():\n    a = []\n    a.append(a)\n    return a",
        "assert len(f()) == 1",
    ),
    "calls within one another": (
        "def f(g, n): return n if n == 0 else g(f, n - 1)",
        "def g(f, n): return 1 + f(g, n)\nassert f(g, 250) == 250",
    ),
}
AT_FAULT = {
    "too many elements": (LIST, "assert len(f(20)) == 20", "def f(n): return list(range(100 * n))"),
    "too deep": (DEEP, "assert depth(nest(3)) == 4", DEEP.replace("range(n)", "range(30)")),
    "too much is printed": (
        "def f(n): print('x' * n)",
        "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f(3)\nassert len(out.getvalue()) == 4",
        "def f(n): print('x' * 30_000)",
    ),
    "too large": ("def f(n): return 'a' * n", "assert len(f(3)) == 3", "def f(n): return 'a' * 30_000"),
    "a result that is too large for an argument": (
        "def f(n): return [0] * n\ndef g(x): return len(x)",
        "assert g(f(9) + f(9)) == 18",
        "def f(n): return [0] * 600\ndef g(x): return 18",
    ),
    "what the test's function gives for a huge number": (
        "def f(g): return len(g(20))",
        "assert f(lambda n: [0] * n) == 20",
        "def f(g): return len(g(20_000)) // 1000",
    ),
    "an object in the place of a number": (
        "def f(): return 1",
        "assert f() + 1 == 2",
        "class P:\n    def __add__(self, o): return 2\ndef f(): return P()",
    ),
    "an argument that grows": (
        "def f(x): x.append(2)",
        "x = [1]\nf(x)\nassert len(x) == 2",
        "def f(x): x.extend([0] * 2000)",
    ),
    "calls within one another without end": (
        "def f(g, n): return n if n == 0 else g(f, n - 1)",
        "def g(f, n): return 1 + f(g, n)\nassert f(g, 5) == 5",
        "def f(g, n): return g(f, n)",
    ),
    "where the solution's is refused and caught": (
        "class P: pass\ndef f(x): return P() if x else 1",
        "try:\n    f(1) + 1\nexcept Exception:\n    pass\nassert f(0) + 1 == 2",
        "class P:\n    def __add__(self, o): return 2\ndef f(x): return P()",
    ),
}


@pytest.mark.parametrize("name", AS_THE_SOLUTION)
def test_what_the_solution_meets_as_well_is_for_a_person(graded, name):
    answer, test = AS_THE_SOLUTION[name]
    result = graded(answer, test, template=answer, **LIMITS)
    assert result.statuses == ["by hand"], (result.statuses, result.messages)
    assert "fell short" in result.messages[0]


@pytest.mark.parametrize("name", AT_FAULT)
def test_what_the_solution_does_not_is_the_answers_fault(graded, name):
    solution, test, answer = AT_FAULT[name]
    assert graded(solution, test, template=solution, **LIMITS).scores == [1]
    result = graded(answer, test, template=solution, **LIMITS)
    assert (result.scores, result.statuses) == ([0], ["failed"]), result.messages


def test_an_argument_that_the_solution_leaves_alone_may_become_what_cannot_cross(graded):
    test = "x = [1, 2]\nassert f(x) == 3"
    answer = "def f(x):\n    s = sum(x)\n    x.append(x)\n    return s"
    assert graded(answer, test, template="def f(x): return sum(x)").scores == [1]


def test_what_falls_short_for_the_solution_does_not_excuse_another_answer(graded):
    solution = LIST + "\ndef g(): return 1"
    test = "assert g() == 1\nassert len(f(2000)) == 2000"
    result = graded(LIST + "\ndef g(): return 2", test, template=solution, **LIMITS)
    assert result.statuses == ["failed"], result.messages
