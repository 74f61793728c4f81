"""Store of one assignment: a file for each result, named by its key, and one for each student.

Files are signed with a secret of the course, so that a file which is damaged, or was not written by
a grading of this course, is ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

from autograder.files import create_or_read, write_atomically
from autograder.result import Changes, Result
from autograder.store.records import Record

FOLDER = ".autograder"
HISTORY = 20  # records kept of each student
_SHORTEST_SECRET = 32


class StoreError(RuntimeError):
    """The store cannot be read or written; the text says why and what to do."""


class Store:
    """Results and records of one assignment of one course.

    They lie in ``<course>/.autograder/<assignment>/``: in ``results/<key>.json`` the result of a
    submission under one set of tests, in ``records/<student>.json`` the records of a student, the
    latest last, in ``solutions/<digest>.json`` the arguments that the instructor's solution
    changes.

    Parameters
    ----------
    course
        The course's folder.
    assignment
        The assignment's name.

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
        """Return the key of the result that depends on ``content``, any plain value.

        It cannot be predicted without the course's secret.
        """
        return self._sign(_canonical(["key", content]))

    def result(self, key: str) -> Result | None:
        """Return a result, or None where this course has written none."""
        body = self._read(self.folder / "results" / f"{key}.json", key)
        if body is None:
            return None
        try:
            return Result.from_json(json.dumps(body))
        except ValueError:  # written by an older version
            return None

    def keep(self, key: str, result: Result) -> None:
        """Write a result; it replaces one of the same key.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        self._write(self.folder / "results" / f"{key}.json", key, json.loads(result.to_json()))

    def changeable(self, tests: str) -> Changes | None:
        """Return what the instructor's solution changes, as `keep_changeable` has kept it, or None.

        Parameters
        ----------
        tests
            Digest of the instructor's side.
        """
        body = self._read(self._solutions / f"{tests}.json", tests)
        if not isinstance(body, dict):
            return None
        return {name: tuple(arguments) for name, arguments in body.items()}

    def keep_changeable(self, tests: str, changes: Changes) -> None:
        """Write what the instructor's solution changes of its arguments, by grade id.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        if self.changeable(tests) is None:
            self._write(self._solutions / f"{tests}.json", tests, changes)

    def record(self, student: str) -> Record | None:
        """Return the last record of a student, or None."""
        history = self.history(student)
        return history[-1] if history else None

    def history(self, student: str) -> list[Record]:
        """Return the records of a student, the latest last; the last 20 at most."""
        body = self._read(self._records / _file_name(student), student)
        try:
            return [Record.from_plain(plain) for plain in body] if isinstance(body, list) else []
        except ValueError:
            return []

    def records(self) -> Iterator[Record]:
        """Yield the last record of each student, by their ids."""
        for path in sorted(self._records.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                student = json.loads(path.read_bytes())["name"]
                record = self.record(student) if path.name == _file_name(student) else None
                if record is not None:
                    yield record

    def add_record(self, record: Record) -> None:
        """Add a record to its student's history, unless the last one says the same.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        history = self.history(record.student)
        if history and record.same_as(history[-1]):
            return
        plain = [earlier.to_plain() for earlier in [*history, record][-HISTORY:]]
        self._write(self._records / _file_name(record.student), record.student, plain)

    @property
    def _solutions(self) -> Path:
        return self.folder / "solutions"

    @property
    def _records(self) -> Path:
        return self.folder / "records"

    def _sign(self, text: bytes) -> str:
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()

    def _read(self, path: Path, name: str) -> object:
        """Return the body of a file that this course has written under this name, or None."""
        try:
            data = json.loads(path.read_bytes())
            signature = self._sign(_canonical([name, data["body"]]))
            return data["body"] if hmac.compare_digest(signature, data["signature"]) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _write(self, path: Path, name: str, body: object) -> None:
        data = {"name": name, "signature": self._sign(_canonical([name, body])), "body": body}
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomically(path, json.dumps(data).encode())
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


def _secret(folder: Path) -> bytes:
    """Return the course's secret; make one if there is none."""
    path = folder / "secret"
    try:
        with contextlib.suppress(FileNotFoundError):
            if len(secret := path.read_bytes()) >= _SHORTEST_SECRET:
                return secret
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return create_or_read(path, secrets.token_hex(_SHORTEST_SECRET).encode())
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be read or made ({error.strerror}); it has to belong to the user that grades"
        ) from error
