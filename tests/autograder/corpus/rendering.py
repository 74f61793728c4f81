"""Right answers beside text that a page could take minutes to show, and names that steer."""

from nbformat.v4 import new_markdown_cell

from tests.autograder.corpus.case import BROKEN, Submission, case
from tests.autograder.corpus.lab import Lab

DOTS = 200_000


def _beside(name: str, code: str) -> None:
    """Add a case with right answers and one more cell."""

    def make(lab: Lab) -> Submission:
        return Submission(lab.full(), lab.with_cell(lab.right(), code, before="end"))

    make.__name__ = name
    case(BROKEN)(make)


_beside("code_of_many_dots", "." * DOTS)
_beside("a_line_of_many_brackets", "x = " + "[" * 5_000)
_beside("many_shell_lines", "!a\n" * 1_000)
_beside("colours_without_end", "print('\\x1b[31m' * 100_000)\nprint('\\x1b[' + '1;' * 100_000)")


@case(BROKEN)
def prose_of_many_marks(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells.append(new_markdown_cell("![a](" * (DOTS // 5)))
    nb.cells.append(new_markdown_cell("```perl\n" + "(.)*" * 5_000 + "\n```"))
    return Submission(lab.full(), nb)


@case(BROKEN)
def files_whose_names_steer_a_terminal(lab: Lab) -> Submission:
    names = ("a\x1b[2Jb.txt", "a\nb.txt", "a\u202eb.txt", "[red]a[/red].txt")
    return Submission(lab.full(), lab.right(), dict.fromkeys(names, "text"))
