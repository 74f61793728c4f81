"""Grade the corpus in one run and compare what was given with what was deserved."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from autograder.plugin.notebook_context import REPORT
from course.sample_class.mnist import TRAINED
from course.sample_class.notebooks import index
from tests.autograder.classroom import PLAIN_COURSE, REPOSITORY, Classroom
from tests.autograder.corpus.case import GROUPS, Case, Submission, cases
from tests.autograder.corpus.lab import LOGGED, Lab, Scores
from tests.autograder.corpus.machine import BESIDE
from tests.autograder.corpus.resources import MARK
from tests.autograder.machines import Machine, cannot_be_made

# Tight, so that the whole corpus takes minutes; what is honest in it stays far below.
LIMITS: dict[str, dict[str, float]] = {
    "series": {
        "call_seconds": 3,
        "cell_seconds": 4,
        "question_seconds": 8,
        "submission_seconds": 60,
        "memory_bytes": 512 * 2**20,
        "file_bytes": 16 * 2**20,
        "scratch_bytes": 32 * 2**20,
    },
    "encoder": {
        "call_seconds": 8,
        "cell_seconds": 20,
        "question_seconds": 30,
        "submission_seconds": 150,
        "memory_bytes": 1024 * 2**20,
        "file_bytes": 16 * 2**20,
        "scratch_bytes": 64 * 2**20,
    },
    "mnist": {
        "call_seconds": 8,
        "cell_seconds": 20,
        "question_seconds": 30,
        "submission_seconds": 150,
        "memory_bytes": 1024 * 2**20,
        "file_bytes": 16 * 2**20,
        "scratch_bytes": 64 * 2**20,
    },
}


@dataclass
class Row:
    """One submission's line of the table."""

    name: str
    group: str
    deserved: Scores
    given: Scores | None = None
    reason: str = ""
    seconds: float = 0.0
    leaked: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether every cell got what it deserves, and nothing of the tests was to be seen."""
        return self.given == self.deserved and not self.leaked

    def differences(self) -> str:
        """The cells that differ, in words."""
        given = self.given if self.given is not None else {}
        wrong = [
            f"{cell}: deserved {_score(score)}, given {_score(given[cell]) if cell in given else 'no row'}"
            for cell, score in self.deserved.items()
            if cell not in given or given[cell] != score
        ]
        return "; ".join(wrong + [f"shows {text!r}" for text in self.leaked])


@dataclass
class Report:
    """What came of a run."""

    rows: list[Row]
    left_over: list[str]
    seconds: float
    log: str


def grade(lab: Lab, room: Classroom, chosen: list[Case], machine: Machine = Machine.FULL) -> Report:
    """Hand in the chosen cases, autograde all of them with one command, and look at what is left.

    Parameters
    ----------
    lab : Lab
        The released lab.
    room : Classroom
        The course that the lab is in; its submissions, grades and feedback are removed.
    chosen : list of Case
        Which submissions.
    machine : Machine
        The machine that the command sees.

    Returns
    -------
    Report
        One row for each case; what was left over of any of them.
    """
    for step in ("submitted", "autograded", "feedback"):
        shutil.rmtree(room.root / step, ignore_errors=True)
    made = {each.name: each.make(lab) for each in chosen}
    for name, submission in made.items():
        submission.files = lab.beside | submission.files
        submission.write(room.folder(name, lab.assignment), lab.notebook)
    limits = [f"c.SandboxExecute.{name} = {value}" for name, value in LIMITS[lab.assignment].items()]
    room.configure("\n".join([room.config, *limits, machine.setting, ""]))
    with tempfile.TemporaryDirectory(prefix="corpus-") as temporary:
        start = time.monotonic()
        outcome = _run(room, ["autograde", lab.assignment], Path(temporary), machine)
        seconds = time.monotonic() - start
        left_over = (
            outcome["processes"]
            + outcome["sockets"]
            + outcome["touched"]
            + _files_left(room, Path(temporary))
        )
    scores = room.scores(lab.assignment)
    rows = [_row(each, made[each.name], scores.get(each.name), room, lab) for each in chosen]
    return Report(rows, left_over, seconds, outcome["log"])


def _row(each: Case, submission: Submission, given: Scores | None, room: Classroom, lab: Lab) -> Row:
    row = Row(each.name, each.group, submission.deserved, given)
    path = room.folder(each.name, lab.assignment, "autograded") / f"{lab.notebook}.ipynb"
    if not path.is_file():
        return row
    notebook = json.loads(path.read_text())
    # cells of the student's own stand beside an untouched answer, so that a person looks
    beside = {
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in notebook["cells"]
        if "beside" in cell["metadata"].get("autograder", {})
    }
    row.deserved = submission.deserved | dict.fromkeys(beside)
    record = notebook["metadata"].get("autograder", {})
    limits = ", ".join(record.get("limits_hit", ()))
    row.reason = "; ".join(
        text for text in (record.get("reason", ""), limits and f"limits: {limits}") if text
    )
    row.seconds = record.get("seconds", 0.0)
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    shown = json.dumps([output for output in outputs if output.get("ename") != REPORT])
    row.leaked = [line for line in hidden_lines(lab) if json.dumps(line)[1:-1] in shown]
    return row


def hidden_lines(lab: Lab) -> list[str]:
    """Lines of the hidden tests that no submission has, long enough to be told from other text."""
    hidden, inside = [], False
    released = "\n".join(cell.source for cell in lab.released.cells)
    for source in lab.test_sources:
        for line in source.splitlines():
            if "END HIDDEN TESTS" in line:
                inside = False
            elif inside and _is_telling(line) and line.strip() not in released:
                hidden.append(line.strip())
            inside = inside or "BEGIN HIDDEN TESTS" in line
    return hidden


def _is_telling(line: str) -> bool:
    return len(line.strip()) >= 16 and any(character.isdigit() for character in line)


# --- one command, watched

# If the sandbox had a fault, a case that kills everything would kill more than this run: where the
# machine allows it, the command gets a process namespace of its own, in which also all that is left
# over can be seen.
NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--ipc"]


def _run(room: Classroom, command: list[str], temporary: Path, machine: Machine) -> dict:
    watch = [
        sys.executable,
        "-m",
        "tests.autograder.corpus.watch",
        str(room.root),
        str(temporary / "outcome.json"),
        machine,
    ]
    inner = [*NAMESPACE, *watch] if _has_namespaces() else watch
    (temporary / "tmp").mkdir()
    beside = temporary / "tmp" / BESIDE
    beside.write_text("")
    machine.hand_over(room.root, temporary / "tmp")
    before = _attributes(beside)
    environment = room.environment | {"TMPDIR": str(temporary / "tmp")}
    subprocess.run([*inner, *command], cwd=REPOSITORY, env=environment, check=True, timeout=3600)
    outcome = json.loads((temporary / "outcome.json").read_text())
    (temporary / "outcome.json").unlink()
    outcome["touched"] = [] if _attributes(beside) == before else [f"{beside} is not as it was"]
    beside.unlink()
    return outcome


def _has_namespaces() -> bool:
    unshare = shutil.which(NAMESPACE[0])
    return (
        unshare is not None
        and subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode == 0
    )


def _files_left(room: Classroom, temporary: Path) -> list[str]:
    places = {Path(place) for place in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", Path.home(), room.root)}
    places |= {REPOSITORY, room.root.parent}
    marked = [str(path) for place in places if place.is_dir() for path in place.glob(f"{MARK}*")]
    return marked + [str(path) for path in (temporary / "tmp").rglob("*")]


def _attributes(path: Path) -> list[object]:
    status = path.lstat()
    own = [os.getxattr(path, name) for name in os.listxattr(path)]
    return [status.st_mode, status.st_mtime, status.st_uid, status.st_gid, status.st_nlink, own]


def leftovers(before: set[int]) -> dict[str, list[str]]:
    """Return the processes and sockets that have come since ``before`` was taken."""
    processes = [
        f"process {process.pid}: {' '.join(process.info['cmdline'] or [process.info['name']])[:200]}"
        for process in psutil.process_iter(["cmdline", "name"])
        if process.pid not in before
        and process.pid != os.getpid()
        and process.status() != psutil.STATUS_ZOMBIE
    ]
    sockets = [line for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line]
    return {"processes": processes, "sockets": sockets}


# --- the table


def _score(score: float | None) -> str:
    return "by hand" if score is None else f"{score:g}"


def _total(scores: Scores | None) -> str:
    if scores is None:
        return "no row"
    by_hand = sum(score is None for score in scores.values())
    return f"{sum(score or 0 for score in scores.values()):g}" + (f" +{by_hand} by hand" if by_hand else "")


def table(report: Report) -> Table:
    """Draw a report."""
    drawn = Table("submission", "group", "deserved", "given", "reason", "seconds", "", title="The corpus")
    for row in report.rows:
        note = "" if row.is_right else f"[red]{row.differences()}[/red]"
        drawn.add_row(
            row.name, row.group, _total(row.deserved), _total(row.given), row.reason, f"{row.seconds:.1f}",
            note or "✓",
        )  # fmt: skip
    return drawn


def plain_lab(root: Path) -> tuple[Lab, Classroom]:
    """Make the course with plain asserts, and a question on logs, in an empty folder."""
    shutil.copytree(PLAIN_COURSE / "source", root / "source")
    room = Classroom(root)
    notebook = nbformat.read(root / "source" / "series" / "series.ipynb", as_version=4)
    place = index(notebook, "explain") - 1  # below its heading
    notebook.cells[place:place] = LOGGED
    room.source("series", "series", notebook)
    room.release("series")
    return Lab(root, "series", "series", target="mean"), room


def encoder_lab(root: Path) -> tuple[Lab, Classroom]:
    """Make a course with the encoder lab in an empty folder."""
    shutil.copytree(REPOSITORY / "solutions" / "encoder", root / "source" / "encoder")
    room = Classroom(root)
    room.release("encoder")
    return Lab(root, "encoder", "encoder", target="dense_kernel"), room


def mnist_lab(root: Path) -> tuple[Lab, Classroom]:
    """Make a course with the MNIST lab, and networks to hand in, in an empty folder."""
    shutil.copytree(REPOSITORY / "solutions" / "mnist", root / "source" / "mnist", ignore=_networks)
    room = Classroom(root)
    room.release("mnist")
    beside = {path.name: path.read_bytes() for path in TRAINED.glob("*.keras")}
    return Lab(root, "mnist", "mnist", target="accuracy", beside=beside), room


_networks = shutil.ignore_patterns("*.keras")
LABS = {"series": plain_lab, "encoder": encoder_lab, "mnist": mnist_lab}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.autograder.corpus", description=__doc__)
    parser.add_argument("--lab", choices=LABS, default="series", help="the lab that is handed in")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only this group (may be repeated)")
    parser.add_argument("--name", action="append", help="only this submission (may be repeated)")
    parser.add_argument(
        "--machine",
        choices=list(Machine),
        type=Machine,
        default=Machine.FULL,
        help="the machine it is graded on",
    )
    parser.add_argument("--folder", type=Path, help="an empty folder to work in and to keep")
    options = parser.parse_args()
    chosen = [
        each
        for each in cases()
        if (not options.group or each.group in options.group)
        and (not options.name or each.name in options.name)
    ]
    if options.machine is not Machine.FULL and (reason := cannot_be_made()):
        parser.error(reason)
    if not chosen:
        parser.error("no submission of that name; names are: " + ", ".join(each.name for each in cases()))
    with tempfile.TemporaryDirectory(prefix="course-") as temporary:
        root = options.folder or Path(temporary) / "course"
        lab, room = LABS[options.lab](root)
        report = grade(lab, room, [each for each in chosen if each.applies(lab)], options.machine)
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table(report))
    for each in report.left_over:
        console.print(f"[red]left over:[/red] {each}")
    for line in report.log.splitlines():
        if "sandbox" in line:
            console.print(line, highlight=False, markup=False)
    right = sum(row.is_right for row in report.rows)
    console.print(f"{right} of {len(report.rows)} got what they deserve, in {report.seconds:.0f} s")
    sys.exit(0 if right == len(report.rows) and not report.left_over else 1)
