"""The command ``autograder``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="autograder", description="Grades notebooks in nbgrader courses.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("doctor", help="say what this machine can enforce, and what is missing")
    chosen = parser.parse_args(arguments)
    if chosen.command == "doctor":
        from autograder import doctor  # noqa: PLC0415 - each command imports what it needs

        return doctor.main()
    raise AssertionError(chosen.command)


if __name__ == "__main__":
    sys.exit(main())
