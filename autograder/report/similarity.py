"""Near-identical submissions: what two have in common that is rare in the class.

Code is compared as syntax trees without names, comments, layout and texts, cut into overlapping
passages of `LENGTH` nodes. Passages of the release, and those that more than `USUAL` of the class
have, do not count: that is how one answers. Each other passage weighs as much as it is rare,
ln(class size / how many have it). Two submissions are as alike as the weight of the passages in
both is of the weight of those in either. Of a very long submission only the beginning is compared.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

from autograder.notebook.code import parse_cell
from autograder.report.data import ClassData, Code

if TYPE_CHECKING:
    import numpy as np

LENGTH = 12
USUAL = 0.25
THRESHOLD = 0.8
FEWEST = 40  # passages in common: less is no evidence
MOST_PAIRS = 200  # of which the cells are shown side by side
MOST_CODE = 100_000  # characters of a submission that are compared
MOST_CELLS = 300
LONGEST_CELL = 10_000  # beyond, a cell is compared by its words
SHOWN_CELLS, SHOWN_LINES = 20, 200  # of a pair, on the page
SHOWN_PAIRS = 12  # of a group, on the page


@dataclass(frozen=True)
class Side:
    """One of two cells that are alike: its code, and its lines (from 0) that are in both."""

    name: str
    source: str
    common: frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are nearly identical.

    Parameters
    ----------
    first, second
        The students.
    likeness
        Between `THRESHOLD` and 1.
    passages
        Number of rare passages in both.
    cells
        Cells of the first, each beside the cell of the second that it has most in common with.
    """

    first: str
    second: str
    likeness: float
    passages: int
    cells: tuple[tuple[Side, Side], ...]


@dataclass(frozen=True)
class Group:
    """Submissions of which each is nearly identical to another one of them.

    Parameters
    ----------
    students
        Theirs, in alphabetical order.
    least, most
        How alike those are that are nearly identical, at least and at most.
    pairs
        Of all pairs the fewest that hold the group together, the most alike first: one less than
        there are students.
    """

    students: tuple[str, ...]
    least: float
    most: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class _Passage:
    key: int
    lines: frozenset[int]


def groups(data: ClassData) -> tuple[Group, ...]:
    """Return the near-identical submissions of a class in groups, the largest first.

    Of `MOST_PAIRS` pairs the cells are compared, of the others they are left out.
    """
    released = {passage.key for code in data.released for passage in passages(code.source)}
    writers = [submission for submission in data.submissions if submission.code]
    codes = [compared(writer.code)[0] for writer in writers]
    own = [
        frozenset(passage.key for code in written for passage in passages(code.source)) - released
        for written in codes
    ]
    having = Counter(key for keys in own for key in keys)
    usual = max(2, USUAL * len(writers))
    rare = {key for key, count in having.items() if count <= usual}
    alike = _alike([keys & rare for keys in own], having, len(writers))
    heads, holding = _joined(alike, len(writers))
    likenesses: dict[int, list[float]] = {}
    for likeness, _, i, _ in alike:
        likenesses.setdefault(heads[i], []).append(likeness)
    made: dict[int, list[Pair]] = {head: [] for head in likenesses}
    for number, (likeness, count, i, j) in enumerate(holding):
        common = own[i] & own[j] & rare
        cells = tuple(_beside(codes[i], codes[j], common)) if number < MOST_PAIRS else ()
        made[heads[i]].append(Pair(writers[i].student, writers[j].student, likeness, count, cells))
    found = [
        Group(
            tuple(sorted(writer.student for number, writer in enumerate(writers) if heads[number] == head)),
            min(likenesses[head]), max(likenesses[head]), tuple(held),
        )
        for head, held in made.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda group: (-len(group.students), -group.most, group.students)))


def _joined(
    alike: Sequence[tuple[float, int, int, int]], size: int
) -> tuple[list[int], list[tuple[float, int, int, int]]]:
    """Return the head of each one's group, and the pairs that join groups, taken in their order."""
    heads = list(range(size))

    def head(one: int) -> int:
        while heads[one] != one:
            heads[one] = one = heads[heads[one]]
        return one

    joining = []
    for pair in alike:
        first, second = head(pair[2]), head(pair[3])
        if first != second:
            heads[second] = first
            joining.append(pair)
    return [head(one) for one in range(size)], joining


def compared(code: Sequence[Code]) -> tuple[tuple[Code, ...], bool]:
    """Return the code of a submission that is compared, and whether that is all of it.

    These are the first `MOST_CELLS` cells, as long as they have no more than `MOST_CODE` characters
    together.
    """
    kept, length = [], 0
    for cell in code[:MOST_CELLS]:
        length += len(cell.source)
        if length > MOST_CODE:
            break
        kept.append(cell)
    return tuple(kept), len(kept) == len(code)


def _alike(
    own: Sequence[frozenset[int]], having: Counter[int], size: int
) -> list[tuple[float, int, int, int]]:
    """Return (likeness, passages in common, i, j) of the pairs above the threshold, sorted."""
    import numpy as np  # noqa: PLC0415 - slow to import

    place = {key: number for number, key in enumerate(sorted(set().union(*own)))}
    if not place:
        return []
    weights = np.log(size / np.array([having[key] for key in place], float))
    # In a class of two, what both have is all there is: every passage weighs the same.
    weights = weights if weights.any() else np.ones_like(weights)
    # Sums over the same passages in the same order: two that are equal are exactly as alike as 1.
    places = [np.array(sorted(place[key] for key in keys), int) for keys in own]
    rows = np.repeat(np.arange(len(own)), [*map(len, places)])
    total = np.bincount(rows, weights[np.concatenate(places)], minlength=len(own))
    writers = _writers(places, rows, len(place))
    similar = []
    for i, mine in enumerate(places):
        holders = [writers[key] for key in mine]
        others = np.concatenate(holders) if holders else np.empty(0, int)
        common = np.bincount(others, minlength=len(own))
        shared = np.bincount(others, np.repeat(weights[mine], [*map(len, holders)]), minlength=len(own))
        either = total[i] + total - shared
        near = (common >= FEWEST) & (shared >= THRESHOLD * either)
        similar += [
            (float(min(1.0, shared[j] / either[j])), int(common[j]), i, int(j))
            for j in np.flatnonzero(near)
            if j > i
        ]
    return sorted(similar, key=lambda pair: (-pair[0], -pair[1], *pair[2:]))


def _writers(places: Sequence[np.ndarray], rows: np.ndarray, number: int) -> list[np.ndarray]:
    """Return who has each of so many passages, of the passages that each has and whose they are."""
    import numpy as np  # noqa: PLC0415

    every = np.concatenate(places)
    order = np.argsort(every, kind="stable")
    return np.split(rows[order], np.searchsorted(every[order], np.arange(1, number)))


def _beside(
    first: Sequence[Code], second: Sequence[Code], common: frozenset[int]
) -> Iterator[tuple[Side, Side]]:
    theirs = [
        (code, passages_, keys) for code in second for passages_, keys in [_shared(code, common)] if keys
    ]
    for code in first:
        mine, keys = _shared(code, common)
        if not keys or not theirs:
            continue
        other, others, other_keys = max(theirs, key=lambda cell: len(keys & cell[2]))
        if both := keys & other_keys:
            yield (
                Side(code.name, code.source, _lines(mine, both)),
                Side(other.name, other.source, _lines(others, both)),
            )


def _shared(code: Code, common: frozenset[int]) -> tuple[list[_Passage], set[int]]:
    """Return a cell's passages that are in both submissions, and their keys."""
    shared = [passage for passage in passages(code.source) if passage.key in common]
    return shared, {passage.key for passage in shared}


def _lines(passages_: Iterable[_Passage], keys: set[int]) -> frozenset[int]:
    return frozenset().union(*(passage.lines for passage in passages_ if passage.key in keys))


@cache
def passages(source: str) -> tuple[_Passage, ...]:
    """Cut code into overlapping passages, each with a key and its lines (from 0).

    A cell with fewer nodes than a passage has none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python finds odd in a submission
        nodes = list(_nodes(source))
    words = [crc32(word.encode("utf-8", "replace")) for word, _ in nodes]
    lines = [line for _, line in nodes]
    return tuple(
        _Passage(
            hash(tuple(words[start : start + LENGTH])),
            frozenset(lines[start : start + LENGTH]),
        )
        for start in range(len(nodes) - LENGTH + 1)
    )


def _nodes(source: str) -> Iterator[tuple[str, int]]:
    """Yield a cell's nodes as words without names and layout, each with its line."""
    if len(source) > LONGEST_CELL:
        yield from _words(source)
        return
    tree = parse_cell(source)
    if not tree.body and source.strip():
        yield from _words(source)
    else:
        yield from _walk(tree, 0)


def _walk(node: ast.AST, line: int) -> Iterator[tuple[str, int]]:
    pending = [(node, line)]
    while pending:
        node, line = pending.pop()
        line = getattr(node, "lineno", line + 1) - 1
        if not isinstance(node, ast.Module | ast.expr_context):
            yield _word(node), line
        children = [(child, line) for child in ast.iter_child_nodes(node) if not _is_text(child)]
        pending.extend(reversed(children))


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a mere text, such as a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _word(node: ast.AST) -> str:
    kind = type(node).__name__
    if isinstance(node, ast.Attribute):
        return f"{kind}.{node.attr}"
    if isinstance(node, ast.keyword):
        return f"{kind}.{node.arg}"
    if isinstance(node, ast.Constant):
        return f"{kind}.{node.value!r}" if isinstance(node.value, int | float | bool) else kind
    return kind


def _words(source: str) -> Iterator[tuple[str, int]]:
    """Yield the words of what is no Python, names all alike."""
    for number, text in enumerate(source.splitlines()):
        for word in re.findall(r"\w+|[^\w\s]", text.partition("#")[0]):
            yield ("name" if word.isidentifier() and not keyword.iskeyword(word) else word), number
