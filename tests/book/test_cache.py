"""A change in the sources of the pages' numbers executes them again; text or style does not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.conftest import HEAD, ROOT

PAGE = (
    HEAD
    + """\
# {title}

```{{code-cell}}
import pathlib, sys
sys.path.insert(0, {root!r})
import sepconv
runs = pathlib.Path({root!r}, "runs")
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
print("answer", sepconv.ANSWER)
```
"""
)


class Book:
    """A book of one page about a package of one number, with the project's own extension."""

    def __init__(self, root: Path):
        self.root = root
        (root / "sepconv").mkdir()
        (root / "book" / "_ext").mkdir(parents=True)
        shutil.copy(ROOT / "book/_ext/freshness.py", root / "book/_ext")
        (root / "book" / "_static").mkdir()
        (root / "requirements.txt").write_text("numpy==1\n")
        (root / "conf.py").write_text(
            "import sys\nsys.path.insert(0, 'book/_ext')\nextensions = ['myst_nb', 'freshness']\n"
            "exclude_patterns = ['_build', 'requirements.txt']\nnb_execution_mode = 'cache'\n"
            "nb_execution_raise_on_error = True\nhtml_static_path = ['book/_static']\n"
        )
        self.answer(1)
        self.title("One")

    def answer(self, number):
        (self.root / "sepconv/__init__.py").write_text(f"ANSWER = {number}\n")

    def title(self, text):
        (self.root / "index.md").write_text(PAGE.format(title=text, root=str(self.root)))

    def build(self) -> str:
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "_build/html"]
        subprocess.run(command, cwd=self.root, check=True, capture_output=True)
        return (self.root / "_build/html/index.html").read_text()

    def runs(self) -> int:
        return len((self.root / "runs").read_text())


@pytest.mark.slow
def test_pages_are_executed_again_when_and_only_when_it_matters(tmp_path):
    book = Book(tmp_path)
    assert "answer 1" in book.build()
    book.title("Two")
    assert "Two" in book.build()
    assert book.runs() == 1
    (tmp_path / "book/_static/course.css").write_text("p {}")
    book.build()
    (tmp_path / "book/_static/course.css").write_text("p { color: red }")
    book.build()
    assert "red" in (tmp_path / "_build/html/_static/course.css").read_text()
    assert book.runs() == 1
    book.answer(2)
    assert "answer 2" in book.build()
    assert book.runs() == 2
    (tmp_path / "requirements.txt").write_text("numpy==2\n")
    book.build()
    assert book.runs() == 3
    for path, runs in {"sandbox/spec.py": 4, "limits.py": 5, "execution/engine.py": 5}.items():
        (tmp_path / "autograder" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "autograder" / path).write_text("LIMIT = 1\n")
        book.build()
        assert book.runs() == runs, path
