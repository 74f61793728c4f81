"""All idioms, by group."""

import importlib
from importlib.util import find_spec

from tests.autograder.idioms.idiom import Idiom

MODULES = (
    "values", "floats", "strings", "inputs", "files", "exceptions", "classes", "structures", "operators",
    "iterators", "functions", "introspection", "arrays", "frames", "plots", "learning", "science", "chance",
    "times",
    "formats", "state", "mocks", "kinds", "concurrency", "credit", "helpers", "frameworks", "habits",
    "courses",
)  # fmt: skip


def groups() -> dict[str, list[Idiom]]:
    """Return the idioms of each group, in the order in which the guide shows them."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(f"tests.autograder.idioms.{name}")
        found[module.GROUP] = list(module.IDIOMS)
    return found


def idioms(group: str = "", name: str = "") -> list[tuple[str, Idiom]]:
    """List the idioms with their groups, those whose group and name contain the given words."""
    return [
        (each, idiom)
        for each, members in groups().items()
        for idiom in members
        if group.lower() in each.lower() and name.lower() in idiom.name
    ]


def missing(idiom: Idiom) -> list[str]:
    """Return the packages that an idiom needs and that are not installed."""
    return [package for package in idiom.needs if find_spec(package) is None]
