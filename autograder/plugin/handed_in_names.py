"""Under which names students handed in their notebooks: by them nbgrader's client finds pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import copyfile

from nbgrader.coursedir import CourseDirectory

from autograder.plugin import assignment as instructor
from autograder.plugin.archives import find_work
from autograder.plugin.gradebook import ReadGradebook
from autograder.plugin.submission_folder import SubmissionFolder


def names_handed_in(
    coursedir: CourseDirectory, assignment: str, students: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return which notebooks students handed in under other names.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    assignment : str
        Its name in the gradebook.
    students : iterable of str
        Whose.

    Returns
    -------
    dict
        Student → name of a notebook of the assignment → the name under which it was handed in, ""
        for one that lies in a folder or an archive; only where it is not its own.
    """
    with ReadGradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        sources = instructor.instructors_notebooks(gradebook, coursedir, assignment)
    names: dict[str, dict[str, str]] = {}
    for student in students:
        path = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        folder = SubmissionFolder(path, ignore=tuple(coursedir.ignore), expected=tuple(sources))
        with ExitStack() as unpacked:
            found = find_work(folder, list(sources), sources.__getitem__, unpacked)
        for name, one in found.items():
            if one.content is not None and one.path != Path(f"{name}.ipynb"):
                at_the_top = one.path.parent == Path() and one.path.suffix == ".ipynb"
                names.setdefault(student, {})[name] = one.path.stem if at_the_top else ""
    return names


@contextmanager
def pages_under(folder: Path, names: dict[str, str]) -> Iterator[None]:
    """Lay the pages of notebooks under other names as well, within the block.

    Parameters
    ----------
    folder : Path
        Of a student's pages.
    names : dict of str to str
        Name of a notebook → the other name, "" for none.
    """
    copies = []
    try:
        for name, other in names.items():
            page, copy = folder / f"{name}.html", folder / f"{other}.html"
            if other and page.is_file() and not copy.exists():
                copies.append(copy)
                copyfile(page, copy)
        yield
    finally:
        for copy in copies:
            with suppress(FileNotFoundError):
                copy.unlink()
