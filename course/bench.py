"""Measure what the README states, as ratios in one run, and write it there."""

import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from course import bench_grading
from course.stamps import BUILD, ROOT
from sepconv.cost import comparison

RESULTS = BUILD / "bench"
BEGIN, END = "<!-- begin {} -->", "<!-- end {} -->"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def run(name: str) -> dict:
    """Run one benchmark in a process of its own with one thread, keep its figures and return them.

    Parameters
    ----------
    name : str
        A module of `course`, as "bench_ops", that prints its figures as JSON on its last line.
    """
    printed = subprocess.run(
        [sys.executable, "-m", f"course.{name}"],
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    figures = json.loads(printed.splitlines()[-1])
    figures |= {"on": str(date.today()), "with": _machine()}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return figures


def _machine() -> str:
    model = "an unnamed processor"
    if (info := Path("/proc/cpuinfo")).exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    return f"one thread of {model}, Python {platform.python_version()}"


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


def main() -> str:
    """Run every benchmark, write the README's tables, and return what was measured."""
    speed = ops_table(run("bench_ops"))
    write_block(ROOT / "README.md", "ops", speed)
    grading = bench_grading.text(run("bench_grading"))
    write_block(ROOT / "README.md", "grading", grading)
    networks = comparison()
    (RESULTS / "networks.md").write_text(networks, encoding="utf-8")
    return "\n\n".join([
        "Cost of published networks", networks, "Speed of the operations", speed, "Grading a class", grading,
    ])  # fmt: skip
