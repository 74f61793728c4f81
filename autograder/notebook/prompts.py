"""Prompts in a test's code, which IPython takes away before the cell runs."""

from __future__ import annotations

PROMPT = ">>>"


def first_prompt(source: str) -> int:
    """Return the number of the first line that loses its prompt, from 1; 0 where none does.

    In a docstring, whose quotes begin a line, prompts stay.
    """
    if PROMPT not in source:
        return 0
    from IPython.core.inputtransformer2 import classic_prompt  # noqa: PLC0415 - slow to import

    lines = source.splitlines(keepends=True)
    blank = next(number for number, line in enumerate(lines) if line.strip())
    for number, (line, run) in enumerate(zip(lines[blank:], classic_prompt(lines[blank:]), strict=False), 1):
        if line.lstrip().startswith(PROMPT) and not run.lstrip().startswith(PROMPT):
            return blank + number
    return 0
