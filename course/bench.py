"""Measure what the README states, as ratios in one run, and write it there."""

import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from autograder.execution.environment import ONE_THREAD, QUIET
from course import bench_grading
from course.errors import CourseError
from course.stamps import BUILD, ROOT
from sepconv.cost import comparison

RESULTS = BUILD / "bench"
BEGIN, END = "<!-- begin {} -->", "<!-- end {} -->"


def run(name: str, *arguments: str, one_thread: bool = True) -> dict:
    """Run one benchmark in a process of its own, keep its figures and return them.

    Parameters
    ----------
    name : str
        A module of `course`, as "bench_ops", that prints its figures as JSON on its last line.
    *arguments : str
        For its command line.
    one_thread : bool
        Whether it may use one thread only; else all cores.

    Raises
    ------
    CourseError
        If it fails; it has said why.
    """
    done = subprocess.run(
        [sys.executable, "-m", f"course.{name}", *arguments],
        cwd=ROOT,
        env=os.environ | QUIET | (ONE_THREAD if one_thread else {}),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CourseError(f"{name} failed with exit code {done.returncode}; what it said is above")
    made = {
        "on": str(date.today()),
        "with": _machine("one thread" if one_thread else f"{os.cpu_count()} cores"),
    }
    figures = made | json.loads(done.stdout.splitlines()[-1])  # which may be kept ones of another day
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return figures


def _machine(share: str) -> str:
    model = "an unnamed processor"
    if (info := Path("/proc/cpuinfo")).exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    return f"{share} of {model}, Python {platform.python_version()}"


def write_block(path: Path, name: str, text: str) -> None:
    """Replace what stands in a file between `<!-- begin NAME -->` and `<!-- end NAME -->`.

    Raises
    ------
    ValueError
        If the file has no such marks.
    """
    page = path.read_text(encoding="utf-8")
    begin, end = BEGIN.format(name), END.format(name)
    if begin not in page or end not in page:
        raise ValueError(f"{path.name} must hold the marks {begin} and {end}")
    before, _, rest = page.partition(begin)
    path.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def ops_table(figures: dict) -> str:
    """Lay out the times of the operations as a Markdown table."""
    size = figures["size"]
    lines = [
        "| operation | `sepconv.ops` | loops over pixels | Keras |",
        "| :-- | --: | --: | --: |",
        *(
            f"| {row['operation']} | 1 | {row['loops']:,.0f} | {row['keras']:.2f} |"
            for row in figures["rows"]
        ),
        "",
        f"Time as a multiple of `sepconv.ops`' own, Keras called eagerly; one image of {size}×{size}×"
        f"{figures['channels']}, median of {figures['rounds']} rounds, {figures['on']}, "
        f"{figures['with']}. `make bench` measures again.",
    ]
    return "\n".join(lines)


def book_table(figures: dict) -> str:
    """Lay out weight and build time of the book as a Markdown table."""
    times, front, heaviest = figures["times"], figures["front"], figures["heaviest"]
    lines = [
        "| the book | |",
        "| :-- | --: |",
        f"| first visit to the front page, compressed | {front['bytes'] / 1e6:.2f} MB |",
        f"| the same of the heaviest page, {heaviest['page']} | {heaviest['bytes'] / 1e6:.2f} MB |",
        f"| the whole site on disk, notebooks included | {figures['disk'] / 1e6:.0f} MB |",
        f"| built from nothing, every page executed | {times['cold']:.0f} s |",
        f"| built again, nothing executed | {times['warm']:.0f} s |",
        f"| built after a change in the text of one page | {times['text']:.0f} s |",
        "",
        f"A visit is what Chromium asks for, each file by gzip; {figures['on']}, {figures['with']}.",
    ]
    return "\n".join(lines)


def figures_table(figures: dict) -> str:
    """Lay out weight and speed of the book's exhibits as a Markdown table."""
    lines = [
        "| exhibit | compressed | first picture after the page's load | frames a second | work for a frame |",
        "| :-- | --: | --: | --: | --: |",
        *(
            f"| {row['name']} | {row['bytes'] / 1000:.1f} kB | {row['first_ms']:.0f} ms "
            f"| {row['frames']:.0f} | {row['work_ms']:.1f} ms |"
            for row in figures["rows"]
        ),
        "",
        "In Chromium on one core, while a pointer moves over the figure; "
        f"{figures['on']}, {figures['with']}.",
    ]
    return "\n".join(lines)


def main(class_size: int = 60, database: str = "") -> str:
    """Run every benchmark, write the README's tables, and return what was measured.

    Parameters
    ----------
    class_size : int
        Of the encoder lab.
    database : str
        Address of an empty database in PostgreSQL, to measure a gradebook there as well.
    """
    speed = ops_table(run("bench_ops"))
    write_block(ROOT / "README.md", "ops", speed)
    book = book_table(run("bench_book", one_thread=False))
    write_block(ROOT / "README.md", "book", book)
    figures = figures_table(run("bench_figures"))
    asked = ["--class-size", str(class_size), *(["--database", database] if database else [])]
    measured = run("bench_grading", *asked, one_thread=False)
    grading = bench_grading.text(measured)
    write_block(ROOT / "README.md", "grading", grading)
    networks = comparison()
    (RESULTS / "networks.md").write_text(networks, encoding="utf-8")
    parts = {
        "Cost of published networks": networks,
        "Speed of the operations": speed,
        "The book": book,
        "Its figures": figures,
        "Grading a class": grading,
    }
    return "\n\n".join(f"{title}\n\n{table}" for title, table in parts.items())
