"""Modules that only the judge may read, such as a lab's reference code."""

import importlib.util
import os
import sys
from pathlib import Path
from zlib import crc32


def judge_only(name):
    """
    Import a module that only the judge may read.

    It lies in the folder that ``$AUTOGRADER_JUDGE`` names; without that, in ``solutions/<lab>/judge/`` of the
    first folder above the working directory that has one, where the lab is the working directory's name.

    Parameters
    ----------
    name : str
        The name of the module or package, without ``.py``.

    Returns
    -------
    module

    Raises
    ------
    FileNotFoundError
        If there is no such module.
    """
    return import_from(_judge_folder(), name)


def import_from(folder, name):
    """
    Import a module or package from a folder that is not on Python's path.

    Parameters
    ----------
    folder : str or Path
        Where it lies.
    name : str
        Its name, without ``.py``.

    Returns
    -------
    module

    Raises
    ------
    FileNotFoundError
        If there is no such module.
    """
    folder = Path(folder).resolve()
    package = folder / name / "__init__.py"
    path = package if package.is_file() else folder / f"{name}.py"
    if not path.is_file():
        raise FileNotFoundError(f"no module {name} in the judge's folder {folder}")
    known_as = f"judge_only_{crc32(bytes(path)):08x}_{name}"
    if known_as not in sys.modules:
        within = [str(path.parent)] if path == package else None
        spec = importlib.util.spec_from_file_location(known_as, path, submodule_search_locations=within)
        sys.modules[known_as] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(sys.modules[known_as])
        except BaseException:
            del sys.modules[known_as]
            raise
    return sys.modules[known_as]


def _judge_folder():
    if named := os.environ.get("AUTOGRADER_JUDGE"):
        return Path(named)
    here = Path.cwd()
    for folder in here.parents:
        judge = folder / "solutions" / here.name / "judge"
        if judge.is_dir():
            return judge
    raise FileNotFoundError(
        f"no solutions/{here.name}/judge above {here}: hidden tests run in the instructor's course folder"
    )
