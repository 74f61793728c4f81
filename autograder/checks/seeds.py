"""Hidden tests with numbers of their own: seeds that come from a secret of the course.

Published answers are answers to published numbers. A hidden test asks `variant` for a seed and
draws its shapes, kernels and strides from it; the tests without the secret do not tell them. The
secret is a file of the instructor's. The judge sees a key made from it; a worker sees neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from autograder.checks.grader import current_grader

VARIABLE = "AUTOGRADER_SECRET"
FILE = "course_secret"
SHORTEST = 32
NO_SECRET = (
    "there is no course secret: hidden tests use the numbers that everybody can compute, so that published "
    "answers could pass; `autograder secret` makes one"
)


class SecretError(ValueError):
    """A file of a course secret that cannot be used; the text says why and what to do."""


def variant(task: str) -> int:
    """Return the seed of one task's hidden numbers.

    Parameters
    ----------
    task : str
        Any name, such as ``"encoder: dense_kernel"``. Other names give other seeds.

    Returns
    -------
    int
        From 0 to 2³² − 1: the same for the same name and the same secret. Without a secret, as on
        students' machines, it depends on the name alone.

    Raises
    ------
    SecretError
        If the environment variable ``AUTOGRADER_SECRET`` names a file that holds no secret.
    """
    key = current_grader.get().seed_key
    if key is None:
        key = key_of(os.environ.get(VARIABLE))
    return int.from_bytes(hmac.digest(key, task.encode(), hashlib.sha256)[:4], "big")


def key_of(path: str | Path | None, student: str = "") -> bytes:
    """Return the key that a judge is given.

    Parameters
    ----------
    path : str, Path or None
        The file with the course secret; None, "" or a file that is not there for a course without
        one.
    student : str
        The student's id, where each student is to have other numbers.

    Returns
    -------
    bytes
        It tells nothing of the secret, nor of another student's key.

    Raises
    ------
    SecretError
        If the file cannot be read or holds no secret.
    """
    secret = read(path) if path and Path(path).exists() else b""
    return hmac.digest(secret or b"no secret", b"student:" + student.encode(), hashlib.sha256)


def read(path: str | Path) -> bytes:
    """Return a course secret.

    Raises
    ------
    SecretError
        If the file cannot be read or holds no secret.
    """
    try:
        secret = Path(path).read_bytes().strip()
    except OSError as error:
        raise SecretError(f"the course secret {path} cannot be read ({error.strerror})") from None
    if len(secret) < SHORTEST:
        raise SecretError(
            f"{path} holds no course secret: it has {len(secret)} bytes, expected {SHORTEST} or more; "
            "put the old file back, or remove it and run `autograder secret`"
        )
    return secret


def make(path: str | Path) -> Path:
    """Write a new secret into a new file that only its owner can read; return its path.

    Raises
    ------
    SecretError
        If there is a file already, or it cannot be written.
    """
    path = Path(path)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SecretError(
            f"{path} is there already: with another secret the same submissions would meet other tests; "
            "remove it first if that is what you want"
        ) from None
    except OSError as error:
        raise SecretError(f"{path} cannot be written ({error.strerror})") from None
    with open(handle, "w") as file:
        file.write(secrets.token_hex(SHORTEST) + "\n")
    return path
