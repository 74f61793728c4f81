"""The instructor's side of an assignment: its notebooks, and its files for students and judge."""

import copy
import itertools
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import find_all_files

from autograder.notebook.ownership import Marks, grade_id_of
from autograder.plugin.pictures import attached_pictures

JUDGE = "judge"  # a folder of this name in an assignment's source is never released


def instructors_notebook(
    gradebook: Gradebook, coursedir: CourseDirectory, assignment: str, name: str
) -> NotebookNode:
    """Return the instructor's notebook: the gradebook's cells in the order of the release.

    The gradebook holds the source, points and kind of every locked, graded and answer cell as they
    were when the assignment was generated, hidden tests included. Cells that nbgrader does not
    track (imports, prose) and the order come from the released notebook, else from the source, else
    there is only what the gradebook has.

    Parameters
    ----------
    gradebook : Gradebook
        Open gradebook.
    coursedir : CourseDirectory
        Where the release and source directories are.
    assignment, name : str
        The assignment's and the notebook's name.

    Returns
    -------
    NotebookNode
        Valid for nbgrader's current metadata schema; without outputs and without solutions.

    Raises
    ------
    NbGraderException
        Where the instructor's own notebook cannot be read, names a cell twice or is not in Python.
    """
    recorded = _recorded_cells(gradebook, assignment, name)
    base = _base(coursedir, assignment, name)
    cells, seen = [], set()
    for cell in base.cells:
        marks = Marks.of(cell)
        grade_id = marks.grade_id
        if not grade_id:
            cells.append(_plain(cell))
        elif grade_id in seen:
            raise NbGraderException(f"{assignment}/{name}.ipynb: two cells are named {grade_id!r}")
        elif grade_id in recorded:
            seen.add(grade_id)
            cells.append(_dressed(recorded[grade_id], cell))
        elif not (marks.has_points or marks.solution):
            cells.append(_plain(cell))  # locked since the release: still the instructor's
    for previous, grade_id in zip([None, *recorded], recorded, strict=False):
        if grade_id not in seen:
            names = [grade_id_of(cell) for cell in cells]
            cells.insert(names.index(previous) + 1 if previous in names else len(cells), recorded[grade_id])
    _name_cells(cells)
    _check_language(base, f"{assignment}/{name}.ipynb")
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=_metadata(base))
    _, notebook = nbformat.validator.normalize(notebook)
    return notebook


def instructors_notebooks(
    gradebook: Gradebook, coursedir: CourseDirectory, assignment: str
) -> dict[str, NotebookNode]:
    """Return an assignment's notebooks by name, each as `instructors_notebook` does."""
    names = sorted(notebook.name for notebook in gradebook.find_assignment(assignment).notebooks)
    return {name: instructors_notebook(gradebook, coursedir, assignment, name) for name in names}


def with_solutions(
    notebook: NotebookNode, coursedir: CourseDirectory, assignment: str, name: str
) -> NotebookNode:
    """Return a copy whose answer cells are as in the source directory, where that has them.

    The solutions tell the engine which names a student is asked for; they are not run.
    """
    path = source_folder(coursedir, assignment) / f"{name}.ipynb"
    solved = copy.deepcopy(notebook)
    if not path.is_file():
        return solved
    sources = {grade_id_of(cell): cell.source for cell in _read(path).cells}
    for cell in solved.cells:
        marks = Marks.of(cell)
        if marks.code and marks.solution:
            cell.source = sources.get(marks.grade_id, cell.source)
    return solved


def own_answers(coursedir: CourseDirectory, assignment: str, name: str) -> dict[str, NotebookNode]:
    """Return the instructor's answers that a person's grade is held against, as Markdown cells.

    They are those of the source directory, without the marks around a solution, with their
    pictures: name of the cell → cell. A cell without a mark has none.
    """
    path = source_folder(coursedir, assignment) / f"{name}.ipynb"
    clear = ClearSolutions(config=coursedir.config)
    delimiters = clear.begin_solution_delimeter, clear.end_solution_delimeter
    answers = {}
    for cell in _read(path).cells if path.is_file() else ():
        marks = Marks.of(cell)
        lines = cell.source.splitlines()
        text = "\n".join(line for line in lines if not any(word in line for word in delimiters))
        if marks.grade and marks.solution and len(text.splitlines()) < len(lines):
            answers[marks.grade_id] = new = nbformat.v4.new_markdown_cell(
                f"````python\n{text}\n````" if marks.code else text
            )
            if pictures := attached_pictures(cell.get("attachments")):
                new.attachments = pictures
    return answers


def _recorded_cells(gradebook: Gradebook, assignment: str, name: str) -> dict[str, NotebookNode]:
    entry = gradebook.find_notebook(name, assignment)
    grades = {cell.name: cell for cell in entry.grade_cells}
    tasks = {cell.name: cell for cell in entry.task_cells}
    answers = {cell.name for cell in entry.solution_cells}
    recorded = {}
    for source in entry.source_cells:
        new = nbformat.v4.new_markdown_cell if source.cell_type == "markdown" else nbformat.v4.new_code_cell
        details = {
            "schema_version": MetadataValidator.schema_version,
            "grade_id": source.name,
            "grade": source.name in grades,
            "solution": source.name in answers,
            "task": source.name in tasks,
            "locked": bool(source.locked),
            "cell_type": source.cell_type,
        }
        if source.checksum is not None:
            details["checksum"] = source.checksum
        if source.name in grades or source.name in tasks:
            details["points"] = float((grades.get(source.name) or tasks[source.name]).max_score)
        recorded[source.name] = cell = new(source.source or "", metadata={"nbgrader": details})
        del cell["id"]  # drawn anew each time
    return recorded


def _name_cells(cells: list[NotebookNode]) -> None:
    """Give cells without an id one by their place, so that equal work gives equal notebooks."""
    taken = {cell.id for cell in cells if "id" in cell}
    for number, cell in enumerate(cells):
        if "id" not in cell:
            free = (f"cell-{number}{'-' * length}" for length in itertools.count())
            cell["id"] = next(name for name in free if name not in taken)
            taken.add(cell.id)


def _base(coursedir: CourseDirectory, assignment: str, name: str) -> NotebookNode:
    for step in (coursedir.release_directory, coursedir.source_directory):
        path = Path(coursedir.format_path(step, ".", assignment)) / f"{name}.ipynb"
        if path.is_file():
            return _read(path)
    return nbformat.v4.new_notebook()


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise NbGraderException(f"{path} is no notebook that can be read: {error}") from error


def _check_language(base: NotebookNode, name: str) -> None:
    kernel, language = base.metadata.get("kernelspec", {}), base.metadata.get("language_info", {})
    language = kernel.get("language") or language.get("name") or "python"
    if language.lower() not in ("python", "ipython"):
        raise NbGraderException(
            f"{name} is in {language}; the engine runs Python only: grade it with nbgrader's own execution"
        )


def _metadata(base: NotebookNode) -> dict:
    return {key: base.metadata[key] for key in ("kernelspec", "language_info") if key in base.metadata}


def _plain(cell: NotebookNode) -> NotebookNode:
    cell = nbformat.from_dict(cell)
    cell.metadata.pop("nbgrader", None)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def _dressed(cell: NotebookNode, base: NotebookNode) -> NotebookNode:
    """Give a cell of the gradebook its id, tags and pictures, which the gradebook has not."""
    cell.metadata = {**base.metadata, "nbgrader": cell.metadata.nbgrader}
    for key in ("id", "attachments"):
        if key in base and (key == "id" or cell.cell_type == "markdown"):
            cell[key] = base[key]
    return cell


def lab_file_names(coursedir: CourseDirectory, assignment: str, editable: list[str]) -> list[Path]:
    """Return the instructor's files that go with an assignment, relative to its source folder.

    Neither notebooks, nor what ``CourseDirectory.ignore`` names, nor the judge's folder, nor the
    files in ``editable``, which the student may change (``Autograde.exclude_overwriting``).
    """
    source = source_folder(coursedir, assignment)
    paths = find_all_files(str(source), [*coursedir.ignore, JUDGE, "*.ipynb"])
    names = (Path(path).relative_to(source) for path in paths)
    return sorted(name for name in names if str(name) not in editable)


def copy_files(names: list[Path], source: Path, target: Path) -> None:
    """Copy the files ``names`` from one folder to another."""
    for name in names:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, path)


def source_folder(coursedir: CourseDirectory, assignment: str) -> Path:
    """Return the folder of an assignment's instructor's version."""
    return Path(coursedir.format_path(coursedir.source_directory, ".", assignment))


def judge_folder(coursedir: CourseDirectory, assignment: str) -> Path | None:
    """Return the folder that only the judge may read, or None where the assignment has none."""
    folder = source_folder(coursedir, assignment) / JUDGE
    return folder if folder.is_dir() else None
