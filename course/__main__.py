"""The commands that `make` calls: python -m course COMMAND."""

import os
import subprocess
import sys
import time

import click

from course.errors import CourseError
from course.stamps import BUILD, ROOT


@click.group()
def course():
    """Make the course: its book, its labs, its sample class."""


@course.command("all")
def everything():
    """Release the labs, build the book, grade the sample class, and say where each lies."""
    from course import book, labs  # noqa: PLC0415 - `book` alone needs no nbgrader
    from course.sample_class import grading  # noqa: PLC0415
    from sepconv.data import DataError, digits  # noqa: PLC0415

    started = time.monotonic()
    try:
        click.echo(f"Digits: {digits().source}.")
    except DataError as error:
        raise CourseError(str(error)) from error
    there_are = [grading.check(lab) for lab in labs.names()]
    for lab in there_are:
        labs.release(lab)  # which the book shows
    book.build()
    graded = grading.grade_side_by_side(there_are)
    click.echo(f"\nThe book    {book.PAGE.relative_to(ROOT)}")
    for lab in graded:
        click.echo(f"The lab     labs/{lab}/{lab}.ipynb")
    click.echo(
        f"The class   {(BUILD / 'class').relative_to(ROOT)}/ (a course folder of nbgrader for each lab)\n"
    )
    grading.show(graded)
    click.echo(f"Done in {time.monotonic() - started:.0f} s.")


@course.command()
@click.option("--mnist", is_flag=True, help="Stop where MNIST cannot be had, as for a book to publish.")
def book(mnist):
    """Build the book."""
    from course import book  # noqa: PLC0415

    book.build(needs_mnist=mnist)
    click.echo(f"The book: {book.PAGE.relative_to(ROOT)}")


@course.command()
@click.argument("lab", required=False)
def labs(lab):
    """Release LAB, or every lab."""
    from course import labs  # noqa: PLC0415

    for name in [lab] if lab else labs.names():
        click.echo(f"The lab: {labs.release(name).relative_to(ROOT)}/")


@course.command()
@click.argument("lab")
def examples(lab):
    """Compute the stored examples of LAB's visible tests anew."""
    from course import examples, labs  # noqa: PLC0415

    click.echo(f"The examples: {examples.main(labs.check(lab)).relative_to(ROOT)}")


@course.command()
@click.argument("lab")
def solve(lab):
    """Run LAB's solution anew and store what its cells show."""
    from course import solve  # noqa: PLC0415

    click.echo(f"The solution: {solve.main(lab).relative_to(ROOT)}")


@course.command()
@click.option(
    "--class-size",
    default=60,
    show_default=True,
    type=click.IntRange(2),
    help="Submissions that are graded in each way.",
)
@click.option(
    "--database", default="", help="Address of an empty database in PostgreSQL, to measure it, too."
)
def bench(class_size, database):
    """Measure what the README states and write it there."""
    from course import bench  # noqa: PLC0415

    click.echo(bench.main(class_size, database))


@course.command()
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(["sources", "search", "teacher", "champion", "curve", "half_curve"]),
)
@click.option("--seed", "seeds", multiple=True, type=int, help="In place of the seeds of each part.")
@click.option("--network", default="", help="Only networks whose names begin so.")
@click.option("--keep", is_flag=True, help="Put what is done into sepconv/weights/.")
def mnist(parts, seeds, network, keep):
    """Train the networks of the chapter "MNIST compared", or go on with it; show the results.

    Without --part, all parts. Runs lie in _build/mnist/; one that is done is not trained again.
    """
    from course.mnist import command  # noqa: PLC0415

    command.main(parts, seeds, network, keep)


@course.command()
@click.argument("walks", nargs=-1)
def screenshots(walks):
    """Take the guides' pictures anew: those of WALKS (student, instructor, ...), or all."""
    from course import screenshots  # noqa: PLC0415

    sys.exit(screenshots.main(walks))


@course.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments):
    """Build the book, then run pytest with ARGUMENTS; without any, every test, on all cores."""
    from course import book  # noqa: PLC0415

    book.build()
    # Module by module: what a module's tests share is made once.
    everything = ("-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder")
    command = [sys.executable, "-m", "pytest", *(arguments or everything)]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    os.chdir(ROOT)
    course(prog_name="course")
