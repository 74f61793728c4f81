"""A class of forty for each lab, written from its released notebook alone.

A file a student, ``<lab>/<name>.py``::

    \"\"\"Loops where NumPy has a function; all but one task is right.

    test_dense_kernel: 1 of 3, sums over the multiplier instead of mixing
    \"\"\"
    # rest: another_student
    # file: decoder.keras = untrained

    # %% conv2d_params
    def conv2d_params(kernel_size, channels, filters, use_bias=True):
        ...

The docstring says what the student did, and which tests do not deserve all their points, with the
reason. ``# %%`` begins an answer cell, by nbgrader's name. Answers that are not there are those of
the student whom ``rest`` names; without it they stay as released. ``file`` says which network is
handed in, by the name of its maker in ``networks``; without it, the sample class' own is.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent
LABS = tuple(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("_")))

_POINTS = re.compile(r"(?P<test>\w+): (?P<points>[\d.]+) of (?P<most>[\d.]+), (?P<why>.+)")
_OPTION = re.compile(r"^# (rest|file): (.+)$", re.MULTILINE)
_CELL = re.compile(r"^# %% (\w+) *$", re.MULTILINE)


@dataclass(frozen=True)
class Student:
    """One submission and what it deserves.

    Attributes
    ----------
    name : str
    does : str
        What the student did, in a sentence.
    less : dict of str to (float, float, str)
        By test that does not deserve all its points: the points deserved, all points, and why.
    answers : dict of str to str
        The source of each answered cell.
    files : dict of str to str
        By file name, the maker of what is handed in beside the notebook.
    """

    name: str
    does: str
    less: Mapping[str, tuple[float, float, str]]
    answers: Mapping[str, str]
    files: Mapping[str, str]

    def deserves(self, points: Mapping[str, float]) -> dict[str, float]:
        """Return the points deserved, by test.

        Parameters
        ----------
        points : dict of str to float
            All points of each autograded test.

        Raises
        ------
        ValueError
            If the student's file names a test that is not there, or other points for it.
        """
        for test, (_, most, _) in self.less.items():
            if points.get(test) != most:
                raise ValueError(f"{self.name}: {test} has {points.get(test)} points, not {most:g}")
        return {test: self.less[test][0] if test in self.less else most for test, most in points.items()}


def read(lab: str) -> list[Student]:
    """Read the class of a lab, in the order of the names.

    Parameters
    ----------
    lab : str
        A folder beside this file.

    Raises
    ------
    ValueError
        If a student's file is not of the form above.
    """
    return [_read(path) for path in sorted((ROOT / lab).glob("*.py"))]


def _read(path: Path) -> Student:
    text = path.read_text(encoding="utf-8")
    head, *cells = _CELL.split(text)
    says = ast.get_docstring(ast.parse(head))
    if not says:
        raise ValueError(f"{path}: no docstring that says what the student did")
    does, _, less = says.partition("\n")
    options = _OPTION.findall(head)
    answers = dict(zip(cells[::2], map(str.strip, cells[1::2]), strict=True))
    if len(answers) != len(cells) // 2:
        raise ValueError(f"{path}: a cell is answered twice")
    for kind, value in options:
        if kind == "rest":
            answers = {**_read(path.with_name(f"{value.strip()}.py")).answers, **answers}
    files = dict(value.split(" = ") for kind, value in options if kind == "file")
    return Student(path.stem, does, dict(map(_points, _entries(less, path))), answers, files)


def _entries(text: str, path: Path) -> list[re.Match[str]]:
    """Return the lines on tests, each with what is wrapped below it."""
    found = []
    for entry in re.split(r"\n(?=\w+:)", text.strip()) if text.strip() else []:
        match = _POINTS.fullmatch(" ".join(entry.split()))
        if match is None:
            raise ValueError(f"{path}: expected 'TEST: POINTS of POINTS, WHY', got {entry!r}")
        found.append(match)
    return found


def _points(match: re.Match[str]) -> tuple[str, tuple[float, float, str]]:
    return match["test"], (float(match["points"]), float(match["most"]), match["why"])
