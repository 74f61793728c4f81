"""``autograder secret``: a file with the course secret, for the hidden tests' numbers."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.checks import seeds


def secret(file: Path | None = None) -> None:
    """Make a course secret in a new file, by default `seeds.FILE`; say where it is to be named."""
    try:
        path = seeds.make(file or seeds.FILE)
    except seeds.SecretError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{path}: keep it to yourself, and name it in nbgrader_config.py as SandboxExecute.secret")
