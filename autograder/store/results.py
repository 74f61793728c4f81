"""The store of one lab: a file for each result, named by what it depends on, and one for each student.

What is written is signed with a secret of the course, so that a file which is damaged, or was not written
by a grading of this course, counts as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.result import Result
from autograder.store.records import Record

FOLDER = ".autograder"
HISTORY = 20  # gradings remembered of each student


class StoreError(RuntimeError):
    """The store cannot be read or written; the text says why and what to do."""


class Store:
    """Results and records of one lab of one course.

    They lie in ``<course>/.autograder/<lab>/``: ``results/<key>.json`` what a submission comes to under one
    set of tests, ``records/<student>.json`` which results a student has had, the latest last.

    Parameters
    ----------
    course
        The course's folder.
    assignment
        The lab's name.

    Raises
    ------
    StoreError
        If the course's secret can neither be read nor made.
    """

    def __init__(self, course: Path, assignment: str) -> None:
        self.assignment = assignment
        self.folder = Path(course) / FOLDER / assignment
        self._secret = _secret(Path(course) / FOLDER)

    def key(self, content: object) -> str:
        """Return the name of the result that depends on ``content``, any plain value.

        Without the course's secret it cannot be foretold.
        """
        return self._sign(_canonical(["key", content]))

    def result(self, key: str) -> Result | None:
        """Return a result, or None where there is none that this course has written."""
        body = self._read(self.folder / "results" / f"{key}.json", key)
        if body is None:
            return None
        try:
            return Result.from_json(json.dumps(body))
        except ValueError:  # of an older version
            return None

    def keep(self, key: str, result: Result) -> None:
        """Write a result, in the place of one of the same key.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        self._write(self.folder / "results" / f"{key}.json", key, json.loads(result.to_json()))

    def record(self, student: str) -> Record | None:
        """Return what was noted last of a student."""
        return (self.history(student) or [None])[-1]

    def history(self, student: str) -> list[Record]:
        """Return what was noted of a student, the latest last; the last 20 at most."""
        body = self._read(self._records / _file_name(student), student)
        try:
            return [Record.from_plain(each) for each in body] if isinstance(body, list) else []
        except ValueError:
            return []

    def records(self) -> Iterator[Record]:
        """Yield what was noted last of each student, by their ids."""
        for path in sorted(self._records.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                student = json.loads(path.read_bytes())["name"]
                record = self.record(student) if path.name == _file_name(student) else None
                if record is not None:
                    yield record

    def note(self, record: Record) -> None:
        """Note that a submission's scores are in the gradebook; what is noted already is not noted twice.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        history = self.history(record.student)
        if history and record.same_as(history[-1]):
            return
        plain = [each.to_plain() for each in [*history, record][-HISTORY:]]
        self._write(self._records / _file_name(record.student), record.student, plain)

    @property
    def _records(self) -> Path:
        return self.folder / "records"

    def _sign(self, text: bytes) -> str:
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()

    def _read(self, path: Path, name: str) -> object:
        try:
            data = json.loads(path.read_bytes())
            signed = self._sign(_canonical([name, data["body"]]))
            return data["body"] if hmac.compare_digest(signed, data["signature"]) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _write(self, path: Path, name: str, body: object) -> None:
        data = {"name": name, "signature": self._sign(_canonical([name, body])), "body": body}
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(path, json.dumps(data).encode())
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be written ({error.strerror}); what was graded before is kept, and the same "
                "command goes on from there"
            ) from error


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _file_name(student: str) -> str:
    name = student if len(student.encode()) <= 200 else hashlib.sha256(student.encode()).hexdigest()
    return f"{name}.json"


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step, so that whoever is killed leaves the old one or the new one."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".unfinished")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def _secret(folder: Path) -> bytes:
    path = folder / "secret"
    try:
        with contextlib.suppress(FileNotFoundError):
            if len(secret := path.read_bytes()) >= 32:
                return secret
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, made = tempfile.mkstemp(dir=folder, prefix=".secret-")
        with open(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        try:
            with contextlib.suppress(FileExistsError):
                os.link(made, path)  # of two that make one at once, the first wins
        finally:
            os.unlink(made)
        return path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be read or made ({error.strerror}); it has to belong to whoever grades"
        ) from error
