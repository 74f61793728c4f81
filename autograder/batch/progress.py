"""The progress bar of a class that is graded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.batch.summary import GradingOutcome


class GradingProgress:
    """The submissions that are done, of how many, how fast, and whose was the last."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("grading", total=None, rate="", last="")
        self.started = time.monotonic()

    def begin(self, total: int) -> None:
        """Take the number of submissions."""
        self.progress.update(self.task, total=total)

    def advance(self, outcome: GradingOutcome) -> None:
        """Count one submission that is in the gradebook."""
        self.progress.advance(self.task)
        done = self.progress.tasks[0].completed
        per_second = done / max(1e-9, time.monotonic() - self.started)
        rate = f"{per_second:.1f}/s" if per_second >= 1 else f"{1 / per_second:.1f} s each"
        self.progress.update(self.task, rate=rate, last=outcome.student[:30])


@contextmanager
def progress_of(console: Console) -> Iterator[GradingProgress]:
    """Show a bar as long as the block lasts."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
        TextColumn("{task.fields[last]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        yield GradingProgress(progress)
