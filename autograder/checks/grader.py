"""The judge as the checks see it: its seeds, its way to a model's file, its record of mistakes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.checks.known_networks import KnownNetworks


@dataclass(frozen=True)
class Grader:
    """The judge's part in the checks. By default there is none, as on a student's machine.

    Parameters
    ----------
    seed_key : bytes, optional
        Key of the seeds that `seeds.variant` gives; by default the one of the environment's secret.
    open_model : callable, optional
        Opens a model's file where the student's code runs: takes its path and the most bytes,
        returns what `trained.opened` returns; by default that is called here.
    recognised : list of str, optional
        Takes the names of the mistakes that wrong answers look like, each once, in the order found;
        by default they are not kept.
    looks : list of str, optional
        Takes what a person should look at, each once, in the order noted; by default it is not
        kept.
    replace : callable, optional
        Replaces names of the notebook, within the context manager that it returns, where the
        student's code runs as well; by default those of the module ``__main__`` are.
    networks : KnownNetworks, optional
        What networks of the student's do that were judged before; by default each is made.
    """

    seed_key: bytes | None = None
    open_model: Callable[[str, int], Any] | None = None
    recognised: list[str] | None = None
    looks: list[str] | None = None
    replace: Callable[[dict[str, Any]], AbstractContextManager[None]] | None = None
    networks: KnownNetworks | None = None

    def record(self, mistakes: Iterable[str]) -> None:
        """Keep the names of known mistakes that were recognised."""
        if self.recognised is not None:
            self.recognised.extend(name for name in mistakes if name not in self.recognised)

    def note(self, why: str) -> None:
        """Keep what a person should look at."""
        if self.looks is not None and why not in self.looks:
            self.looks.append(why)

    def install(self) -> None:
        """Make this the current grader, here and in threads that `threading` begins from now on."""
        current_grader.set(self)
        # A new thread's context is empty, so a check in a test's own thread would find no grader;
        # the profiler's hook is what Python runs first in a new thread.
        threading.setprofile(self._adopt)

    def _adopt(self, _frame: FrameType, _event: str, _argument: Any) -> None:
        """Make this the current grader of a thread that begins, and stop profiling it."""
        sys.setprofile(None)
        current_grader.set(self)


current_grader: ContextVar[Grader] = ContextVar("current_grader", default=Grader())  # noqa: B039 - frozen


def worth_a_look(why: str) -> None:
    """Put the submission on the report's list of those that a person should look at.

    It costs no points, and the student does not read it. Call it in a hidden test: on a student's
    machine and in one kernel it does nothing.

    Parameters
    ----------
    why : str
        What there is to look at, in words for the instructor.
    """
    current_grader.get().note(why)


@contextmanager
def graded_by(grader: Grader) -> Iterator[Grader]:
    """Make a grader the current one within this block.

    Parameters
    ----------
    grader : Grader
        Such as ``Grader(seed_key=b"another")``, to see what hidden tests draw from another secret.

    Yields
    ------
    Grader
        The same.
    """
    token = current_grader.set(grader)
    try:
        yield grader
    finally:
        current_grader.reset(token)
