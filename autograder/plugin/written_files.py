"""Files that a submission has written while it was run, beside its graded notebook."""

from __future__ import annotations

import base64
from pathlib import Path

from autograder.plugin.submission_folder import SubmissionFolder
from autograder.protocol import small_files
from autograder.result import Result
from autograder.temporary import TemporaryFolder

TIME = Path("timestamp.txt")  # by which nbgrader tells whether a later submission is there


def lay_written(result: Result, target: Path, keep: set[Path]) -> list[str]:
    """Copy what a submission has written into the folder of its graded notebook.

    Parameters
    ----------
    result : Result
        Of its run.
    target : Path
        The folder; a file that was handed in is replaced, as the submission has replaced it.
    keep : set of Path
        The instructor's files there, which stay as they are.

    Returns
    -------
    list of str
        What is left out, with the reasons.
    """
    with TemporaryFolder("written") as folder:
        for name, content in result.files.items():
            small_files.lay(folder, name, base64.b64decode(content))
        written = SubmissionFolder(folder)
        written.copy_to(target, keep={*keep, TIME}, inert=True)
    return written.refused
