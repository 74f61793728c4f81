"""The settings of a course, which nbgrader's objects have only in part."""

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config


def config_of(coursedir: CourseDirectory) -> Config:
    """Return the configuration of the application that a course directory belongs to.

    The directory's own is that of before the course's file was read.
    """
    application = coursedir
    while application.parent is not None:
        application = application.parent
    return application.config
