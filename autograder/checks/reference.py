"""What an instructor's reference package gives tests: the cases of graded functions, and their mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks import Case, with_mistakes
from autograder.checks.seeds import variant

Mistakes = Mapping[str, tuple[Callable[..., Any], str]]
Fields = Callable[[bool, np.random.Generator], Iterable[dict]]


@dataclass(frozen=True)
class Reference:
    """The graded functions of one lab.

    Parameters
    ----------
    lab : str
        Its name, which the numbers of hidden tests depend on.
    tasks : mapping of str to pair
        By function: what makes its cases' fields, from whether they are hidden and a generator of random
        numbers; and its known mistakes, by name the mistaken function and a sentence on what to look at.
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
        make, mistakes = self.tasks[function]
        if seed is None:
            seed = variant(f"{self.lab}: {function}") if hidden else self.seed
        made = (
            Case(function, hidden=hidden, **fields) for fields in make(hidden, np.random.default_rng(seed))
        )
        return [with_mistakes(case, mistakes) for case in made]

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
