"""Modules that only the judge may read, such as a lab's reference code."""

from __future__ import annotations

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from zlib import crc32


def judge_only(name: str) -> ModuleType:
    """Import a module that only the judge may read.

    It lies in the folder that ``$AUTOGRADER_JUDGE`` names; without that, in
    ``solutions/<lab>/judge/`` of the first folder above the working directory that has one, where
    the lab is the working directory's name.

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


def import_from(folder: str | Path, name: str) -> ModuleType:
    """Import a module or package from a folder that is not on Python's path.

    Parameters
    ----------
    folder : str or Path
        Its folder.
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
    full_name = f"judge_only_{crc32(bytes(path)):08x}_{name}"
    if full_name in sys.modules:
        return sys.modules[full_name]
    submodules = [str(path.parent)] if path == package else None
    spec = spec_from_file_location(full_name, path, submodule_search_locations=submodules)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = sys.modules[full_name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full_name]
        raise
    return sys.modules[full_name]


def _judge_folder() -> Path:
    if folder := os.environ.get("AUTOGRADER_JUDGE"):
        return Path(folder)
    here = Path.cwd()
    for parent in here.parents:
        judge = parent / "solutions" / here.name / "judge"
        if judge.is_dir():
            return judge
    raise FileNotFoundError(
        f"no solutions/{here.name}/judge above {here}: hidden tests run in the instructor's course folder"
    )
