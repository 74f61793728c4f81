"""Exceptions expected, their kind and words."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "exceptions"

ROOT = """
    def root(x):
        if x < 0:
            raise ValueError("negative number")
        return x ** 0.5
"""
ROOT_OTHER = """
    import math
    def root(x):
        try:
            return math.sqrt(x)
        except ValueError:
            raise ValueError(f"{x} is negative") from None
"""
ROOT_SILENT = "def root(x):\n    return abs(x) ** 0.5"
ROOT_KIND = "def root(x):\n    if x < 0:\n        raise KeyError('negative')\n    return x ** 0.5"

IDIOMS = [
    idiom(
        "try-except-else",
        "`try … except ValueError: pass … else: raise AssertionError`",
        ROOT,
        """
        try:
            root(-1)
        except ValueError:
            pass
        else:
            raise AssertionError("root(-1) must raise ValueError")
        assert root(9) == 3
        """,
        [ROOT_OTHER],
        [ROOT_SILENT, ROOT_KIND],
    ),
    idiom(
        "pytest-raises",
        "`pytest.raises(ValueError, match=…)`",
        ROOT,
        """
        import pytest
        with pytest.raises(ValueError, match="negative") as caught:
            root(-4)
        assert "negative" in str(caught.value)
        assert root(4) == 2
        """,
        [ROOT_OTHER],
        [ROOT_SILENT, ROOT_KIND],
    ),
    idiom(
        "unittest-raises",
        "`assertRaises` as a call and as a `with`",
        ROOT,
        """
        from unittest import TestCase
        tc = TestCase()
        tc.assertRaises(ValueError, root, -1)
        with tc.assertRaises(ValueError) as context:
            root(-2)
        tc.assertIn("negative", str(context.exception))
        with tc.assertRaisesRegex(ValueError, "neg"):
            root(-3)
        """,
        [ROOT_OTHER],
        [ROOT_SILENT, ROOT_KIND],
    ),
    idiom(
        "raised-flag",
        "a flag set in `except Exception as e`, then `type(e)`",
        ROOT,
        """
        error = None
        try:
            root(-1)
        except Exception as e:
            error = e
        assert error is not None, "nothing raised"
        assert type(error) == ValueError
        assert isinstance(error, ValueError) and error.args
        assert type(error).__name__ == "ValueError"
        """,
        [ROOT_OTHER],
        [ROOT_SILENT, ROOT_KIND],
    ),
    idiom(
        "own-exception",
        "an exception class that the student defines",
        """
        class EmptyStack(Exception):
            pass
        def pop(items):
            if not items:
                raise EmptyStack("nothing to pop")
            return items.pop()
        """,
        """
        assert issubclass(EmptyStack, Exception)
        try:
            pop([])
            assert False, "should have raised"
        except EmptyStack as error:
            assert "pop" in str(error)
        assert pop([1, 2]) == 2
        """,
        [
            """
            class EmptyStack(IndexError):
                def __init__(self, text="cannot pop"):
                    super().__init__(text)
            def pop(items):
                try:
                    return items.pop()
                except IndexError:
                    raise EmptyStack() from None
            """
        ],
        [
            "class EmptyStack(Exception):\n    pass\ndef pop(items):\n    return items.pop() if items else None"
        ],
    ),
    idiom(
        "exception-attributes",
        "an own exception's attributes and chain (`__cause__`)",
        """
        class BadRow(ValueError):
            def __init__(self, line):
                super().__init__(f"line {line}")
                self.line = line
        def parse(text, line):
            try:
                return int(text)
            except ValueError as error:
                raise BadRow(line) from error
        """,
        """
        try:
            parse("x", 7)
        except ValueError as error:
            assert error.line == 7
            assert str(error) == "line 7"
            assert isinstance(error.__cause__, ValueError)
        else:
            assert False
        assert parse("8", 1) == 8
        """,
        [
            """
            class BadRow(ValueError):
                line = None
            def parse(text, line):
                try:
                    return int(text)
                except ValueError as reason:
                    error = BadRow("line %d" % line)
                    error.line = line
                    raise error from reason
            """
        ],
        ["class BadRow(ValueError):\n    pass\ndef parse(text, line):\n    return int(text)"],
    ),
    idiom(
        "asserts-tested",
        "the student's own `assert` is expected to fail",
        "def mean(x):\n    assert len(x) > 0, 'empty'\n    return sum(x) / len(x)",
        """
        def raises(function, *arguments):
            try:
                function(*arguments)
            except AssertionError:
                return True
            return False
        assert raises(mean, [])
        assert not raises(mean, [1])
        """,
        [
            "def mean(x):\n    if not x:\n        raise AssertionError('no numbers')\n    return sum(x) / len(x)"
        ],
        ["def mean(x):\n    return sum(x) / len(x) if x else 0"],
    ),
    idiom(
        "any-exception-caught",
        "no exception may escape: `except Exception as e: assert False`",
        "def safe(text):\n    try:\n        return float(text)\n    except ValueError:\n        return None",
        """
        for text in ["1.5", "x", ""]:
            try:
                value = safe(text)
            except Exception as e:
                assert False, f"safe({text!r}) raised {type(e).__name__}: {e}"
            assert value is None or isinstance(value, float)
        assert safe("2") == 2.0
        """,
        [
            "def safe(text):\n    ok = text.replace('.', '', 1).isdigit()\n    return float(text) if ok else None"
        ],
        ["safe = float"],
    ),
    idiom(
        "context-manager",
        "a context manager of the student's own, with an exception inside",
        """
        class Quiet:
            def __enter__(self):
                self.error = None
                return self
            def __exit__(self, kind, value, trace):
                self.error = value
                return True
        """,
        """
        with Quiet() as quiet:
            raise KeyError("inside")
        assert isinstance(quiet.error, KeyError)
        with Quiet() as quiet:
            pass
        assert quiet.error is None
        """,
        [
            """
            import contextlib
            class Box:
                error = None
            @contextlib.contextmanager
            def Quiet():
                box = Box()
                try:
                    yield box
                except Exception as e:
                    box.error = e
            """
        ],
        [
            "class Quiet:\n    error = None\n    def __enter__(self):\n        return self\n    def __exit__(self, *a):\n        pass"
        ],
    ),
]
