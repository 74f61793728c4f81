"""The command ``autograder``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from autograder.commands.quick_imports import quick_imports
from autograder.report.lms_export import PLATFORMS
from autograder.sandbox import unsupported_reason


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Grade notebooks in nbgrader courses. Run it in the course's folder."""


@main.command()
def doctor() -> None:
    """Say what this machine can enforce, and what is missing."""
    with quick_imports():
        from autograder.commands import doctor as doctor_  # noqa: PLC0415 - only what it needs

    sys.exit(doctor_.main())


@main.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--force", is_flag=True, help="Run again what has a kept result, too.")
@click.option("--workers", type=click.IntRange(1), help="How many at once; one for each core by default.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    envvar="AUTOGRADER_SCHEDULER",
    show_envvar=True,
    help="Grade on the Dask cluster with this scheduler.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what came of each submission and question to this file.",
)
@click.pass_context
def grade(
    context: click.Context,
    assignment: str,
    students: tuple[str, ...],
    force: bool,
    workers: int | None,
    scheduler: str | None,
    json_file: Path | None,
) -> None:
    """Grade all submissions of ASSIGNMENT at once, into nbgrader's gradebook.

    What was graded before and has not changed is not run again, so a run that was stopped, in
    whatever way, is finished by the same command. The exit code is 0 if every submission has its
    row in the gradebook, 1 if one has not, 2 if nothing could be graded, and 130 after an
    interrupt.
    """
    if reason := unsupported_reason():
        raise click.ClickException(reason)
    if workers and context.get_parameter_source("scheduler") == ParameterSource.ENVIRONMENT:
        scheduler = None  # what is asked for now stands above what is set for always
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine; a cluster's workers say themselves how many")
    with quick_imports():
        from autograder.commands import grade as grade_  # noqa: PLC0415

    sys.exit(grade_.grade(grade_.GradeOptions(assignment, students, force, workers, scheduler, json_file)))


@main.command()
@click.argument("assignment")
@click.option("--static", is_flag=True, help="Look at the test cells only, and run nothing.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was found to this file.",
)
def check(assignment: str, static: bool, json_file: Path | None) -> None:
    """Try ASSIGNMENT before a class does: its tests, its own solution, its untouched release.

    Tests that give points for wrong answers are named, and what to write instead. The source's own
    solution must get all points, the release none. The exit code is 1 if something was found, 2 if
    ASSIGNMENT cannot be read or graded, else 0.
    """
    if not static and (reason := unsupported_reason()):
        raise click.ClickException(f"{reason} (--static runs nothing)")
    with quick_imports():
        from autograder.commands import check as check_  # noqa: PLC0415

    sys.exit(1 if check_.check(assignment, static=static, json_file=json_file) else 0)


@main.command()
@click.argument("assignment")
@click.option("--exchange", is_flag=True, help="Put it into nbgrader's exchange as well.")
@click.option("--check/--no-check", default=True, help="Say what `autograder check` finds, first.")
def release(assignment: str, exchange: bool, check: bool) -> None:
    """Generate the students' version of ASSIGNMENT from its source."""
    with quick_imports():
        from autograder.commands import release as release_  # noqa: PLC0415

    release_.release(assignment, exchange=exchange, check=check and not unsupported_reason())


@main.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--exchange", is_flag=True, help="Put it into nbgrader's exchange as well.")
def feedback(assignment: str, students: tuple[str, ...], exchange: bool) -> None:
    """Generate the students' feedback on ASSIGNMENT."""
    with quick_imports():
        from autograder.commands import feedback as feedback_  # noqa: PLC0415

    sys.exit(feedback_.feedback(assignment, students, exchange=exchange))


@main.command()
@click.argument("assignment")
def report(assignment: str) -> None:
    """Write what the class did with ASSIGNMENT: a page to read, its numbers as CSV and JSON."""
    with quick_imports():
        from autograder.commands import report as report_  # noqa: PLC0415

    report_.report(assignment)


@main.command()
@click.argument("assignment")
@click.option(
    "--for", "platform", type=click.Choice(sorted(PLATFORMS)), required=True, help="Who imports it."
)
@click.option("--column", default="", help="What ASSIGNMENT is called there, such as 'Encoder (1234)'.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def export(assignment: str, platform: str, column: str, to: Path | None) -> None:
    """Write the points of ASSIGNMENT as a learning platform imports them."""
    with quick_imports():
        from autograder.commands import export as export_  # noqa: PLC0415

    export_.export(assignment, platform, to, column=column)


@main.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def secret(file: Path | None) -> None:
    """Make a course secret, which hidden tests draw their numbers from, in a new FILE."""
    with quick_imports():
        from autograder.commands import secret as secret_  # noqa: PLC0415

    secret_.secret(file)


if __name__ == "__main__":
    main()
