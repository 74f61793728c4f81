"""What the measurement of grading says of its figures; measuring itself is `make bench`."""

import json
import subprocess
import sys

import pytest

from course import bench, bench_grading

WAY = {"largest": 300 * 2**20, "supervisor": 150 * 2**20, "size": 10, "at": 0, "load": 0.5}
FIGURES = {
    "class_size": 10,
    "workers": 2,
    "ways": {
        "stock": WAY | {"seconds": 90.0},
        "local": WAY | {"seconds": 6.0, "unchanged": 1.25},
        "floor": WAY | {"seconds": 4.0},
    },
    "all_end": {
        "stock": WAY | {"size": 5, "seconds": 64.0},
        "local": WAY | {"size": 5, "seconds": 8.0},
        "dask": WAY | {"size": 5, "seconds": 8.4, "warm": 7.2},
        "dask_one": WAY | {"size": 5, "seconds": 16.8, "warm": 13.68},
        "floor": WAY | {"size": 5, "seconds": 6.4},
    },
    "labs": {
        "decoder": {
            "stock": WAY | {"seconds": 200.0},
            "local": WAY | {"seconds": 25.0},
            "floor": WAY | {"seconds": 20.0},
        }
    },
    "commands": {"help": 0.1, "check": 9.0, "check_again": 1.0},
    "growth": [
        WAY | {"size": 1000, "seconds": 120.0},
        WAY | {"size": 1000, "seconds": 130.0, "server": True},
    ],
}


def test_ratios_are_to_stock_and_to_the_floor():
    rows = {
        line.split("|")[1].strip(): line for line in bench_grading.text(FIGURES).splitlines() if "|" in line
    }
    assert rows["`autograder grade`"].split("|")[2:6] == [" 0.60 ", " 15.0 ", " 1.50 ", " 300 "]
    assert rows["`nbgrader autograde`, stock"].split("|")[2:5] == [" 9.00 ", " 1.0 ", " 22.50 "]
    assert rows["1,000"].split("|")[2:4] == [" 0.120 ", " 150 "]
    assert rows["1,000, gradebook in PostgreSQL"].split("|")[2] == " 0.130 "
    assert rows["decoder"].split("|")[2:6] == [" 10 ", " 2.50 ", " 8.0 ", " 1.25 "]
    said = bench_grading.text(FIGURES)
    assert "took 1.2 s" in said
    assert "1.60 s a submission, 8.0 times stock's throughput and 1.25 times the floor's time." in said
    assert "On Dask it takes 1.05 times as long, and 0.90 times on a cluster that has graded" in said
    assert "of one core each, are 2.00 times as fast as one, and 1.90 times where both have" in said
    assert "`autograder check` of the encoder lab 9.0 s, and 1.0 s when nothing has changed" in said


def test_make_bench_grades_on_all_cores_and_writes_the_readme(tmp_path, monkeypatch):
    parts = ("ops", "book", "grading")
    (tmp_path / "README.md").write_text(
        "\n".join(f"<!-- begin {part} -->\nold\n<!-- end {part} -->" for part in parts)
    )
    threads = {}

    def run(name, *arguments, one_thread=True):
        threads[name] = one_thread
        return FIGURES | {"asked": arguments}

    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(bench, "run", run)
    monkeypatch.setattr(bench, "comparison", lambda: "the networks")
    for table in ("ops_table", "book_table", "figures_table"):
        monkeypatch.setattr(bench, table, lambda figures: "a table")
    (tmp_path / "results").mkdir()
    said = bench.main(10)
    assert threads == {
        "bench_ops": True,
        "bench_book": False,
        "bench_figures": True,
        "bench_grading": False,
    }
    assert "8.0 times stock's throughput" in said
    written = (tmp_path / "README.md").read_text()
    assert "8.0 times stock's throughput" in written
    assert "old" not in written


def test_what_was_measured_is_not_measured_again_unless_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_grading, "FOLDER", tmp_path)
    asked = []

    def measure():
        asked.append(1)
        return {"seconds": len(asked)}

    for again in (False, False, True):
        figures = bench_grading.measured("local", 6, again, measure)
    assert (len(asked), figures["seconds"], figures["size"]) == (2, 2, 6)
    assert json.loads((tmp_path / "local-6.json").read_text()) == figures


def test_a_command_is_timed_with_its_memory_and_its_failure_is_said(tmp_path):
    code = "import time\nheld = bytearray(80 * 2**20)\ntime.sleep(1)\n"
    figures = bench_grading.timed(["timeit", "-n1", "-r1", code], tmp_path, tmp_path / "log")
    assert figures["seconds"] >= 1
    assert figures["supervisor"] > 80 * 2**20
    with pytest.raises(bench_grading.click.ClickException, match="ended with 1; see"):
        bench_grading.timed(["no_such_module"], tmp_path, tmp_path / "log")


ENDLESS = """
for _ in range(2):  # as the parts of a test do, each of which takes an error for the answer's
    try:
        while True:
            pass
    except Exception:
        continue
"""


def test_the_floor_runs_the_cells_of_every_page_and_ends_what_is_endless(tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook
    from nbformat.v4 import writes_json as writes

    for number in range(3):
        folder = tmp_path / "pages" / f"s{number}" / "encoder"
        folder.mkdir(parents=True)
        mark = tmp_path / f"ran{number}"
        (folder / "network.keras").write_text("handed in")
        found = f"open('network.keras').close()\nopen({str(mark)!r}, 'w').close()"
        cells = ["1 / 0", ENDLESS, found]
        (folder / "encoder.ipynb").write_text(
            writes(new_notebook(cells=[new_code_cell(cell) for cell in cells]))
        )
    command = [
        sys.executable,
        "-m",
        "course.bench_floor",
        str(tmp_path / "pages"),
        "encoder",
        "--workers",
        "2",
        "--cell-seconds",
        "1",
    ]
    done = subprocess.run(command, cwd=bench_grading.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("ran*")) == ["ran0", "ran1", "ran2"]
