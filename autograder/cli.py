"""The command ``autograder``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from autograder import variants


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="autograder", description="Grades notebooks in nbgrader courses.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("doctor", help="say what this machine can enforce, and what is missing")
    secret = commands.add_parser(
        "secret", help="make a course secret, which hidden tests draw their numbers from"
    )
    secret.add_argument("file", nargs="?", default=variants.FILE, help="a new file (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    if chosen.command == "doctor":
        from autograder import doctor  # noqa: PLC0415 - each command imports what it needs

        return doctor.main()
    if chosen.command == "secret":
        try:
            made = variants.make(chosen.file)
        except variants.SecretError as error:
            parser.error(str(error))
        print(f"{made}: keep it to yourself, and name it in nbgrader_config.py as SandboxExecute.secret")
        return 0
    raise AssertionError(chosen.command)


if __name__ == "__main__":
    sys.exit(main())
