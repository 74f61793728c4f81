"""Who is graded, and whose feedback can go into the exchange."""

from __future__ import annotations

from logging import Logger
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.plugin.gradebook import ReadGradebook
from autograder.plugin.timestamps import guarded_timestamps

SECRET, TIMESTAMP = "submission_secret.txt", "timestamp.txt"


def graded_students(coursedir: CourseDirectory, assignment: str, log: Logger) -> dict[str, str]:
    """Return the students who have a row in the gradebook and a folder of graded notebooks.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    assignment : str
        Its name in the gradebook.
    log : Logger
        Where to say which times of handing in cannot be read.

    Returns
    -------
    dict of str to str
        Student → what a person should know of it, "" for nothing: something else may have been
        handed in since.
    """
    with ReadGradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        rows = {row.student_id: row.timestamp for row in gradebook.assignment_submissions(assignment)}
    graded = {}
    with guarded_timestamps(coursedir, log):
        for student, known in sorted(rows.items()):
            folder, submitted = (
                coursedir.format_path(step, student, assignment)
                for step in (coursedir.autograded_directory, coursedir.submitted_directory)
            )
            if Path(folder).is_dir():
                time = coursedir.get_existing_timestamp(submitted)
                changed = time is not None and time != known
                graded[student] = "handed in again since it was graded" if changed else ""
    return graded


def why_not_in_the_exchange(page_folder: Path) -> str:
    """Return why nbgrader's exchange cannot take a student's pages; "" where it can.

    A time of handing in, which nbgrader's own exchange only quotes, is made up for where there is
    none that can be read.

    Parameters
    ----------
    page_folder : Path
        The folder of the student's pages.
    """
    if not (page_folder / SECRET).is_file():
        return (
            f"not in the exchange, as it did not come from there: it has no {SECRET}, by which the student "
            "would find it; hand the page over otherwise"
        )
    try:
        (page_folder / TIMESTAMP).read_text()
    except (OSError, UnicodeDecodeError):
        (page_folder / TIMESTAMP).unlink(missing_ok=True)
        (page_folder / TIMESTAMP).write_text("unknown")
    return ""
