"""Scores and comments of one graded notebook, into nbgrader's gradebook."""

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import compute_checksum
from sqlalchemy.orm import with_polymorphic

from autograder.notebook.ownership import Marks, grade_id_of
from autograder.plugin.notebook_context import NotebookContext, answer_text
from autograder.result import CellResult


class SaveGrades(SaveAutoGrades):
    """Write the judge's scores where nbgrader's preprocessor would read the cells' outputs.

    A test cell's score is the judge's record or, where nothing was run (``--no-execute``), none at
    all: the cell is then to be graded by hand. Every grade of the notebook is written, in one
    transaction, whether or not the submission still has the cell.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Record the result that `SandboxExecute` left in ``resources``."""
        ids, context = resources["nbgrader"], NotebookContext.of(resources)
        cells = {grade_id: cell for cell in nb.cells if (grade_id := grade_id_of(cell))}
        with Gradebook(ids["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(ids["notebook"], ids["assignment"], ids["student"])
            # One query for all cells, each of which its grade or comment would look for.
            cell = with_polymorphic(BaseCell, "*")
            known = gradebook.db.query(cell).filter(cell.notebook_id == notebook.notebook_id).all()
            asked = {grade.name: grade.needs_manual_grade for grade in notebook.grades}
            for grade in notebook.grades:
                self._record_grade(grade, cells.get(grade.name), context)
            if context.time_unclear and not context.unreadable:
                _leave_to_a_person(notebook.grades, list(cells), asked if context.settled else {})
            for comment in notebook.comments:
                self._record_comment(comment, cells.get(comment.name), context)
            gradebook.db.commit()
            del known  # the session holds only what somebody else does
        return nb, resources

    def _record_grade(self, grade: Grade, cell: NotebookNode | None, context: NotebookContext) -> None:
        grade.auto_score = self._score(grade, cell, context)
        if grade.manual_score is None:
            grade.needs_manual_grade = grade.auto_score is None
        elif not (context.settled or _is_same_answer(cell, context)):
            grade.needs_manual_grade = True  # a person's score stands until it is looked at

    def _score(self, grade: Grade, cell: NotebookNode | None, context: NotebookContext) -> float | None:
        if context.undecided:
            return None
        if context.unreadable or cell is None:
            return 0.0
        marks = Marks.of(cell)
        if marks.is_by_hand:
            return 0.0 if _has_no_response(cell, context) else None
        if context.result is None:
            return None
        judged: CellResult = context.result.cells[grade.name]
        most = grade.cell.max_score  # what the grade says of it is another query
        if judged.score is not None and not 0 <= judged.score <= most:
            raise ValueError(f"{grade.name}: score must be between 0 and {most}, got {judged.score}")
        return judged.score

    def _record_comment(self, comment: Comment, cell: NotebookNode | None, context: NotebookContext) -> None:
        if context.unreadable or context.undecided:
            comment.auto_comment = context.reason
        elif cell is not None and _has_no_response(cell, context):
            comment.auto_comment = "No response."
        else:
            comment.auto_comment = None


def _leave_to_a_person(grades: list[Grade], order: list[str], asked: dict[str, bool]) -> None:
    """Mark a notebook's first question, as nbgrader's gradebook marks nothing larger.

    Where a person has been asked before (``asked``), it stays as it is now.
    """
    places = {name: place for place, name in enumerate(order)}
    for grade in sorted(grades, key=lambda grade: places.get(grade.name, len(places)))[:1]:
        grade.needs_manual_grade = asked.get(grade.name, True)


def _is_same_answer(cell: NotebookNode | None, context: NotebookContext) -> bool:
    """Tell whether this is an answer that reads as it did when it was graded the last time."""
    if cell is None:
        return False
    marks = Marks.of(cell)
    if marks.task:
        return bool(context.answers) and context.before.get(marks.grade_id) == context.answers
    return marks.solution and context.before.get(marks.grade_id) == answer_text(cell)


def _has_no_response(cell: NotebookNode, context: NotebookContext) -> bool:
    """Tell whether an answer is as it was released, and nothing beside it may be the answer."""
    return Marks.of(cell).solution and _is_untouched(cell) and grade_id_of(cell) not in context.beside


def _is_untouched(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
