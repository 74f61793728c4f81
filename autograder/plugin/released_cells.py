"""Cells that are added to an assignment, or removed, after somebody has handed in."""

from collections.abc import Iterable
from contextlib import suppress

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry, Notebook
from nbgrader.preprocessors import SaveCells

MAX_NAMED = 5


class ReleasedCells(SaveCells):
    """Save the cells of a release in the gradebook, with a row for each submission that is there.

    nbgrader refuses to change which cells there are once there are submissions. Here a cell may be
    added, and one may go on which no points or comments by hand depend.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        with suppress(MissingEntry):
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
            if notebook.submissions:
                self._change_cells(notebook)
        super()._create_notebook(nb)

    def _change_cells(self, notebook: Notebook) -> None:
        kinds = (
            ("grade", notebook.grade_cells, self.new_grade_cells),
            ("solution", notebook.solution_cells, self.new_solution_cells),
            ("task", notebook.task_cells, self.new_task_cells),
            ("source", notebook.source_cells, self.new_source_cells),
        )
        removed = [cell for _, old, new in kinds for cell in old if cell.name not in new]
        self._refuse_what_a_person_gave(notebook, removed)
        added = [
            (kind, name, new[name])
            for kind, old, new in kinds
            for name in new.keys() - {cell.name for cell in old}
        ]
        if not (added or removed):
            return
        database = self.gradebook.db
        for cell in removed:
            for row in _rows_of(notebook, cell):
                database.delete(row)
            database.delete(cell)
        database.flush()
        for kind, name, details in added:
            add = getattr(self.gradebook, f"add_{kind}_cell")
            cell = add(name, self.notebook_id, self.assignment_id, **details)
            for submission in notebook.submissions:
                if kind in ("grade", "task"):
                    database.add(Grade(cell_id=cell.id, notebook=submission))
                if kind in ("solution", "task"):
                    database.add(Comment(cell_id=cell.id, notebook=submission))
        database.commit()
        self.log.warning(
            "%s has submissions. Cells added: %s; removed: %s. Grade the submissions again.",
            self.notebook_id,
            _listed(name for _, name, _ in added),
            _listed(cell.name for cell in removed),
        )

    def _refuse_what_a_person_gave(self, notebook: Notebook, removed: list[BaseCell]) -> None:
        for cell in removed:
            students = sorted(
                {row.notebook.student.id for row in _rows_of(notebook, cell) if _is_by_hand(row)}
            )
            if students:
                raise RuntimeError(
                    f"{self.notebook_id}.ipynb: the cell {cell.name!r} is gone or is of another kind, and "
                    f"{_listed(students)} got points or a comment for it by hand; give it its name back, or "
                    "take those away in the formgrader first"
                )


def _rows_of(notebook: Notebook, cell: BaseCell) -> list[Grade | Comment]:
    return [
        row
        for submission in notebook.submissions
        for row in (*submission.grades, *submission.comments)
        if row.cell_id == cell.id
    ]


def _is_by_hand(row: Grade | Comment) -> bool:
    if isinstance(row, Grade):
        return row.manual_score is not None or bool(row.extra_credit)
    return bool(row.manual_comment)


def _listed(names: Iterable[str]) -> str:
    names = sorted(set(names))
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more if names else "none"
