"""Strings, and what an answer prints."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "strings and printing"

HELLO = """
    def greet(name):
        print(f"Hello, {name}!")
"""
HELLO_OTHER = """
    import sys
    def greet(name):
        sys.stdout.write("Hello, " + name + "!" + chr(10))
"""
HELLO_WRONG = """
    def greet(name):
        return f"Hello, {name}!"
"""
SILENT = "def greet(name):\n    pass"

IDIOMS = [
    idiom(
        "palindrome",
        "a function of strings, cases and spaces ignored",
        """
        def palindrome(text):
            letters = [c.lower() for c in text if c.isalnum()]
            return letters == letters[::-1]
        """,
        """
        assert palindrome("A man, a plan, a canal: Panama")
        assert not palindrome("palindrome")
        assert palindrome("")
        """,
        [
            "import re\ndef palindrome(t):\n    t = re.sub('[^a-z0-9]', '', t.lower())\n    return t == ''.join(reversed(t))"
        ],
        ["def palindrome(text):\n    return text == text[::-1]"],
    ),
    idiom(
        "string-methods",
        "methods of a returned string (`startswith`, `split`, `in`, `lower`)",
        "def slug(title):\n    return '-'.join(title.lower().split())",
        """
        made = slug("  Gradient   Descent Works ")
        assert made.startswith("gradient") and made.endswith("works")
        assert made.split("-") == ["gradient", "descent", "works"]
        assert " " not in made and made.islower() and made.count("-") == 2
        assert isinstance(made, str) and len(made) == 22
        """,
        ["import re\ndef slug(title):\n    return re.sub(r'\\s+', '-', title.strip()).lower()"],
        ["def slug(title):\n    return title.lower().replace(' ', '-')"],
    ),
    idiom(
        "redirect-stdout",
        "`contextlib.redirect_stdout(io.StringIO())` around a call",
        HELLO,
        """
        import contextlib, io
        buffer = io.StringIO()
        with contextlib.redirect_stdout(buffer):
            greet("Ada")
        assert buffer.getvalue().strip() == "Hello, Ada!"
        """,
        [HELLO_OTHER],
        [HELLO_WRONG, SILENT],
    ),
    idiom(
        "sys-stdout-swapped",
        "`sys.stdout = io.StringIO()` and back again",
        HELLO,
        """
        import io, sys
        old = sys.stdout
        sys.stdout = io.StringIO()
        try:
            greet("Ada")
            printed = sys.stdout.getvalue()
        finally:
            sys.stdout = old
        assert printed == "Hello, Ada!\\n", printed
        """,
        [HELLO_OTHER],
        [HELLO_WRONG],
    ),
    idiom(
        "capture-output",
        "IPython's `capture_output`",
        HELLO,
        """
        from IPython.utils.capture import capture_output
        with capture_output() as captured:
            greet("Ada")
        assert captured.stdout.rstrip() == "Hello, Ada!"
        """,
        [HELLO_OTHER],
        [HELLO_WRONG],
    ),
    idiom(
        "patched-stdout",
        "`mock.patch('sys.stdout', new_callable=io.StringIO)`",
        HELLO,
        """
        import io
        from unittest.mock import patch
        with patch("sys.stdout", new_callable=io.StringIO) as out:
            greet("Ada")
        assert out.getvalue() == "Hello, Ada!\\n"
        """,
        [HELLO_OTHER],
        [HELLO_WRONG],
    ),
    idiom(
        "patched-print",
        "`mock.patch('builtins.print')` and its calls",
        HELLO,
        """
        from unittest.mock import patch
        with patch("builtins.print") as fake:
            greet("Ada")
        fake.assert_called_once_with("Hello, Ada!")
        """,
        ["def greet(name):\n    text = 'Hello, ' + name + '!'\n    print(text)"],
        [HELLO_WRONG, "def greet(name):\n    print('Hello', name)"],
        instead="""
        import contextlib, io
        buffer = io.StringIO()
        with contextlib.redirect_stdout(buffer):
            greet("Ada")
        assert buffer.getvalue() == "Hello, Ada!\\n"
        """,
    ),
    idiom(
        "printed-lines",
        "the printed lines, counted and compared one by one",
        """
        def triangle(n):
            for k in range(1, n + 1):
                print("*" * k)
        """,
        """
        import io
        from contextlib import redirect_stdout
        with redirect_stdout(io.StringIO()) as out:
            triangle(4)
        lines = out.getvalue().splitlines()
        assert len(lines) == 4
        for k, line in enumerate(lines, 1):
            assert line.rstrip() == "*" * k
        """,
        ["def triangle(n):\n    print('\\n'.join('*' * (k + 1) for k in range(n)))"],
        ["def triangle(n):\n    print('*' * n)"],
    ),
    idiom(
        "print-arguments",
        "output with `sep`, `end` and numbers, spaces ignored",
        "def countdown(n):\n    print(*range(n, 0, -1), sep=', ', end='!')",
        """
        import io, re, contextlib
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            countdown(3)
        assert re.sub(r"\\s", "", out.getvalue()) == "3,2,1!"
        """,
        ["def countdown(n):\n    print(', '.join(str(k) for k in range(n, 0, -1)) + '!')"],
        ["def countdown(n):\n    print(*range(n), sep=', ', end='!')"],
    ),
    idiom(
        "stderr-and-warnings",
        "`warnings.catch_warnings(record=True)`",
        """
        import warnings
        def old(x):
            warnings.warn("use new", DeprecationWarning)
            return x
        """,
        """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert old(3) == 3
        assert len(caught) == 1
        assert issubclass(caught[-1].category, DeprecationWarning)
        assert "new" in str(caught[-1].message)
        """,
        [
            "from warnings import warn\ndef old(x):\n    warn(DeprecationWarning('take the new one'))\n    return x"
        ],
        ["def old(x):\n    print('use new')\n    return x"],
    ),
    idiom(
        "docstring-and-repr",
        "a formatted string compared with an f-string of the test",
        "def row(name, price):\n    return f'{name:<10}|{price:>8.2f}'",
        """
        for name, price in [("tea", 2.5), ("coffee", 13)]:
            assert row(name, price) == f"{name:<10}|{price:>8.2f}"
            assert repr(row(name, price)).startswith("'")
        assert "%s" % row("a", 1) == row("a", 1)
        """,
        ["def row(name, price):\n    return name.ljust(10) + '|' + ('%.2f' % price).rjust(8)"],
        ["def row(name, price):\n    return f'{name}|{price:.2f}'"],
    ),
    idiom(
        "cipher-roundtrip",
        "two functions undo each other on random text",
        """
        def shift(text, k):
            return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in text)
        def unshift(text, k):
            return shift(text, -k)
        """,
        """
        import random, string
        for _ in range(5):
            text = "".join(random.choices(string.ascii_lowercase + " ", k=20))
            k = random.randint(1, 25)
            assert unshift(shift(text, k), k) == text
            assert shift(text, k).count(" ") == text.count(" ")
        assert shift("xyz", 3) == "abc"
        """,
        [
            """
            import string
            def shift(text, k):
                a = string.ascii_lowercase
                k %= 26
                return text.translate(str.maketrans(a, a[k:] + a[:k]))
            unshift = lambda text, k: shift(text, 26 - k)
            """
        ],
        [
            "def shift(text, k):\n    return ''.join(chr(ord(c) + k) for c in text)\nunshift = lambda t, k: shift(t, -k)"
        ],
    ),
]
