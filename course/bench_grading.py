"""Speed of grading a class: stock nbgrader, `autograder grade`, Dask, and the cells alone.

    python -m course.bench_grading --class-size 60

All ways grade the same submissions, one after the other, on the same cores: a large class of the
encoder lab, and the sample classes of the others. Each way's figures are kept in
``_build/bench/grading/`` as soon as it is done, and a run that was stopped goes on with the next
way, unless what is measured has changed since; ``--again`` measures all anew.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import click
import nbformat
import psutil
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.execution.spec import DEFAULTS
from course import sample_class
from course.sample_class import big, tiny
from course.stamps import BUILD, ROOT, digest

FOLDER = BUILD / "bench" / "grading"
LAB = big.LAB
# What decides how long grading takes, beside the machine.
MEASURED = (
    "autograder",
    "course/bench_floor.py",
    "course/sample_class",
    "labs",
    "nbgrader_config.py",
    "requirements.txt",
    "sepconv",
    "solutions",
)
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = {root!r} + "/solutions"
c.ExecutePreprocessor.timeout = {seconds}
"""
OURS = """
load_subconfig("nbgrader_config.py", path={root!r})
c = get_config()
c.CourseDirectory.source_directory = {root!r} + "/solutions"
c.CourseDirectory.release_directory = "release"
"""
TINY = """
c = get_config()
import autograder.plugin; autograder.plugin.configure(c)
"""
SERVER = """
c.CourseDirectory.db_url = "URL"
c.CourseDirectory.course_id = "course"  # PostgreSQL refuses what belongs to a course without a name
"""
TINY_SIZES = (10, 100, 1000, 10_000)
LOOK_SECONDS = 0.1
PAGES_SECONDS = 3  # counting what is a process's own takes the kernel long
STOCK_SECONDS = int(DEFAULTS.cell_seconds)  # the same for a cell as with the engine


@cache
def state() -> str:
    """Digest of what is measured, as it was when this process began to."""
    return digest(MEASURED)


class Memory:
    """Memory of a running command: its own, and of the largest process below it, in bytes.

    Counted is what a process does not share (its unique set size), as all fork from one.
    """

    def __init__(self, pid: int) -> None:
        self.supervisor = self.largest = 0
        self._process, self._over = psutil.Process(pid), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        counted = time.monotonic()
        while not self._over.wait(LOOK_SECONDS):
            try:
                self.supervisor = max(self.supervisor, self._process.memory_info().rss)
                if time.monotonic() - counted < PAGES_SECONDS:
                    continue
                for child in self._process.children(recursive=True):
                    self.largest = max(self.largest, _own_bytes(child))
            except psutil.Error:
                continue
            counted = time.monotonic()

    def close(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()


def _own_bytes(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().uss
    except psutil.Error:
        return 0


def timed(command: list[str], folder: Path, log: Path, codes: tuple[int, ...] = (0,)) -> dict:
    """Run a command; return its wall time, its processor time and its memory.

    Raises
    ------
    click.ClickException
        If it ends with a code that is not among ``codes``.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    start = time.monotonic()
    with open(log, "wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=environment, stdout=file, stderr=file
        )
        memory = Memory(process.pid)
        try:
            code = process.wait()
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        finally:
            memory.close()
    seconds = time.monotonic() - start
    if code not in codes:
        raise click.ClickException(f"{' '.join(command)} ended with {code}; see {log}")
    return {"seconds": seconds, "supervisor": memory.supervisor, "largest": memory.largest, "code": code}


@dataclass(frozen=True)
class Class:
    """A class' folder, released and handed in.

    Parameters
    ----------
    lab : str
        Its one assignment.
    root : Path
        The course's folder.
    size : int
        How many submissions lie in it.
    """

    lab: str
    root: Path
    size: int


def make_class(lab: str, size: int = 0) -> Class:
    """Make a class' folder: a large one for the encoder lab, the sample class for others.

    It is made anew where it was made for another state of what is measured.
    """
    root = FOLDER / (f"class-{size}" if size else f"class-{lab}")
    done = root / "made-for"
    if not done.exists() or done.read_text() != state():
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(_pages(root), ignore_errors=True)
        root.mkdir(parents=True)
        _configure(root, OURS)
        timed(["nbgrader", "generate_assignment", lab, "--force"], root, root / "release.log")
        if size:
            big.make(size, root / "submitted")
        else:
            sample_class.make(root / "submitted", lab, ROOT / "labs" / lab, ROOT / "solutions" / lab)
        done.write_text(state())
    return Class(lab, root, len(list((root / "submitted").iterdir())))


def _configure(root: Path, config: str) -> None:
    (root / "nbgrader_config.py").write_text(config.format(root=str(ROOT), seconds=STOCK_SECONDS))


@contextmanager
def course_copy(root: Path, config: str = OURS) -> Iterator[Path]:
    """Copy a course, so that each way finds it as it was released."""
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="run-") as folder:
        copy = Path(folder) / "course"
        shutil.copytree(root, copy)
        if config:
            _configure(copy, config)
        yield copy


def stock(graded: Class, workers: int) -> dict:
    """Grade by nbgrader alone, which takes one submission after the other."""
    with course_copy(graded.root, STOCK) as copy:
        # it ends with 1 where it loses a submission
        return timed(["nbgrader", "autograde", graded.lab], copy, FOLDER / "stock.log", (0, 1))


def _pages(root: Path) -> Path:
    """Name the folder of the floor's notebooks, left by `local`: students' cells with the tests."""
    return FOLDER / f"pages-{root.name}"


def local(graded: Class, workers: int) -> dict:
    """Grade by `autograder grade` on this machine; then once more, when nothing has changed."""
    with course_copy(graded.root) as copy:
        command = ["autograder.cli", "grade", graded.lab, "--workers", str(workers)]
        figures = timed(command, copy, FOLDER / "local.log")
        figures["unchanged"] = timed(command, copy, FOLDER / "unchanged.log")["seconds"]
        pages = _pages(graded.root)
        shutil.rmtree(pages, ignore_errors=True)
        shutil.copytree(copy / "autograded", pages)
        return figures


def dask(graded: Class, workers: int) -> dict:
    """Grade by `autograder grade` on a Dask cluster of one worker for each core of this machine.

    Where all code ends, once more on the same cluster, which has its fork servers then.
    """
    with course_copy(graded.root) as copy, _cluster(copy, workers) as address:
        command = ["autograder.cli", "grade", graded.lab, "--scheduler", address]
        figures = timed(command, copy, FOLDER / "dask.log")
        if not big.endless(graded.size):
            figures["warm"] = timed([*command, "--force"], copy, FOLDER / "dask.log")["seconds"]
        return figures


def dask_one(graded: Class, workers: int) -> dict:
    """Grade on a Dask cluster of one worker."""
    return dask(graded, 1)


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[str]:
    described = folder / "scheduler.json"
    options = ["--no-dashboard", "--scheduler-file", str(described)]
    started = []

    def start(module: str, *arguments: str) -> None:
        log = open(FOLDER / "cluster.log", "ab")  # noqa: SIM115 - closed with the process
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", module, *options, *arguments]
        started.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))

    try:
        start("distributed.cli.dask_scheduler", "--port", "0")
        for _ in range(workers):
            start("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny")
        from distributed import Client  # noqa: PLC0415

        with Client(scheduler_file=str(described), timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def floor(graded: Class, workers: int) -> dict:
    """Run the same cells, each submission in one IPython: no sandbox, no judge, no gradebook."""
    command = ["course.bench_floor", str(_pages(graded.root)), graded.lab, "--workers", str(workers)]
    return timed(command, ROOT, FOLDER / "floor.log")


WAYS = {"stock": stock, "local": local, "dask": dask, "dask_one": dask_one, "floor": floor}


def commands() -> dict:
    """Time commands that a person waits for."""
    with course_copy(make_class(LAB, big.ALL_END).root) as copy:
        helped = [timed(["autograder.cli", "--help"], copy, FOLDER / "help.log")["seconds"] for _ in range(5)]
        check = ["autograder.cli", "check", LAB]
        first, again = (timed(check, copy, FOLDER / "check.log")["seconds"] for _ in range(2))
        return {"help": min(helped), "check": first, "check_again": again}


def growth(size: int, workers: int, database: str = "") -> dict:
    """Grade a lab that takes no time, many times: what a submission costs beside its own cells.

    The gradebook lies in the course's folder, or in the database of an address.
    """
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="tiny-") as folder:
        root = Path(folder) / "course"
        (root / "source" / tiny.LAB).mkdir(parents=True)
        nbformat.write(tiny.source(), root / "source" / tiny.LAB / f"{tiny.LAB}.ipynb")
        _configure(root, TINY + (SERVER.replace("URL", database) if database else ""))
        timed(["nbgrader", "generate_assignment", tiny.LAB], root, FOLDER / "growth-release.log")
        tiny.make(size, root / "release" / tiny.LAB, root / "submitted")
        command = ["autograder.cli", "grade", tiny.LAB, "--workers", str(workers)]
        return timed(command, root, FOLDER / f"growth-{size}.log") | {"server": bool(database)}


def measured(name: str, size: int, again: bool, measure: Callable[[], dict]) -> dict:
    """Return the figures of one way: those of an earlier run, or new ones, which are then kept.

    Those of another state of what is measured do not count.
    """
    kept, now = FOLDER / f"{name}-{size}.json", state()
    if kept.exists() and not again:
        figures = json.loads(kept.read_text())
        if figures.get("state") == now:
            return figures
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(f"{name}, {size} submissions", total=None)
        figures = measure() | {"size": size, "at": time.time(), "load": os.getloadavg()[0], "state": now}
    kept.write_text(json.dumps(figures))
    return figures


def days(all_ways: Iterable[dict]) -> str:
    """Name the day on which figures were measured, or the first and the last."""
    on = sorted(str(date.fromtimestamp(way["at"])) for way in all_ways)
    return " to ".join(dict.fromkeys((on[0], on[-1])))


def text(figures: dict) -> str:
    """Lay the figures out as Markdown."""
    ways, size = figures["ways"], figures["class_size"]
    each = {name: way["seconds"] / size for name, way in ways.items()}
    names = {
        "stock": "`nbgrader autograde`, stock",
        "local": "`autograder grade`",
        "dask": "`autograder grade --scheduler`, Dask on the same cores",
        "floor": "the same cells alone, in forks of one process",
    }
    lines = ["| | s a submission | times stock's throughput | times the floor | largest process, MiB |",
             "| :-- | --: | --: | --: | --: |"]  # fmt: skip
    for name in (name for name in names if name in each):
        faster = f"{each['stock'] / each[name]:.1f}" if "stock" in each else ""
        over = f"{each[name] / each['floor']:.2f}" if "floor" in each else ""
        # A cluster's processes are not the command's, which sees none of them.
        largest = f"{ways[name]['largest'] / 2**20:.0f}" if ways[name]["largest"] else "not seen"
        lines.append(f"| {names[name]} | {each[name]:.2f} | {faster} | {over} | {largest} |")
    said = f"A class of {size} for the encoder lab, perfect to empty, {figures['workers']} at once."
    if never := big.endless(size):
        said += (
            f" Code that never ends is in {never} of them; every way stops a cell after {STOCK_SECONDS} s, "
            f"ours also a call by a test after {DEFAULTS.call_seconds:g} s."
        )
    if brief := figures.get("all_end"):
        seconds = {way: one["seconds"] for way, one in brief.items()}
        warm = {way: one["warm"] for way, one in brief.items() if "warm" in one}
        many = brief["local"]["size"]
        said += (
            f" That hides what grading costs: a class of {many} without it takes `autograder grade` "
            f"{seconds['local'] / many:.2f} s a submission, {seconds['stock'] / seconds['local']:.1f} times "
            f"stock's throughput and {seconds['local'] / seconds['floor']:.2f} times the floor's time. On "
            f"Dask it takes {seconds['dask'] / seconds['local']:.2f} times as long, and "
            f"{warm['dask'] / seconds['local']:.2f} times on a cluster that has graded before; two workers "
            f"of Dask's, of one core each, are {seconds['dask_one'] / seconds['dask']:.2f} times as fast as "
            f"one, and {warm['dask_one'] / warm['dask']:.2f} times where both have graded before."
        )
    if "local" in ways:
        said += f" Grading it again, with nothing changed, took {ways['local']['unchanged']:.1f} s."
    if waited := figures.get("commands"):
        said += (
            f" `autograder --help` takes {waited['help']:.2f} s, `autograder check` of the encoder lab "
            f"{waited['check']:.1f} s, and {waited['check_again']:.1f} s when nothing has changed."
        )
    said += " Start-up of every command is included."
    if "on" in figures:
        said += f" {', '.join(figures[part] for part in ('on', 'with') if part in figures)}."
    lines += ["", said]
    if labs := figures.get("labs"):
        lines += ["", *_labs_table(labs)]
    if figures["growth"]:
        lines += ["", "| class for a lab that takes no time | s a submission | memory of the command, MiB |",
                  "| --: | --: | --: |"]  # fmt: skip
        for way in figures["growth"]:
            label = f"{way['size']:,}" + (", gradebook in PostgreSQL" if way.get("server") else "")
            lines.append(
                f"| {label} | {way['seconds'] / way['size']:.3f} | {way['supervisor'] / 2**20:.0f} |"
            )
    return "\n".join(lines)


def _labs_table(labs: dict[str, dict[str, dict]]) -> list[str]:
    lines = ["| sample class | submissions | s a submission | times stock's throughput | times the floor |",
             "| :-- | --: | --: | --: | --: |"]  # fmt: skip
    for lab, ways in labs.items():
        ours, size = ways["local"]["seconds"], ways["local"]["size"]
        faster, over = ways["stock"]["seconds"] / ours, ours / ways["floor"]["seconds"]
        lines.append(f"| {lab} | {size} | {ours / size:.2f} | {faster:.1f} | {over:.2f} |")
    return lines


@click.command(context_settings={"show_default": True})
@click.option("--class-size", default=60, type=click.IntRange(2), help="Submissions of the encoder lab.")
@click.option("--workers", default=os.cpu_count(), type=click.IntRange(1), help="How many at once.")
@click.option(
    "--way",
    "ways",
    multiple=True,
    default=("stock", "local", "dask", "floor"),
    type=click.Choice(["stock", "local", "dask", "floor"]),
    help="What to measure. The floor runs the pages that `local` leaves.",
)
@click.option(
    "--tiny", "sizes", multiple=True, type=int, default=TINY_SIZES, help="Sizes to grow over; 0: none."
)
@click.option("--database", default="", help="Empty, in PostgreSQL: the largest size grows over it, too.")
@click.option(
    "--lab",
    "labs",
    multiple=True,
    default=("decoder", "mnist"),
    help="Whose sample classes are measured, too.",
)
@click.option("--again", is_flag=True, help="Measure what was measured before, too.")
def main(
    class_size: int,
    workers: int,
    ways: tuple[str, ...],
    sizes: tuple[int, ...],
    database: str,
    labs: tuple[str, ...],
    again: bool,
) -> None:
    """Measure how fast a class is graded; print a table and, on the last line, JSON."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    at_once = f"{workers}-at-once"

    def by(chosen: tuple[str, ...], graded: Class) -> dict:
        # one at a time: a figure counts when all ways are measured under the same load
        return {
            way: measured(
                f"{way}-{graded.lab}-{at_once}",
                graded.size,
                again,
                lambda measure=WAYS[way]: measure(graded, workers),
            )
            for way in chosen
        }

    grown = [
        measured(f"tiny-{at_once}", size, again, lambda size=size: growth(size, workers))
        for size in sizes
        if size
    ]
    if database:
        most = max(sizes)
        grown.append(measured(f"tiny-server-{at_once}", most, again, lambda: growth(most, workers, database)))
    found, brief = by(ways, make_class(LAB, class_size)), {}
    if big.endless(class_size) and {"local", "floor"} <= set(ways):  # whose limits are most of their time
        brief = by(("stock", "local", "dask", "dask_one", "floor"), make_class(LAB, big.ALL_END))
    others = {lab: by(("stock", "local", "floor"), make_class(lab)) for lab in labs if lab}
    waited = measured("commands", 1, again, commands)
    all_ways = [way for each in (found, brief, *others.values()) for way in each.values()]
    figures = {
        "class_size": class_size,
        "workers": workers,
        "ways": found,
        "all_end": brief,
        "labs": others,
        "commands": waited,
        "growth": grown,
        "on": days([*all_ways, waited, *grown]),
    }
    click.echo(text(figures))
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
