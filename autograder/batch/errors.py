"""The error that stops the grading of a class."""


class GradeError(RuntimeError):
    """A class cannot be graded, or not further; one line says what is wrong and what to do."""


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, or its kind."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
