"""nbgrader's settings for this course, read by every nbgrader command run in this folder."""

import sys
from pathlib import Path

from sepconv import data

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "convolutions-taken-apart"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"
# What only the judge may read stays out of the release and out of the students' folders.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "judge"]
# What running an instructor's notebook trains is not released; students hand in files of that kind.
c.GenerateAssignmentApp.CourseDirectory.ignore = [*c.CourseDirectory.ignore, "*.keras"]

# Submissions run in a sandbox, apart from the tests. The engine needs Linux; elsewhere nbgrader
# grades alone.
if sys.platform == "linux":
    import autograder.plugin

    autograder.plugin.configure(c)
    # Hidden tests draw their numbers from it; `autograder secret` makes it.
    c.SandboxExecute.secret = str(Path(__file__).with_name("course_secret"))
    if mnist := data.mnist_file():
        c.SandboxExecute.environment = {data.MNIST_VARIABLE: str(mnist)}
        c.SandboxExecute.readable = [str(mnist)]
    c.SandboxExecute.preload = ["sepconv.data.preload" if mnist else "sklearn.datasets"]
else:
    c.ExecutePreprocessor.timeout = 120  # for one cell; nbgrader's own default is 30 s
