"""The one file that says what a department's machine is to be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import get_type_hints
from urllib.parse import urlsplit

ACCOUNT = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")


class DeployError(Exception):
    """A reason why the machine cannot be arranged or started, in one line."""


@dataclass(frozen=True)
class Hub:
    """Where JupyterHub answers.

    Parameters
    ----------
    address
        The address that people open, or that the web server before it passes on.
    hub_port, proxy_port, course_port
        Ports of the loopback address: the hub itself, its talk with the proxy, the instructors'
        server.
    """

    address: str = "http://127.0.0.1:8000"
    hub_port: int = 8081
    proxy_port: int = 8001
    course_port: int = 8082


@dataclass(frozen=True)
class Cluster:
    """The Dask cluster that grades.

    Parameters
    ----------
    user
        The account that runs its processes. It owns nothing else.
    scheduler
        The address at which the scheduler listens.
    workers
        How many workers this machine has, each with one submission at a time.
    """

    user: str = "grading"
    scheduler: str = "tls://127.0.0.1:8786"
    workers: int = 2


@dataclass(frozen=True)
class Settings:
    """Settings of a department's machine.

    Parameters
    ----------
    course
        nbgrader's id of the course.
    folder
        The course folder, which only `owner` may enter.
    owner
        The account that the course belongs to. Instructors work in its name.
    exchange, state
        nbgrader's exchange; what the hub and the cluster keep.
    gradebook
        The address of the gradebook, as SQLAlchemy writes it.
    instructors, students
        Accounts of this machine.
    hub, cluster
        The tables of these names.
    """

    course: str
    folder: Path
    owner: str
    exchange: Path
    state: Path
    gradebook: str
    instructors: tuple[str, ...]
    students: tuple[str, ...]
    hub: Hub = field(default_factory=Hub)
    cluster: Cluster = field(default_factory=Cluster)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who may log in."""
        return (*self.instructors, *self.students)


def read(path: Path) -> Settings:
    """Read the file.

    Raises
    ------
    DeployError
        If it cannot be read, or says what cannot be, with the key, what came and what was expected.
    """
    try:
        with path.open("rb") as file:
            given = tomllib.load(file)
        settings = _made(Settings, given, "")
        _check(settings)
    except OSError as error:
        raise DeployError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise DeployError(f"{path}: {error}") from None
    return settings


def _made(kind: type, given: dict, table: str):
    types, known = get_type_hints(kind), {each.name: each for each in fields(kind)}
    if unknown := sorted(set(given) - set(known)):
        there = ", ".join(table + name for name in known)
        raise ValueError(f"unknown key {table}{unknown[0]}; there are {there}")
    for name, each in known.items():
        if name not in given and each.default is MISSING and each.default_factory is MISSING:
            raise ValueError(f"{table}{name} is missing")
    return kind(**{name: _value(types[name], value, table + name) for name, value in given.items()})


def _value(kind: type, value, name: str):
    if kind in (Hub, Cluster):
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be a table, got {value!r}")
        return _made(kind, value, f"{name}.")
    if kind is Path:
        if not isinstance(value, str) or not Path(value).is_absolute():
            raise ValueError(f"{name} must be a path that begins with /, got {value!r}")
        return Path(value)
    if kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**16:
            raise ValueError(f"{name} must be a number from 1 to {2**16 - 1}, got {value!r}")
        return value
    if kind is str:
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} must be a text, got {value!r}")
        return value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{name} must be a list of account names, got {value!r}")
    return tuple(value)


def _check(settings: Settings) -> None:
    accounts = [settings.owner, settings.cluster.user, *settings.people]
    for name in accounts:
        if not ACCOUNT.fullmatch(name):
            raise ValueError(f"{name!r} is no name of an account")
        if accounts.count(name) > 1:
            # one person in two of these places could read what the other place hides
            raise ValueError(f"{name!r} stands twice among owner, cluster.user, instructors and students")
    if not re.fullmatch(r"[\w.-]+", settings.course):
        raise ValueError(f"course must be letters, digits, '-', '_' and '.', got {settings.course!r}")
    if not settings.instructors:
        raise ValueError("instructors is empty: nobody could grade")
    _check_address("hub.address", settings.hub.address, "http")
    _check_address("cluster.scheduler", settings.cluster.scheduler, "tls")


def _check_address(name: str, address: str, kind: str) -> None:
    try:
        split = urlsplit(address)
        right = split.scheme == kind and split.hostname and split.port
    except ValueError:  # a port out of range
        right = False
    if not right:
        raise ValueError(f"{name} must be {kind}://HOST:PORT, got {address!r}")
