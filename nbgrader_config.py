"""nbgrader's settings for this course, read by every nbgrader command run in this folder."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "convolutions-taken-apart"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"
# What only the judge may read stays out of the release and out of the students' folders.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "judge"]
# A student may close the last cell with a long computation; nbgrader's own default is 30 s.
c.ExecutePreprocessor.timeout = 120
