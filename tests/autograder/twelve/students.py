"""Twelve students, and what each of them hands in."""

# ruff: noqa: E501 - each answer is one string

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.sample_class.notebooks import answer, answered, graded, index, notebook, prose, written

LAB, SERIES, SECOND = "series", "series", "übung"
Files = dict[str, bytes]

MEAN = (
    "def mean(values):\n    if len(values) == 0:\n        raise ValueError\n    return sum(values) / len(values)",
    "import statistics\ndef mean(values):\n    if not values:\n        raise ValueError('none')\n"
    "    return statistics.fmean(values)",
    "def mean(numbers):\n    total = 0.0\n    for count, number in enumerate(numbers, 1):\n"
    "        total += number\n    try:\n        return total / count\n    except UnboundLocalError:\n"
    "        raise ValueError('an empty list') from None",
)
SMOOTH = (
    "def smooth(values, width):\n    return np.convolve(values, np.ones(width) / width, 'valid')",
    "def smooth(values, width):\n    sums = np.cumsum(np.concatenate([[0.0], values]))\n"
    "    return (sums[width:] - sums[:-width]) / width",
    "def smooth(values, width):\n    from numpy.lib.stride_tricks import sliding_window_view\n"
    "    return sliding_window_view(np.asarray(values, float), width).mean(axis=1)",
)
WORDS = (
    "from collections import Counter as Bag\ndef count_words(text):\n"
    "    bare = (word.strip('.,;:!?') for word in text.lower().split())\n    return dict(Bag(filter(None, bare)))",
    "def count_words(text):\n    counts = {}\n    for word in text.split():\n"
    "        word = word.lower().strip('.,;:!?')\n        if word != '':\n"
    "            counts[word] = counts.get(word, 0) + 1\n    return counts",
)
COUNTER = (
    "class Counter:\n    def __init__(self):\n        self.total = 0\n    def add(self, n=1):\n"
    "        self.total += n",
    "class Counter:\n    def __init__(self):\n        self._parts = []\n    def add(self, n=1):\n"
    "        self._parts.append(n)\n    @property\n    def total(self):\n        return sum(self._parts)",
)
HELPER = """
def longest_dry_spell(values, threshold=1.0):
    best = run = start = 0
    where = None
    for day, amount in enumerate(values):
        if amount >= threshold:
            run = 0
            continue
        if run == 0:
            start = day
        run += 1
        if run > best or (run == best and where is None):
            best, where = run, (start, day)
    if where is None:
        return {"days": 0, "from": None, "to": None}
    first, last = where
    return {"days": best, "from": first, "to": last, "share": best / max(len(values), 1)}
longest_dry_spell([2.0, 0.0, 0.5, 3.0, 0.1])
"""
WRONG_LARGEST = "largest = min(np.loadtxt('rain.csv'))"


def second_source() -> NotebookNode:
    """Make the instructor's second notebook."""
    return notebook(
        prose("# Übung"),
        answer("double", "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION"),
        graded("test_double", 2, "assert double(4) == 8"),
        written("why", 1, "Why?\n\n### BEGIN SOLUTION\nTwo of them.\n### END SOLUTION"),
    )


def added_test() -> NotebookNode:
    """Make the test that the instructor adds once everybody has handed in."""
    return graded("test_more", 1, "assert close(mean([2, 4]), 3)")


@dataclass(frozen=True)
class Student:
    """One student.

    Parameters
    ----------
    name
        nbgrader's id.
    ways
        What is odd, in words.
    pack
        Puts the two notebooks into the files that are handed in.
    change
        Changes the two notebooks before.
    timestamp
        The text of ``timestamp.txt``; None for no such file.
    work
        Which of the ways to write each answer.
    wrong
        Answers that are not right.
    """

    name: str
    ways: str
    pack: Callable[[NotebookNode, NotebookNode], Files]
    change: Callable[[NotebookNode, NotebookNode], None] = lambda first, second: None
    timestamp: str | None = "2026-01-01 12:00:00 UTC"
    work: tuple[int, int, int, int] = (0, 0, 0, 0)
    wrong: str = ""

    def files(self, first: NotebookNode, second: NotebookNode) -> Files:
        """Return what the student hands in, of the notebooks as they were released."""
        mean, smooth, words, counter = self.work
        own = {
            "mean": MEAN[mean],
            "smooth": SMOOTH[smooth],
            "words": WORDS[words],
            "counter": COUNTER[counter],
            "largest": self.wrong or f"largest = max(np.loadtxt('rain.csv'))  # of {self.name}",
            "explain": f"The ends stand in fewer windows, {self.name} says.",
            "example": f"print(mean([{len(self.name)}, 3, 4]))",
        }
        first = answered(first, own)
        first.cells.append(new_markdown_cell(f"A series of period two, as {self.name} thinks."))
        second = answered(
            second, {"double": "def double(n):\n    return n + n", "why": f"Because of {self.name}."}
        )
        self.change(first, second)
        return self.pack(first, second)


def _bytes(nb: NotebookNode) -> bytes:
    return nbformat.writes(nb, ensure_ascii=False).encode()


def plainly(first: NotebookNode, second: NotebookNode) -> Files:
    return {f"{SERIES}.ipynb": _bytes(first), f"{SECOND}.ipynb": _bytes(second)}


def as_a_mac_names_it(first: NotebookNode, second: NotebookNode) -> Files:
    return {f"{SERIES}.ipynb": _bytes(first), unicodedata.normalize("NFD", f"{SECOND}.ipynb"): _bytes(second)}


def in_a_folder(first: NotebookNode, second: NotebookNode) -> Files:
    return {f"my homework/{name}": content for name, content in plainly(first, second).items()}


def as_a_browser_names_it(first: NotebookNode, second: NotebookNode) -> Files:
    return {f"{SERIES} (1).ipynb": _bytes(first), f"{SECOND} (2).ipynb": _bytes(second)}


def zipped(first: NotebookNode, second: NotebookNode) -> Files:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in plainly(first, second).items():
            file.writestr(f"series/{name}", content)
    return {"homework.zip": data.getvalue()}


def in_latin_1(first: NotebookNode, second: NotebookNode) -> Files:
    return {name: content.decode().encode("latin-1") for name, content in plainly(first, second).items()}


def the_first_alone(first: NotebookNode, second: NotebookNode) -> Files:
    return {f"{SERIES}.ipynb": _bytes(first)}


def answer_beside_its_cell(first: NotebookNode, second: NotebookNode) -> None:
    place = index(first, "explain")
    text = first.cells[place].source
    first.cells[place].source = "Why is the mean of the smoothed series not always the mean of the series?"
    first.cells.insert(place + 1, new_markdown_cell(text))


def metadata_lost(first: NotebookNode, second: NotebookNode) -> None:
    for name in ("explain", "example", "counter"):
        first.cells[index(first, name)].metadata.pop("nbgrader")


def picture_that_does_not_resolve(first: NotebookNode, second: NotebookNode) -> None:
    first.cells[index(first, "explain")].source += "\n\n![my drawing](attachment:drawing.png)"


def own_helper(first: NotebookNode, second: NotebookNode) -> None:
    first.cells.append(new_code_cell(HELPER))


def umlauts(first: NotebookNode, second: NotebookNode) -> None:
    second.cells[index(second, "why")].source = "Weil es so schön ist, déjà vu."


# The due date is 2 January, and is moved to 4 January once all is graded.
STUDENTS = (
    Student("ada", "collected from a platform's archive; like bob's", plainly, own_helper),
    Student("bob", "like ada's; no timestamp", plainly, own_helper, timestamp=None),
    Student(
        "Ada", "an id as ada's; late until the due date is moved", plainly,
        timestamp="2026-01-03 00:00:00 UTC", work=(1, 1, 1, 1),
    ),
    Student(
        "=1+1", "an id like a formula; late but for an extension", plainly,
        timestamp="2026-01-05 12:00:00 UTC", work=(2, 2, 0, 1),
    ),
    Student("eli", "a zone that may be several", plainly, timestamp="2026-01-03 23:30:00 IST", work=(0, 1, 1, 0)),
    Student(
        "fay", "a damaged timestamp; a picture that is not there", plainly, picture_that_does_not_resolve,
        timestamp="2026-01-0", work=(1, 2, 1, 0),
    ),
    Student(
        "hal", "an answer beside its cell; a name in NFD", as_a_mac_names_it, answer_beside_its_cell,
        work=(2, 0, 1, 1),
    ),
    Student("ida", "cells without their marks; inside a folder", in_a_folder, metadata_lost, work=(0, 2, 1, 1)),
    Student("jon", "renamed by a browser; extra credit", as_a_browser_names_it, work=(1, 0, 0, 1)),
    Student("max", "a zip archive", zipped, work=(2, 1, 0, 0)),
    Student(
        "ned", "in Latin-1; late; a wrong answer", in_latin_1, umlauts, timestamp="2026-01-09 00:00:00 UTC",
        work=(1, 1, 0, 0), wrong=WRONG_LARGEST,
    ),
    Student("quy", "one notebook of two", the_first_alone, work=(2, 2, 1, 0)),
)  # fmt: skip
