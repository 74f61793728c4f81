"""nbgrader's `GenerateAssignment`: a release holds nothing of an answer, or stays as it was."""

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions, SaveCells
from traitlets import List, Unicode
from traitlets.config import Config

from autograder.plugin.released_cells import ReleasedCells
from autograder.plugin.staged import Staged
from autograder.plugin.taken_out import Mark, slip_of_marks, take_out

MAX_READ = 5_000_000  # bytes of a file that are searched for marks


class Release(Staged, GenerateAssignment):
    """Make an assignment's release; the old one stays until the new one is whole."""

    keep_metadata = List(
        Unicode(),
        help="Names of an answer cell's metadata that go to students, beside nbgrader's and Jupyter's own.",
    ).tag(config=True)

    def __init__(self, coursedir: Any = None, **kwargs: Any) -> None:
        super().__init__(coursedir=coursedir, **kwargs)
        if "check_attachment_leakage" not in self.config.ClearMarkScheme:
            # A picture in a mark scheme is taken out, so nbgrader need not refuse it.
            c = Config()
            c.ClearMarkScheme.check_attachment_leakage = False
            self.update_config(c)

    def start(self) -> None:
        """Make the release."""
        self.preprocessors = [
            ReleasedCells if step in (SaveCells, "nbgrader.preprocessors.SaveCells") else step
            for step in self.preprocessors
        ]
        super().start()

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the files beside the notebooks; refuse one that holds an answer."""
        super().init_assignment(assignment_id, student_id)
        begins = [mark.begin.encode() for mark in marks(self.config)]
        folder = Path(self._format_dest(assignment_id, student_id))
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                content = file.read(MAX_READ)
            if found := next((begin for begin in begins if begin in content), None):
                raise NbGraderException(
                    f"{path.relative_to(folder)} holds {found.decode()!r} and would go to students as it is; "
                    "move it into judge/, or name it in c.CourseDirectory.ignore"
                )

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert one notebook; refuse one in which a mark is misspelt."""
        slip = slip_of_marks(nbformat.read(notebook_filename, as_version=4), marks(self.config))
        if slip:
            raise NbGraderException(f"{Path(notebook_filename).name}, {slip}")
        self._source = notebook_filename
        super().convert_single_notebook(notebook_filename)

    def write_single_notebook(self, output: str, resources: dict) -> None:
        """Write one notebook without what belongs to an answer."""
        notebook = nbformat.reads(output, as_version=4)
        take_out(notebook, nbformat.read(self._source, as_version=4), self.keep_metadata)
        super().write_single_notebook(nbformat.writes(notebook) + "\n", resources)


def marks(config: Config) -> tuple[Mark, ...]:
    """Return the marks around what students do not get, as a configuration has them."""
    solutions, tests = ClearSolutions(config=config), ClearHiddenTests(config=config)
    scheme = ClearMarkScheme(config=config)
    return (
        Mark(solutions.begin_solution_delimeter, solutions.end_solution_delimeter),
        Mark(tests.begin_test_delimeter, tests.end_test_delimeter),
        Mark(scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
    )
