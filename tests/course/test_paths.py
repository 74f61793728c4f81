"""Paths of this repository that its texts name are there."""

import ast
import io
import re
import subprocess
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (".md", ".yml", ".toml", ".js", ".css", ".py")
NAMES = ("Makefile", "run", ".gitignore")
PLACEHOLDER = re.compile(r"[*<>{}…]|[A-Z]{3}")  # solutions/LAB/judge
STUDENTS = re.compile(r"tests/labs/students/\w+/")  # their code, some of which is none
BUILT = {".html": ".md"}
SUFFIXES = ("", ".md", ".ipynb")  # pages are named without theirs


def tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("needs git and a checkout")
    return [path for path in done.stdout.splitlines() if not STUDENTS.match(path)]


def prose(source):
    """Docstrings and comments of Python code, by line number."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node, clean=False)
            for number, line in enumerate((text or "").splitlines(), 1):
                yield node.body[0].lineno + number - 1, line


def lines(path):
    source = path.read_text(encoding="utf-8")
    return prose(source) if path.suffix == ".py" else enumerate(source.splitlines(), 1)


def named(line, folders):
    """Paths in a line of text that begin with one of the repository's folders."""
    any_folder = "|".join(map(re.escape, folders))
    for match in re.finditer(rf"(?<![\w./{{}}$~-])(?:{any_folder})/[\w./*<>{{}}…-]+", line):
        path = match[0].rstrip("./…-")
        if not PLACEHOLDER.search(match[0]):
            yield path


def exists(path):
    """Say whether a path is there: from the root, or from a folder `course/` that is the root."""
    whole = Path(path)
    whole = whole.with_suffix(BUILT.get(whole.suffix, whole.suffix))
    places = (whole, whole.relative_to("course") if whole.parts[0] == "course" else whole)
    return any((ROOT / f"{place}{suffix}").exists() for place in places for suffix in SUFFIXES)


def test_every_path_that_a_text_names_is_there():
    files = tracked()
    folders = sorted({name.split("/")[0] for name in files if "/" in name})
    texts = [name for name in files if name.endswith(TEXTS) or Path(name).name in NAMES]
    assert len(texts) > 100
    missing = [
        f"{name}:{number}: {path}"
        for name in texts
        for number, line in lines(ROOT / name)
        for path in named(line, folders)
        if not exists(path)
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("see (book/_ext/notebooks.py)", ["book/_ext/notebooks.py"]),
        ("`course/labs/encoder/`, and so on.", ["course/labs/encoder"]),
        ("open .ci/run.", [".ci/run"]),
        ("solutions/LAB/judge, labs/test_LAB.py, book/*.md, labs/<lab>/, labs/…", []),
        ("../book/index.md, ~/course/x, https://example.org/book/index", []),
    ],
)
def test_paths_are_found_in_a_line(line, paths):
    assert list(named(line, [".ci", "book", "course", "labs", "solutions"])) == paths


def test_only_docstrings_and_comments_of_code_are_read():
    source = '"""book/one.py"""\n\nx = "book/two.py"  # book/three.py\n'
    assert sorted(prose(source)) == [(1, "book/one.py"), (3, "# book/three.py")]


@pytest.mark.parametrize("path", ["book", "book/index", "book/index.html", "course/labs/encoder", "Makefile"])
def test_a_path_that_is_there_is_found(path):
    assert exists(path)
    assert not exists(f"{path}x")
