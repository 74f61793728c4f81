"""The structure of the imports, in numbers: ``python -m tests.structure [PACKAGE …]``.

Counted are imports of modules by modules of the same package, those within functions and those for
types alone included. A module's floor is one above the highest that it imports; modules in a circle
share a floor.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import grimp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Structure:
    """One package's imports.

    Parameters
    ----------
    modules, imports, floors
        How many there are.
    circles
        Modules that import each other, directly or through others, by circle.
    """

    modules: int
    imports: int
    floors: int
    circles: tuple[tuple[str, ...], ...]


def measure(package: str) -> Structure:
    """Read the imports of a package's modules."""
    graph = grimp.build_graph(package, cache_dir=None)
    names = sorted(name for name in graph.modules if name != package)
    number = {name: index for index, name in enumerate(names)}
    pairs = [
        (number[name], number[other])
        for name in names
        for other in graph.find_modules_directly_imported_by(name)
        if other in number
    ]
    rows, columns = zip(*pairs, strict=True)
    matrix = csr_array(([1] * len(pairs), (rows, columns)), shape=(len(names), len(names)))
    count, label = connected_components(matrix, directed=True, connection="strong")
    groups: dict[int, list[str]] = {}
    for name, group in zip(names, label, strict=True):
        groups.setdefault(int(group), []).append(name)
    floors = [1] * count
    edges = {(label[a], label[b]) for a, b in pairs if label[a] != label[b]}
    for _ in range(count):
        for above, below in edges:
            floors[above] = max(floors[above], floors[below] + 1)
    circles = tuple(tuple(group) for group in groups.values() if len(group) > 1)
    return Structure(len(names), len(pairs), max(floors), circles)


def main() -> None:
    """Print the numbers of the packages that the command names, of both by default."""
    for package in sys.argv[1:] or ("autograder", "sepconv"):
        found = measure(package)
        print(
            f"{package}: {found.modules} modules, {found.imports} imports, {found.floors} floors, "
            f"{len(found.circles)} circles"
        )
        for circle in found.circles:
            print(f"  circle: {', '.join(circle)}")


if __name__ == "__main__":
    main()
