"""The commands of a department's machine: python -m deploy arrange|start FILE."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from deploy.arrange import Places, arrange
from deploy.settings import DeployError, Settings, read

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
CONFIGURATION = Path(__file__).with_name("jupyterhub_config.py")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Arrange and start a department's machine, as FILE says."""


@main.command("arrange")
@FILE
def arrange_(file: Path) -> None:
    """Make accounts, folders, rights and keys; tell what changed."""
    _arranged(file)


@main.command()
@FILE
def start(file: Path) -> None:
    """Arrange, then start the hub, and with it the instructors' server and the cluster."""
    settings = _arranged(file)
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environment = os.environ | {"COURSE_MACHINE": str(file.resolve()), "PATH": programs}
    os.chdir(Places(settings).hub)
    command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIGURATION)]
    os.execve(sys.executable, command, environment)


def _arranged(file: Path) -> Settings:
    from deploy.hub import proxy  # noqa: PLC0415 - so that a faulty file is said before a missing package

    try:
        settings = read(file)
        proxy()
        arrange(settings, click.echo)
    except DeployError as error:
        raise click.ClickException(str(error)) from None
    return settings


if __name__ == "__main__":
    main()
