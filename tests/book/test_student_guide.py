"""What the student's guide tells to type makes an environment in which the labs run."""

import ast
import re
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import nbformat
import pytest
from packaging.requirements import Requirement

from course import labs
from course.stamps import ROOT

OWN = ("autograder", "sepconv")
GUIDE = (ROOT / "book" / "student.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imported(source: str) -> set[str]:
    """Modules that a source imports; of ours, also what it takes from them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module)
            if node.module.partition(".")[0] in OWN:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def reached(names: set[str]) -> set[str]:
    """Go on into our own modules, and give all that is imported from elsewhere."""
    seen, left, elsewhere = set(), set(names), set()
    while left:
        name = left.pop()
        if name.partition(".")[0] not in OWN:
            elsewhere.add(name.partition(".")[0])
            continue
        path = ROOT.joinpath(*name.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name not in seen and file.is_file():
            seen.add(name)
            left |= imported(file.read_text(encoding="utf-8")) | {name.rpartition(".")[0]} - {""}
    return elsewhere


def promised() -> set[str]:
    """Distributions that the guide's command installs by name."""
    extra = re.search(r'pip install "\./course\[(\w+)\]"', GUIDE)[1]
    return {Requirement(line).name for line in PROJECT["dependencies"]} | of_extra(extra)


def of_extra(extra: str) -> set[str]:
    """Distributions of an extra, and of those extras of the project that it names itself."""
    names = set()
    for line in PROJECT["optional-dependencies"][extra]:
        wanted = Requirement(line)
        if wanted.name == PROJECT["name"]:
            names = names.union(*map(of_extra, wanted.extras))
        else:
            names.add(wanted.name)
    return names


def installed_with(names: set[str]) -> set[str]:
    """Give distributions and all that they require."""
    seen, left = set(), set(names)
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        with suppress(PackageNotFoundError):  # one for another system or Python
            wanted = [Requirement(line) for line in requires(name) or ()]
            left |= {one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})}
    return seen


@pytest.mark.parametrize("lab", labs.names())
def test_what_the_guide_installs_holds_all_that_a_lab_imports(lab):
    cells = nbformat.read(ROOT / "labs" / lab / f"{lab}.ipynb", as_version=4).cells
    names = set().union(*(imported(cell.source) for cell in cells if cell.cell_type == "code"))
    known, given = packages_distributions(), installed_with(promised())
    missing = {name for name in reached(names) if name in known and given.isdisjoint(known[name])}
    assert missing == set()
    assert {"autograder.checks", "keras"} <= names


def test_the_guide_installs_jupyterlab_and_nbgrader():
    assert promised() >= {"jupyterlab", "nbgrader"}


def test_the_guide_names_the_pythons_that_the_project_takes():
    oldest, beyond = re.findall(r"3\.(\d+)", PROJECT["requires-python"])
    assert f"Python 3.{oldest} to 3.{int(beyond) - 1}" in GUIDE
