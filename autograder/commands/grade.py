"""``autograder grade ASSIGNMENT``: checks what could be wrong, grades, and shows the outcomes."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps import AutogradeApp
from nbgrader.converters import NbGraderException
from rich.console import Console

from autograder.batch import summary
from autograder.batch.errors import GradeError, first_line
from autograder.batch.lock import only_one
from autograder.batch.pools import pool
from autograder.batch.preflight import (
    check_assignment,
    check_isolation,
    check_name,
    check_submissions,
    check_writable,
)
from autograder.batch.progress import progress_of
from autograder.batch.scheduler import ClassGrading
from autograder.batch.summary import State
from autograder.commands.course import no_settings, read_config, say, settings_files
from autograder.commands.log_file import logged
from autograder.plugin.autograde import SandboxAutograde
from autograder.plugin.execute import SandboxExecute
from autograder.plugin.names import alike_ids, say_alike
from autograder.store import Store, StoreError

INTERRUPTED = 130
SWITCH_SECONDS = 0.001  # the writing thread must not hold up those that relay frames


@dataclass(frozen=True)
class GradeOptions:
    """The assignment and the options of the command line."""

    assignment: str
    students: tuple[str, ...] = ()
    force: bool = False
    workers: int | None = None
    scheduler: str | None = None
    json_file: Path | None = None


def grade(options: GradeOptions, console: Console | None = None) -> int:
    """Grade a class; return the exit code.

    Parameters
    ----------
    options
        What to grade, and how.
    console
        Where to show it; standard output by default.

    Returns
    -------
    int
        0 if every submission has its row in the gradebook, 1 if one has not, 2 if nothing could be
        graded or not all of it, 130 after an interrupt.
    """
    console = console or Console()
    try:
        return _grade(options, console)
    except (GradeError, StoreError) as error:
        say(console, f"autograder grade: {error}", style="red")
        return 2


def _grade(options: GradeOptions, console: Console) -> int:
    if options.json_file is not None and not options.json_file.absolute().parent.is_dir():
        raise GradeError(f"--json {options.json_file}: no folder {options.json_file.absolute().parent}")
    json_file = options.json_file and options.json_file.absolute()
    check_name(options.assignment)
    app = _app(options)
    check_assignment(app.coursedir, options.assignment)
    check_writable(app.coursedir)
    students = check_submissions(app.coursedir, options.assignment, options.students)
    if options.scheduler is None:  # a cluster's machines look for themselves, when they start a worker
        check_isolation(SandboxExecute(parent=app))
    store = Store(Path(app.coursedir.root), options.assignment)
    folder = store.folder
    folder.mkdir(exist_ok=True)
    sys.setswitchinterval(SWITCH_SECONDS)
    with only_one(folder.parent), logged(app.log, folder / "grade.log") as warnings:
        with pool(options.workers, options.scheduler) as opened, progress_of(console) as bar:
            console.print(
                f"Grading {options.assignment}, {opened.description()}.", highlight=False, markup=False
            )
            started = time.monotonic()
            grading = ClassGrading(
                SandboxAutograde(coursedir=app.coursedir, parent=app, store=store),
                opened,
                students=frozenset(students),
                again=options.force,
                on_begin=bar.begin,
                on_outcome=bar.advance,
            )
            with _stopped_by_signals(grading, console):
                try:
                    grading.run()
                except NbGraderException as error:
                    raise GradeError(first_line(error)) from error
            seconds = time.monotonic() - started
        if json_file:
            summary.write_json(json_file, options.assignment, grading.outcomes, seconds)
        return _say(console, grading, seconds, warnings, folder / "grade.log")


def _app(options: GradeOptions) -> AutogradeApp:
    """Read the course's configuration as `nbgrader autograde` does."""
    app = read_config()
    app.coursedir.assignment_id = options.assignment
    steps = app.config.Autograde.get("autograde_preprocessors", [])
    names = [step if isinstance(step, str) else step.__name__ for step in steps]
    if not any(name.endswith(SandboxExecute.__name__) for name in names):
        if not (files := settings_files(app)):
            raise GradeError(no_settings(app))
        raise GradeError(
            f"{' and '.join(files)}: does not use the autograder; add to it: "
            "`import autograder.plugin; autograder.plugin.configure(c)`"
        )
    return app


def _say(console: Console, done: ClassGrading, seconds: float, warnings: list[str], log: Path) -> int:
    """Show the outcomes of the class; return the exit code."""
    console.print(summary.table(summary.questions(done.outcomes)))
    failed = [outcome for outcome in done.outcomes if outcome.state is State.FAILED or outcome.score is None]
    unchanged = sum(outcome.state is State.UNCHANGED for outcome in done.outcomes)
    executed = sum(outcome.executed for outcome in done.outcomes)
    left = done.total - len(done.outcomes)
    parts = [
        f"{len(done.outcomes)} submissions in {seconds:.1f} s",
        f"{executed} run",
        f"{unchanged} unchanged",
    ]
    if late := [outcome for outcome in done.outcomes if outcome.penalty]:
        off = sum(outcome.penalty for outcome in late)
        parts.append(f"{len(late)} late ({off:g} point{'' if off == 1 else 's'} off)")
    if layers := sorted(done.converter.missing_layers):
        parts.append(f"missing of the sandbox, as allowed: {', '.join(layers)} (see autograder doctor)")
    if warnings:
        parts.append(f"{len(warnings)} warning{'s' if len(warnings) > 1 else ''} in {log}")
    console.print("; ".join(parts) + ".", highlight=False, markup=False)
    for outcome in failed[:20]:
        reason = outcome.error or "no row in the gradebook"
        say(console, f"{outcome.student}: not graded: {reason}", style="red")
    unclear = [outcome for outcome in done.outcomes if outcome.time_unclear]
    for outcome in unclear[:20]:
        say(console, f"{outcome.student}: late or not? {outcome.time_unclear}", style="yellow")
    if unclear:
        console.print(
            f"{len(unclear)} handed in at a time that cannot be told, so a person has to look: correct "
            "timestamp.txt and grade again, or take the file away."
        )
    for group in alike_ids([*done.known, *(outcome.student for outcome in done.outcomes)])[:20]:
        say(console, say_alike(group), style="yellow")
    if done.stopping:
        console.print(f"Interrupted with {left} left. The same command does the rest.", highlight=False)
        return INTERRUPTED
    if failed:
        console.print(f"{len(failed)} without a row; details in {log}. The same command tries them again.")
    return 1 if failed or left else 0


@contextmanager
def _stopped_by_signals(grading: ClassGrading, console: Console) -> Iterator[None]:
    """Let the first interrupt stop the run between two submissions, and the second at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(*_: object) -> None:
        grading.stopping = True
        for either in before:
            signal.signal(either, signal.default_int_handler)
        console.print("Stopping; what is graded is kept.", highlight=False)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    except KeyboardInterrupt:
        grading.stopping = True
        grading.pool.stop()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
