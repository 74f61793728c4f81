"""The feedback without hidden tests and mark schemes: students see the messages, not the source."""

from datetime import UTC, datetime

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, NbGraderPreprocessor
from traitlets import Enum, List

from autograder.notebook.ownership import Marks, Owner
from autograder.plugin.notebook_context import GRADER, KEY, REPORT

NEVER, AFTER_DEADLINE, ALWAYS = "never", "after deadline", "always"


class _ForPages(NbGraderPreprocessor):
    # nbconvert sets it for pages. Of the preprocessors of nbgrader only that of its pages knows it;
    # the others warn.
    display_data_priority = List().tag(config=True)


class _Cleaner(_ForPages, ClearHiddenTests):
    def clear(self, cell: NotebookNode) -> bool:
        """Remove the hidden regions of a cell; tell whether there were any."""
        return self._remove_hidden_test_region(cell)


class _SchemeCleaner(_ForPages, ClearMarkScheme):
    def clear(self, cell: NotebookNode) -> None:
        """Remove the mark scheme of a task; one without an end reaches to that of the cell."""
        kept, inside = [], False
        for line in cell.source.split("\n"):
            if self.begin_mark_scheme_delimeter in line:
                inside = True
            elif self.end_mark_scheme_delimeter in line:
                inside = False
            elif not inside:
                kept.append(line)
        cell.source = "\n".join(kept)


class HideTests(_ForPages):
    """Take hidden tests, mark schemes, and what tells of them, out of the feedback.

    Stands in ``GenerateFeedback.preprocessors``. The markers are those of `ClearHiddenTests` and
    `ClearMarkScheme`, so what a student sees of a test or a task is what was released.
    """

    show = Enum(
        [NEVER, AFTER_DEADLINE, ALWAYS],
        default_value=NEVER,
        help=(
            "When the feedback shows the hidden tests' source and the full report of what failed: 'never', "
            "'always', or 'after deadline': once the assignment's due date and every extension have passed."
        ),
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Show or hide the tests of one graded notebook."""
        shown = self._is_shown(resources)
        nb.cells = [cell for cell in nb.cells if cell.metadata.get(KEY, {}).get("for") != GRADER]
        cleaner, scheme_cleaner = _Cleaner(config=self.config), _SchemeCleaner(config=self.config)
        for cell in nb.cells:
            marks = Marks.of(cell)
            self._take_out_report(cell)
            if marks.task:
                scheme_cleaner.clear(cell)  # for graders, whenever the tests are shown
            if marks.is_test:
                if shown:
                    self._add_report(cell)
                else:
                    self._hide(cell, cleaner)
            elif marks.owner is Owner.INSTRUCTOR and not shown:
                cleaner.clear(cell)
            if not shown:
                cell.metadata.pop(KEY, None)
        return nb, resources

    def _is_shown(self, resources: dict) -> bool:
        if self.show != AFTER_DEADLINE:
            return self.show == ALWAYS
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            assignment = gradebook.find_assignment(resources["nbgrader"]["assignment"])
            dates = [assignment.duedate, *(submission.duedate for submission in assignment.submissions)]
            dates = [date for date in dates if date is not None]
        return bool(dates) and max(dates) < datetime.now(UTC).replace(tzinfo=None)

    def _hide(self, cell: NotebookNode, cleaner: _Cleaner) -> None:
        hidden = cleaner.clear(cell)
        if hidden and not cell.source.strip():
            cell.source = "# The tests of this cell are not shown."
        if KEY not in cell.metadata:  # graded by nbgrader alone: its tracebacks quote the tests
            cell.outputs = [self._without_traceback(output) for output in cell.outputs]

    @staticmethod
    def _without_traceback(output: NotebookNode) -> NotebookNode:
        if output.output_type != "error":
            return output
        traceback = [f"{output.ename}: a test failed"]
        return nbformat.v4.new_output("error", ename=output.ename, evalue="", traceback=traceback)

    @staticmethod
    def _take_out_report(cell: NotebookNode) -> None:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("ename") != REPORT]

    @staticmethod
    def _add_report(cell: NotebookNode) -> None:
        detail = cell.metadata.get(KEY, {}).get("detail", "")
        if detail:
            cell.outputs = [
                *cell.outputs,
                nbformat.v4.new_output("error", ename="Report", evalue="", traceback=detail.splitlines()),
            ]
