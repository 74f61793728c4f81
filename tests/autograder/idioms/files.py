"""Files read and written."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "files"

COUNT = """
    def count_lines(path):
        with open(path) as lines:
            return sum(1 for _ in lines)
"""
COUNT_OTHER = (
    "from pathlib import Path\ndef count_lines(path):\n    return len(Path(path).read_text().splitlines())"
)
COUNT_WRONG = "def count_lines(path):\n    return len(open(path).read())"

IDIOMS = [
    idiom(
        "file-given",
        "a data file that comes with the assignment",
        "def words(path):\n    with open(path) as file:\n        return file.read().split()",
        """
        assert words("poem.txt") == ["roses", "are", "red", "violets", "are", "blue"]
        """,
        ["import pathlib\ndef words(path):\n    return pathlib.Path(path).read_text().split()"],
        ["def words(path):\n    return open(path).readline().split()"],
        files=(("poem.txt", "roses are red\nviolets are blue\n"),),
    ),
    idiom(
        "test-writes-file",
        "the test writes a file, the function reads it",
        COUNT,
        """
        with open("lines.txt", "w") as file:
            file.write("one\\ntwo\\nthree\\n")
        assert count_lines("lines.txt") == 3
        """,
        [COUNT_OTHER],
        [COUNT_WRONG],
    ),
    idiom(
        "tempfile-read",
        "a file in a `tempfile.TemporaryDirectory`",
        COUNT,
        """
        import os, tempfile
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "lines.txt")
            with open(path, "w") as file:
                file.write("a\\nb\\n")
            assert count_lines(path) == 2
        """,
        [COUNT_OTHER],
        [COUNT_WRONG],
    ),
    idiom(
        "student-writes-file",
        "the function writes a file, the test reads it",
        "def save(names, path):\n    with open(path, 'w') as file:\n        file.write('\\n'.join(names))",
        """
        import os
        if os.path.exists("out.txt"):
            os.remove("out.txt")
        save(["ada", "bob"], "out.txt")
        assert os.path.exists("out.txt"), "no file"
        with open("out.txt") as file:
            assert file.read().split() == ["ada", "bob"]
        """,
        [
            "import pathlib\ndef save(names, path):\n    pathlib.Path(path).write_text(''.join(n + '\\n' for n in names))"
        ],
        [
            "def save(names, path):\n    pass",
            "def save(names, path):\n    open(path, 'w').write(' '.join(names[1:]))",
        ],
    ),
    idiom(
        "answer-wrote-file",
        "the answer cell itself wrote a file, the test reads it",
        "with open('squares.csv', 'w') as file:\n    for k in range(5):\n        file.write(f'{k},{k * k}\\n')",
        """
        from pathlib import Path
        assert Path("squares.csv").exists()
        rows = [line.split(",") for line in Path("squares.csv").read_text().strip().split("\\n")]
        assert rows == [[str(k), str(k * k)] for k in range(5)]
        """,
        [
            "import csv\nwith open('squares.csv', 'w', newline='') as f:\n    csv.writer(f).writerows((k, k**2) for k in range(5))"
        ],
        ["with open('squares.csv', 'w') as file:\n    file.write('0,0\\n')", "pass"],
    ),
    idiom(
        "mock-open",
        "`mock.patch('__main__.open', mock_open(read_data=…))`: IPython has an `open` of its own",
        "def first_line(path):\n    with open(path) as file:\n        return file.readline().strip()",
        """
        from unittest.mock import mock_open, patch
        with patch("__main__.open", mock_open(read_data="alpha\\nbeta\\n")) as fake:
            assert first_line("some.txt") == "alpha"
        assert fake.called and fake.call_args[0][0] == "some.txt"
        """,
        ["def first_line(path):\n    with open(path) as file:\n        return file.read().split('\\n')[0]"],
        ["def first_line(path):\n    with open(path) as file:\n        return file.read()"],
    ),
    idiom(
        "file-object-given",
        "a file-like object (`io.StringIO`) passed to the function",
        "def longest(file):\n    return max((line.strip() for line in file), key=len)",
        """
        import io
        assert longest(io.StringIO("a\\nabc\\nab\\n")) == "abc"
        """,
        ["def longest(file):\n    return sorted(file.read().split('\\n'), key=len)[-1]"],
        ["def longest(file):\n    return max(file.read())"],
    ),
    idiom(
        "open-file-given",
        "an open file passed to the function",
        "def numbers(file):\n    return [float(line) for line in file]",
        """
        with open("numbers.txt", "w") as file:
            file.write("1.5\\n2\\n")
        with open("numbers.txt") as file:
            assert numbers(file) == [1.5, 2.0]
        """,
        ["def numbers(file):\n    return list(map(float, file.read().split()))"],
        ["def numbers(file):\n    return [line for line in file]"],
        instead="""
        import io
        assert numbers(io.StringIO("1.5\\n2\\n")) == [1.5, 2.0]
        """,
    ),
    idiom(
        "missing-file",
        "`FileNotFoundError` expected, or handled",
        "def load(path):\n    try:\n        return open(path).read()\n    except FileNotFoundError:\n        return ''",
        """
        assert load("no-such-file.txt") == ""
        with open("there.txt", "w") as file:
            file.write("here")
        assert load("there.txt") == "here"
        """,
        ["import os\ndef load(path):\n    return open(path).read() if os.path.exists(path) else ''"],
        ["def load(path):\n    return open(path).read()"],
    ),
    idiom(
        "folder-listed",
        "folders made and listed (`os.makedirs`, `os.listdir`, `glob`)",
        """
        import os
        def make(root, names):
            for name in names:
                os.makedirs(os.path.join(root, name), exist_ok=True)
        """,
        """
        import os, glob, shutil
        make("tree", ["a", "b/c"])
        assert sorted(os.listdir("tree")) == ["a", "b"]
        assert os.path.isdir("tree/b/c")
        assert len(glob.glob("tree/*")) == 2
        shutil.rmtree("tree")
        """,
        [
            "from pathlib import Path\ndef make(root, names):\n    [(Path(root) / n).mkdir(parents=True) for n in names]"
        ],
        ["import os\ndef make(root, names):\n    os.makedirs(os.path.join(root, names[0]))"],
    ),
    idiom(
        "binary-file",
        "bytes written and read back",
        "def dump(numbers, path):\n    with open(path, 'wb') as file:\n        file.write(bytes(numbers))",
        """
        dump([1, 2, 255], "raw.bin")
        with open("raw.bin", "rb") as file:
            data = file.read()
        assert data == b"\\x01\\x02\\xff" and len(data) == 3
        """,
        ["from pathlib import Path\ndump = lambda numbers, path: Path(path).write_bytes(bytearray(numbers))"],
        ["def dump(numbers, path):\n    open(path, 'w').write(str(numbers))"],
        instead=r"""
        dump([1, 2, 255], "raw")
        with open("raw", "rb") as file:
            data = file.read()
        assert data == b"\x01\x02\xff" and len(data) == 3
        """,
    ),
    idiom(
        "path-type",
        "a `pathlib.Path` returned or given",
        "from pathlib import Path\ndef home_of(name):\n    return Path('data') / name / 'x.csv'",
        """
        from pathlib import Path
        made = home_of("iris")
        assert made == Path("data/iris/x.csv")
        assert made.name == "x.csv" and made.suffix == ".csv" and isinstance(made, Path)
        """,
        ["import pathlib\ndef home_of(name):\n    return pathlib.Path(f'data/{name}/x.csv')"],
        ["def home_of(name):\n    return 'data/' + name + '/x.csv'"],
    ),
]
