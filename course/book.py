"""Build the book."""

import os
import re
import shutil
from pathlib import Path

from rich.console import Console

from course import pages
from course.errors import CourseError
from course.process import run, where
from course.stamps import BUILD, ROOT, Stamp
from sepconv.data import MNIST_VARIABLE, DataError, digits, mnist_file

PAGE = BUILD / "html" / "index.html"
# The tables of idioms are made from what the tests prove.
IDIOMS = ("tests/__init__.py", "tests/autograder/idioms")
INPUTS = ("book", "labs", *pages.FRESHNESS["EXECUTED"], *IDIOMS, "_config.yml", "_toc.yml")
VARIABLES = ("COURSE_REPOSITORY", "COURSE_COMMIT")
LOG = "book.log"
TROUBLE = re.compile(r"WARNING: .*\[|: (WARNING|ERROR|CRITICAL): |^\S*Error\S*: |Error: ")
# As Sphinx and jupyter-cache say it, and as MyST-NB does.
STEP = re.compile(
    r"(?:.*?\b(reading|writing|Executing|Execution Successful)\b)?.*\b(book/[\w-]+)(?:\.md: (Execut\w+))?"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def jupyter_book(folder: Path, log: str, on_line=None) -> bool:
    """Build the book in a folder with every warning an error; say whether there was none.

    Parameters
    ----------
    folder : pathlib.Path
        Holds `_config.yml` and `_toc.yml`.
    log, on_line
        See `course.process.run`.
    """
    return run(["jupyter-book", "build", str(folder), "-n", "-W", "--keep-going"], log, on_line)


def step(line: str) -> str:
    """Return what a line of the build says of a page, as "executing book/fcn", or ""."""
    found = STEP.search(line)
    does = found and (found[1] or found[3])
    return f"{does.lower().replace('execution successful', 'executed')} {found[2]}" if does else ""


def _forget_pages() -> None:
    """Let Sphinx read all pages.

    Where it reads some, its search loses the glossary's words, and it does not warn again of those
    that it has read. What the pages' cells gave is kept; see `book/_ext/freshness.py`.
    """
    shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
    shutil.rmtree(BUILD / "html" / ".doctrees", ignore_errors=True)


def choose_digits(*, needs_mnist: bool = False) -> None:
    """Find MNIST, and name its file for all that is run from here.

    Parameters
    ----------
    needs_mnist : bool
        Whether the digits of scikit-learn will not do, as for a book that is published.

    Raises
    ------
    CourseError
        If MNIST is needed and cannot be had, or is damaged.
    """
    try:
        found = digits()
    except DataError as error:
        raise CourseError(str(error)) from error
    if found.is_mnist:
        os.environ[MNIST_VARIABLE] = str(mnist_file())
    elif needs_mnist:
        raise CourseError(
            f"the book that is published is built with MNIST, and here are {found.source}: "
            f"name a copy of Keras' mnist.npz in {MNIST_VARIABLE}"
        )


def build(*, needs_mnist: bool = False) -> None:
    """Build the book with every warning an error; nothing is done if nothing has changed.

    Parameters
    ----------
    needs_mnist : bool
        Whether to stop where MNIST cannot be had.

    Raises
    ------
    CourseError
        If the build gave a warning or an error, or MNIST is needed and cannot be had.
    """
    choose_digits(needs_mnist=needs_mnist)
    stamp = Stamp("book", INPUTS, [BUILD / "html"], (*VARIABLES, MNIST_VARIABLE))
    if stamp.is_done():
        return
    stamp.undo()
    _forget_pages()
    trouble = []
    console = Console(stderr=True)
    with console.status("building the book") as status:

        def follow(line: str) -> None:
            line = COLOUR.sub("", line).strip()
            if TROUBLE.search(line):
                trouble.append(line)
            if said := step(line):
                status.update(f"building the book: {said}")
                if said.startswith("execut") and not console.is_terminal:  # which shows no status
                    console.print(said, highlight=False)

        pages.execute(follow)
        done = jupyter_book(ROOT, LOG, follow)
    if not done:
        for line in dict.fromkeys(trouble):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        above = ", the first above" if trouble else ""
        raise CourseError(f"the book has warnings or errors{above} (all of it: {where(LOG)})")
    stamp.done()
