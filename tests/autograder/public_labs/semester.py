"""A first-semester lab: input(), printing, files, exceptions, a small class."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.public_labs.lab import Lab, Part

LAB = Lab(
    name="first semester",
    files=(("marks.txt", "Ada 91\nBob 48\nCy 75\n"),),
    parts=(
        Part(
            "ask_age", 2,
            "def ask_age():\n    while True:\n        reply = input('Age? ')\n        if reply.isdigit():\n            return int(reply)",
            "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['x', '17']):\n    assert ask_age() == 17",
        ),
        Part(
            "greeting", 1,
            "def greeting(name):\n    print(f'Hello, {name}!')",
            "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    greeting('Ada')\nassert out.getvalue().strip() == 'Hello, Ada!'",
        ),
        Part(
            "read_marks", 2,
            "def read_marks(path):\n    with open(path) as file:\n        return {name: int(mark) for name, mark in (line.split() for line in file)}",
            "assert read_marks('marks.txt') == {'Ada': 91, 'Bob': 48, 'Cy': 75}\n### BEGIN HIDDEN TESTS\nwith open('more.txt', 'w') as f:\n    f.write('Zoe 3\\n')\nassert read_marks('more.txt') == {'Zoe': 3}\n### END HIDDEN TESTS",
        ),
        Part(
            "save_passed", 2,
            "def save_passed(marks, path):\n    with open(path, 'w') as file:\n        for name in sorted(n for n, m in marks.items() if m >= 50):\n            file.write(name + '\\n')",
            "save_passed({'Ada': 91, 'Bob': 48, 'Cy': 50}, 'passed.txt')\nwith open('passed.txt') as f:\n    assert f.read().split() == ['Ada', 'Cy']",
        ),
        Part(
            "statistics", 3,
            "def mean(a):\n    if not a:\n        raise ValueError('empty')\n    return sum(a) / len(a)\ndef largest(a):\n    return max(a)",
            "points = 0\nif mean([1, 2]) == 1.5:\n    points += 1\ntry:\n    mean([])\nexcept ValueError:\n    points += 1\npoints += largest([3, 9, 2]) == 9\npoints",
        ),
        Part("explain", 2, "A while loop repeats until its condition is false.", ""),
    ),
    right=(
        {
            "ask_age": "def ask_age():\n    try:\n        return int(input())\n    except ValueError:\n        return ask_age()",
            "greeting": "def greeting(name):\n    text = 'Hello, ' + name + '!'\n    print(text)",
            "read_marks": "def read_marks(path):\n    marks = {}\n    for line in open(path).read().splitlines():\n        name, mark = line.split(' ')\n        marks[name] = int(mark)\n    return marks",
            "save_passed": "from pathlib import Path\ndef save_passed(marks, path):\n    Path(path).write_text('\\n'.join(sorted(k for k in marks if marks[k] > 49)))",
            "statistics": "import statistics\ndef mean(a):\n    if len(a) == 0:\n        raise ValueError\n    return statistics.mean(a)\ndef largest(a):\n    return sorted(a)[-1]",
        },
    ),
    wrong=(
        {
            "ask_age": "def ask_age():\n    return int(input())",
            "greeting": "def greeting(name):\n    return f'Hello, {name}!'",
            "statistics": "def mean(a):\n    return sum(a) / len(a) if a else 0\ndef largest(a):\n    return max(a)",
        },
        {
            "read_marks": "def read_marks(path):\n    return {'Ada': 91, 'Bob': 48, 'Cy': 75}",
            "save_passed": "def save_passed(marks, path):\n    open(path, 'w').write(' '.join(marks))",
            "statistics": "def mean(a):\n    return sum(a) / len(a)\ndef largest(a):\n    return a[0]",
        },
    ),
)  # fmt: skip
