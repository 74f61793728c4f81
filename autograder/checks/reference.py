"""Cases and known mistakes of a lab's graded functions, for an instructor's reference package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.case import Case
from autograder.checks.compare import with_mistakes
from autograder.checks.seeds import variant

Mistakes = Mapping[str, tuple[Callable[..., Any], str]]
Fields = Callable[[bool, np.random.Generator], Iterable[dict[str, Any]]]


@dataclass(frozen=True)
class Reference:
    """The graded functions of one lab.

    Parameters
    ----------
    lab : str
        Its name, which the numbers of hidden tests depend on.
    tasks : mapping of str to pair
        By function: a function that makes its cases' fields, from whether they are hidden and a
        generator of random numbers; and its known mistakes, by name the mistaken function and a
        sentence on what to look at.
    seed : int
        Of the visible cases.
    """

    lab: str
    tasks: Mapping[str, tuple[Fields, Mistakes]]
    seed: int

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of the graded functions."""
        return tuple(self.tasks)

    def cases(self, function: str, hidden: bool = True, seed: int | None = None) -> list[Case]:
        """Make the cases of one graded function.

        Parameters
        ----------
        function : str
            One of `functions`.
        hidden : bool
            Whether for the hidden test or for the visible one, whose inputs are others.
        seed : int, optional
            Seed of all that is drawn; for hidden cases the one of the course secret by default.

        Returns
        -------
        list of Case
            In the order in which a test runs them.
        """
        fields_of, mistakes = self.tasks[function]
        if seed is None:
            seed = variant(f"{self.lab}: {function}") if hidden else self.seed
        rng = np.random.default_rng(seed)
        return [
            with_mistakes(Case(function, hidden=hidden, **fields), mistakes)
            for fields in fields_of(hidden, rng)
        ]

    def mistakes_of(self, function: str) -> Mistakes:
        """List the known mistakes of one graded function.

        Parameters
        ----------
        function : str
            One of `functions`.

        Returns
        -------
        dict of str to pair of callable and str
            By name: the mistaken function, and a sentence on what to look at.
        """
        return self.tasks[function][1]
