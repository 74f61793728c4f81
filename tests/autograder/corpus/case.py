"""One submission and what it deserves."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from tests.autograder.corpus.lab import Lab, Scores

HONEST, BROKEN, RESOURCES, FORGING, LEAKING = "honest", "broken", "resources", "forging", "leaking"
HANDED_IN, MACHINE = "handed in", "machine"
GROUPS = (HONEST, BROKEN, RESOURCES, FORGING, LEAKING, HANDED_IN, MACHINE)


@dataclass
class Submission:
    """What one student hands in.

    Parameters
    ----------
    deserved : dict
        Cell → score, None where a person grades.
    notebook : NotebookNode or bytes or str or None
        The lab's notebook; None: there is none.
    files : dict
        Further files, by path relative to the submission's folder; None: not even what the lab asks
        for.
    prepare : callable
        What remains to be done to the folder (links, pipes).
    """

    deserved: Scores
    notebook: NotebookNode | bytes | str | None = None
    files: dict[str, bytes | str | None] = field(default_factory=dict)
    prepare: Callable[[Path], None] | None = None

    def write(self, folder: Path, name: str) -> None:
        """Write the files into a new folder."""
        folder.mkdir(parents=True)
        files = dict(self.files)
        if self.notebook is not None:
            files[f"{name}.ipynb"] = _text(self.notebook)
        for path, content in files.items():
            if content is None:
                continue
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
        if self.prepare is not None:
            self.prepare(folder)


def _text(notebook: NotebookNode | bytes | str) -> bytes | str:
    # no validation: some are wrong on purpose
    return json.dumps(notebook) if isinstance(notebook, NotebookNode | dict) else notebook


Maker = Callable[[Lab], Submission]


@dataclass(frozen=True)
class Case:
    """A named maker of a submission, and which labs it is for."""

    name: str
    group: str
    make: Maker
    applies: Callable[[Lab], bool]


CASES: list[Case] = []


def case(group: str, applies: Callable[[Lab], bool] = lambda lab: True) -> Callable[[Maker], Maker]:
    """Add a maker to the corpus; its function's name is the student's."""

    def add(make: Maker) -> Maker:
        CASES.append(Case(make.__name__.replace("_", "-"), group, make, applies))
        return make

    return add


def cases(lab: Lab | None = None) -> list[Case]:
    """Return the whole corpus, or what of it is for a lab."""
    from tests.autograder.corpus import (  # noqa: F401
        border,
        broken,
        claims,
        family,
        forging,
        fresh_border,
        fresh_machine,
        handed_in,
        honest,
        keras_layers,
        leaking,
        logged,
        machine,
        pages,
        rendering,
        resources,
        shortcuts,
        surroundings,
    )

    return [each for each in CASES if lab is None or each.applies(lab)]
