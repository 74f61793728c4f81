"""Files of the judge's folder: a test's go to the worker, the student's come as copies.

Nothing that comes can be imported here: modules of the lab are imported from a folder of their own,
and files that could be code do not cross. None replaces a file of the lab, and none a file that the
test has written but where the instructor's solution does so in the same test.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from autograder.execution.pickle_watch import PickleWatch
from autograder.protocol import small_files
from autograder.protocol.small_files import Copies, Signature

LAB, HOME = ".lab", ".home"
_MENTIONS = re.compile(
    r"\bopen\s*\(|\bPath\b|\bpathlib\b|\btempfile\b|\bglob\b|\bshutil\b|\bread_\w+\(|\bto_(csv|json)\("
    r"|\bos\.(path|listdir|remove|unlink|mkdir|makedirs|stat|rename|scandir|walk)\b"
    r"|\b(loadtxt|savetxt|genfromtxt|savefig|imread|sqlite3)\b|\bnp\.(load|save)\b"
    r"|['\"][\w./ -]+\.(csv|txt|json|tsv|dat|log|png|jpe?g|md|html|pdf|svg|npy|npz|xml|ya?ml)['\"]"
)


NETWORK = ".keras"  # which `autograder.trained` has the worker open


class JudgeFiles:
    """The working folder of a judge.

    Parameters
    ----------
    folder
        It.
    ask_for_all
        Asks the worker for nothing but its files.
    may_happen
        Notes what the student's code does; returns whether the solution does so in this test.
    fall_short
        Called with what cannot be copied, in words.
    """

    def __init__(
        self,
        folder: Path,
        ask_for_all: Callable[[], object],
        may_happen: Callable[[str], bool],
        fall_short: Callable[[str], None],
    ) -> None:
        self._folder, self._ask_for_all = folder, ask_for_all
        self._may_happen, self._fall_short = may_happen, fall_short
        self._lab = set(small_files.scan(folder)[0])
        self._theirs: dict[str, Signature] = {}  # what came, as it was laid
        self._told: dict[str, Signature] = {}  # what the worker knows of the rest
        self._helpers = self._text = ""
        self._asks_for_all = self._is_used = self._moves = False
        self._watch = PickleWatch(folder, fall_short)
        self._came: set[str] = set()  # of files, in any test

    def learn(self, source: str) -> None:
        """Read a cell that is no test, which has run on both sides: its files are the lab's."""
        self._helpers += source + "\n"
        if _MENTIONS.search(source):
            self._lab |= set(small_files.scan(self._folder)[0]) - set(self._theirs)

    def begin_test(self, source: str) -> None:
        """Lay what the student's cells have written, if the instructor's code speaks of files."""
        self._text = self._helpers + source
        self._moves = "chdir" in self._text
        self._is_used = _MENTIONS.search(self._text) is not None
        if self._is_used:
            self._told, self._asks_for_all = {}, True
            self._ask_for_all()

    def current(self) -> dict[str, Any]:
        """Return what the worker is to know before a request; empty where no test uses files."""
        if not self._is_used:
            return {}
        found, _ = small_files.scan(self._folder)
        new = {
            name: None
            for name, signature in found.items()
            if name not in self._lab and signature not in (self._theirs.get(name), self._told.get(name))
        }
        files = {name: one for name, one in small_files.copies(self._folder, new).items() if one is not False}
        for name in (*self._told, *self._theirs):
            if name not in found:
                files[name] = None
        self._theirs = {name: one for name, one in self._theirs.items() if name in found and name not in new}
        self._told = {name: found[name] for name in (*self._told, *new) if name in found}
        told: dict[str, Any] = {"new": files} if files else {}
        if self._asks_for_all:
            self._asks_for_all = False
            told["lab"] = sorted(self._lab)
        return told or {"new": {}}

    def working_folder(self) -> str | None:
        """Return where below the folder a test has gone; None where it is at home.

        A folder elsewhere has no like in the worker, and the engine falls short.
        """
        if not self._moves:
            return None
        try:
            now = os.getcwd()
        except FileNotFoundError:  # a folder that is gone
            return None
        if now == str(self._folder):
            return None
        inside = os.path.relpath(now, self._folder)
        if inside.partition(os.sep)[0] == os.pardir:
            self._fall_short("the test changes to a folder outside of its own")
            return None
        return inside

    def take(self, copies: Copies) -> None:
        """Lay what the student's code has written, and remove what it has removed."""
        if not self._is_used:
            return  # nobody has asked
        for name in sorted(copies, key=lambda name: (copies[name] is None, name)):
            content = copies[name]
            if name in self._lab:
                continue
            if content is False or content is True:
                self._name_missing(name)
            elif self._may_replace(name, content) and small_files.lay(self._folder, name, content):
                self._told.pop(name, None)
                self._theirs.pop(name, None)
                if content is not None:
                    self._came.add(name)
                    self._watch.watch(self._came)
                    status = (self._folder / name).lstat()
                    self._theirs[name] = (
                        (0, 0, 0)
                        if name.endswith("/")
                        else (status.st_mtime_ns, status.st_size, status.st_ino)
                    )

    def _may_replace(self, name: str, content: bytes | None) -> bool:
        """Return whether a file may be changed; one of the test's where the solution does so."""
        if not os.path.lexists(self._folder / name) or name in self._theirs:
            return True
        return name.endswith("/") or small_files.read(self._folder, name) == content or self._may_happen(
            f"file {name}"
        )  # fmt: skip

    def _name_missing(self, name: str) -> None:
        last = PurePosixPath(name).name
        if last in self._text and not last.endswith(NETWORK):
            self._fall_short(
                f"the file `{last}` is not copied to the test: only text, tables and pictures of at most "
                f"{small_files.MAX_BYTES // 2**20} MiB with plain names are"
            )


def relative(value: Any, folder: str) -> Any:
    """Return a test's argument with the paths below its working folder relative to that.

    The worker has a folder of its own; so a temporary folder of the test is found there as well.
    """
    if type(value) is str:
        return _below(value, folder)
    if isinstance(value, PurePath):
        return type(value)(_below(str(value), folder))
    if type(value) in (list, tuple):
        return type(value)(relative(part, folder) for part in value)
    if type(value) is dict:
        return {key: relative(part, folder) for key, part in value.items()}
    return value


def _below(path: str, folder: str) -> str:
    if path != folder and not path.startswith(folder + os.sep):
        return path
    here = os.getcwd()
    if here.startswith(folder + os.sep):  # where the student's function is as well
        return os.path.relpath(path, here)
    return "." if path == folder else path.removeprefix(folder + os.sep)


def separate(folder: Path) -> None:
    """Have Python find the lab's modules in a folder of their own, and nothing below this one."""
    lab, home = folder / LAB, folder / HOME
    home.mkdir(exist_ok=True)
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (LAB, HOME)]
        for name in names:
            path = Path(place, name)
            target = lab / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                try:
                    os.link(path, target)
                except OSError:
                    shutil.copyfile(path, target)
    lab.mkdir(exist_ok=True)
    root = os.path.realpath(folder)

    def of_the_lab(path: str) -> Any:
        real = os.path.realpath(path or ".")
        inside = os.path.relpath(real, root)
        if inside.startswith((LAB, HOME)) or not (real + os.sep).startswith(root + os.sep):
            raise ImportError(path)
        return next(
            finder
            for hook in sys.path_hooks[1:]
            if (finder := _made(hook, os.path.normpath(os.path.join(root, LAB, inside)))) is not None
        )

    lab.joinpath(".none").mkdir(exist_ok=True)
    sys.path_hooks.insert(0, of_the_lab)
    sys.path_importer_cache.clear()


def _made(hook: Callable[[str], Any], path: str) -> Any:
    try:
        return hook(
            path if os.path.isdir(path) else os.path.join(path.split(LAB, maxsplit=1)[0], LAB, ".none")
        )
    except ImportError:
        return None
