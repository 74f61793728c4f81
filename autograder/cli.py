"""The command ``autograder``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from autograder.checks import seeds
from autograder.sandbox import unsupported_reason


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Grade notebooks in nbgrader courses. Run it in the course's folder."""


@main.command()
def doctor() -> None:
    """Say what this machine can enforce, and what is missing."""
    from autograder.commands import doctor as doctor_  # noqa: PLC0415 - each command imports what it needs

    sys.exit(doctor_.main())


@main.command()
@click.argument("lab")
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
    lab: str,
    students: tuple[str, ...],
    force: bool,
    workers: int | None,
    scheduler: str | None,
    json_file: Path | None,
) -> None:
    """Grade all submissions of LAB at once, into nbgrader's gradebook.

    What was graded before and has not changed is not run again, so a run that was stopped, in whatever way,
    is finished by the same command. The exit code is 0 if every submission has its row in the gradebook,
    1 if one has not, 2 if nothing could be graded, and 130 after an interrupt.
    """
    if reason := unsupported_reason():
        raise click.ClickException(reason)
    if workers and context.get_parameter_source("scheduler") == ParameterSource.ENVIRONMENT:
        scheduler = None  # what is asked for now stands above what is set for always
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine; a cluster's workers say themselves how many")
    from autograder.commands import grade  # noqa: PLC0415

    sys.exit(grade.grade(grade.Order(lab, students, force, workers, scheduler, json_file)))


@main.command()
@click.argument("lab")
@click.option("--exchange", is_flag=True, help="Put it into nbgrader's exchange as well.")
def release(lab: str, exchange: bool) -> None:
    """Generate the students' version of LAB from its source."""
    from autograder.commands import steps  # noqa: PLC0415

    steps.release(lab, exchange=exchange)


@main.command()
@click.argument("lab")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--exchange", is_flag=True, help="Put it into nbgrader's exchange as well.")
def feedback(lab: str, students: tuple[str, ...], exchange: bool) -> None:
    """Generate the students' feedback on LAB."""
    from autograder.commands import steps  # noqa: PLC0415

    sys.exit(steps.feedback(lab, students, exchange=exchange))


@main.command()
@click.argument("lab")
def report(lab: str) -> None:
    """Write what the class did with LAB: a page to read, its numbers as CSV and JSON."""
    from autograder.commands import steps  # noqa: PLC0415

    steps.report(lab)


@main.command()
@click.argument("lab")
@click.option(
    "--for", "platform", type=click.Choice(["canvas", "moodle"]), required=True, help="Who imports it."
)
@click.option("--column", default="", help="What LAB is called there, such as 'Encoder (1234)'.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def export(lab: str, platform: str, column: str, to: Path | None) -> None:
    """Write the points of LAB as a learning platform imports them."""
    from autograder.commands import steps  # noqa: PLC0415

    steps.export(lab, platform, to, column=column)


@main.command()
@click.argument("file", default=seeds.FILE, type=click.Path(dir_okay=False, path_type=Path))
def secret(file: Path) -> None:
    """Make a course secret, which hidden tests draw their numbers from, in a new FILE."""
    try:
        made = seeds.make(file)
    except seeds.SecretError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{made}: keep it to yourself, and name it in nbgrader_config.py as SandboxExecute.secret")


if __name__ == "__main__":
    main()
