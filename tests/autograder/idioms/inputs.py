"""input(): replies given by the test."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "input()"

ADD = """
    def add_two():
        a = int(input("first: "))
        b = int(input("second: "))
        return a + b
"""
ADD_OTHER = "def add_two():\n    return sum(int(input()) for _ in range(2))"
ADD_WRONG = "def add_two():\n    return input() + input()"

IDIOMS = [
    idiom(
        "patched-input-list",
        "`mock.patch('builtins.input', side_effect=[…])`",
        ADD,
        """
        from unittest.mock import patch
        with patch("builtins.input", side_effect=["3", "4"]):
            assert add_two() == 7
        with patch("builtins.input", side_effect=["-1", "1"]) as fake:
            assert add_two() == 0
        assert fake.call_count == 2
        """,
        [ADD_OTHER],
        [ADD_WRONG, "def add_two():\n    return 7"],
    ),
    idiom(
        "patched-input-one",
        "`mock.patch('builtins.input', return_value=…)`",
        "def ask():\n    return input('Name? ').strip().title()",
        """
        from unittest import mock
        with mock.patch("builtins.input", return_value=" ada lovelace "):
            assert ask() == "Ada Lovelace"
        """,
        ["def ask():\n    name = input()\n    return ' '.join(w.capitalize() for w in name.split())"],
        ["def ask():\n    return input('Name? ')"],
    ),
    idiom(
        "input-lambda",
        "`builtins.input = lambda prompt='': …`, put back afterwards",
        ADD,
        """
        import builtins
        replies = iter(["10", "32"])
        original = builtins.input
        builtins.input = lambda prompt="": next(replies)
        try:
            assert add_two() == 42
        finally:
            builtins.input = original
        """,
        [ADD_OTHER],
        [ADD_WRONG],
    ),
    idiom(
        "input-global",
        "`input` defined in the notebook's own names",
        ADD,
        """
        replies = ["20", "22"]
        def input(prompt=""):
            return replies.pop(0)
        assert add_two() == 42
        assert replies == []
        del input
        """,
        [ADD_OTHER],
        [ADD_WRONG],
    ),
    idiom(
        "stdin-swapped",
        "`sys.stdin = io.StringIO('3\\n4\\n')` read by `sys.stdin`",
        "import sys\ndef total():\n    return sum(int(line) for line in sys.stdin)",
        """
        import io, sys
        old = sys.stdin
        sys.stdin = io.StringIO("3\\n4\\n")
        try:
            assert total() == 7
        finally:
            sys.stdin = old
        """,
        ["import sys\ndef total():\n    return sum(map(int, sys.stdin.read().split()))"],
        ["import sys\ndef total():\n    return int(sys.stdin.readline())"],
    ),
    idiom(
        "input-and-output",
        "replies given and the dialogue's output compared, both at once",
        """
        def dialogue():
            age = int(input("Age: "))
            if age < 18:
                print("Too young")
            else:
                print("Welcome")
        """,
        """
        import io
        from unittest.mock import patch
        def run(*replies):
            with patch("builtins.input", side_effect=list(replies)), \\
                    patch("sys.stdout", new=io.StringIO()) as out:
                dialogue()
            return out.getvalue().strip()
        assert run("17") == "Too young"
        assert run("18") == "Welcome"
        """,
        ["def dialogue():\n    print('Welcome' if int(input()) >= 18 else 'Too young')"],
        ["def dialogue():\n    print('Welcome' if int(input()) > 18 else 'Too young')"],
    ),
    idiom(
        "input-until-valid",
        "asks again until the reply is valid; the number of questions counted",
        """
        def number():
            while True:
                reply = input("? ")
                if reply.isdigit():
                    return int(reply)
                print("again")
        """,
        """
        from unittest.mock import patch
        with patch("builtins.input", side_effect=["x", "", "12"]) as fake:
            assert number() == 12
            assert fake.call_count == 3
        """,
        [
            "def number():\n    try:\n        return int(input())\n    except ValueError:\n        return number()",
        ],
        ["def number():\n    reply = input()\n    return int(reply) if reply.isdigit() else 0"],
    ),
    idiom(
        "input-exhausted",
        "too many questions end in `StopIteration` and fail",
        "def one():\n    return input('one word: ')",
        """
        from unittest.mock import patch
        with patch("builtins.input", side_effect=["word"]):
            try:
                assert one() == "word"
            except StopIteration:
                raise AssertionError("input() was called more than once")
        """,
        ["one = lambda: input()"],
        ["def one():\n    input()\n    return input()"],
    ),
    idiom(
        "prompt-checked",
        "the prompt of `input` checked (`fake.call_args`)",
        "def ask():\n    return input('Your name: ')",
        """
        from unittest.mock import patch
        with patch("builtins.input", return_value="Eve") as fake:
            assert ask() == "Eve"
        fake.assert_called_once()
        assert "name" in fake.call_args[0][0].lower()
        """,
        ["def ask():\n    prompt = 'What is your NAME? '\n    return input(prompt)"],
        ["def ask():\n    return input()", "def ask():\n    return input('? ')"],
    ),
]
