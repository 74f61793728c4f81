"""What the measurement of grading says of its figures; measuring itself is `make bench`."""

import json
import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbformat.v4 import writes_json as writes

from course import bench, bench_grading
from course.errors import CourseError

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
    threads, asked = {}, {}

    def run(name, *arguments, one_thread=True):
        threads[name], asked[name] = one_thread, arguments
        return FIGURES

    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(bench, "run", run)
    monkeypatch.setattr(bench, "comparison", lambda: "the networks")
    for table in ("ops_table", "book_table", "figures_table"):
        monkeypatch.setattr(bench, table, lambda figures: "a table")
    (tmp_path / "results").mkdir()
    said = bench.main(10, "postgresql:///empty")
    assert asked["bench_grading"] == ("--class-size", "10", "--database", "postgresql:///empty")
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


def test_what_was_measured_is_measured_again_when_it_has_changed_or_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_grading, "FOLDER", tmp_path)
    asked = []

    def measure():
        asked.append(1)
        return {"seconds": len(asked)}

    for state, again, times in [("one", False, 1), ("one", False, 1), ("two", False, 2), ("two", True, 3)]:
        monkeypatch.setattr(bench_grading, "state", lambda state=state: state)
        figures = bench_grading.measured("local", 6, again, measure)
        assert (len(asked), figures["seconds"], figures["size"]) == (times, times, 6)
        assert json.loads((tmp_path / "local-6.json").read_text()) == figures


def test_a_class_of_another_state_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_grading, "FOLDER", tmp_path)
    monkeypatch.setattr(bench_grading, "timed", lambda *_: {})
    made = []

    def make(size, folder):
        made.append(size)
        (folder / f"student{len(made)}").mkdir(parents=True)

    monkeypatch.setattr(bench_grading.big, "make", make)
    for state, times in [("one", 1), ("one", 1), ("two", 2), ("two", 2)]:
        monkeypatch.setattr(bench_grading, "state", lambda state=state: state)
        graded = bench_grading.make_class("encoder", 4)
        assert len(made) == times
        assert [path.name for path in (graded.root / "submitted").iterdir()] == [f"student{times}"]


def test_a_change_in_what_is_graded_is_another_state(tmp_path, monkeypatch):
    from course import stamps

    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    seen = set()
    for number, name in enumerate(("labs/x/x.ipynb", "autograder/engine.py", "requirements.txt"), 1):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("new")
        seen.add(bench_grading.state.__wrapped__())
        assert len(seen) == number
    assert all((bench_grading.ROOT / name).exists() for name in bench_grading.MEASURED)


def test_the_days_are_those_of_measuring():
    noon = 1_700_000_000
    assert bench_grading.days([{"at": noon}, {"at": noon + 1}]) == str(date.fromtimestamp(noon))
    days = bench_grading.days([{"at": noon + 86400 * 2}, {"at": noon}, {"at": noon + 86400}])
    assert days == f"{date.fromtimestamp(noon)} to {date.fromtimestamp(noon + 2 * 86400)}"
    assert " 2 to 3, a machine." in bench_grading.text(FIGURES | {"on": "2 to 3", "with": "a machine"})
    assert bench_grading.text(FIGURES | {"on": "2 to 3"}).count(" 2 to 3.") == 1


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


def run_floor(pages, *options):
    command = [sys.executable, "-m", "course.bench_floor", str(pages), "encoder", *options]
    return subprocess.run(command, cwd=bench_grading.ROOT, capture_output=True, text=True, check=False)


def write_page(folder, cells):
    folder.mkdir(parents=True)
    (folder / "network.keras").write_text("handed in")
    cells = [new_code_cell(cell) for cell in cells]
    (folder / "encoder.ipynb").write_text(writes(new_notebook(cells=cells)))


def test_the_floor_runs_the_cells_of_every_page_and_ends_what_is_endless(tmp_path):
    for number in range(3):
        mark = tmp_path / f"ran{number}"
        found = f"open('network.keras').close()\nopen({str(mark)!r}, 'w').close()"
        write_page(tmp_path / "pages" / f"s{number}" / "encoder", ["1 / 0", ENDLESS, found])
    done = run_floor(tmp_path / "pages", "--workers", "2", "--cell-seconds", "1")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("ran*")) == ["ran0", "ran1", "ran2"]


def test_a_notebook_that_could_not_be_set_up_is_no_fast_one(tmp_path):
    ends = [
        "import os; os._exit(1)",
        "import os; os._exit(0)",
        f"import os; os.kill(os.getpid(), {signal.SIGKILL:d})",
    ]
    for number, end in enumerate(ends):
        write_page(tmp_path / f"s{number}" / "encoder", [end])
    done = run_floor(tmp_path)
    assert done.returncode == 0, done.stderr
    os.symlink("nowhere", tmp_path / "s0" / "encoder" / "data.csv")  # which cannot be copied
    done = run_floor(tmp_path)
    assert done.returncode == 1
    assert "course: 1 of 3 notebooks could not be set up" in done.stderr
    assert "data.csv" in done.stderr


def test_the_floor_of_no_notebook_is_refused(tmp_path):
    done = run_floor(tmp_path)
    assert done.returncode == 1
    assert f"nothing to run: no notebook is {tmp_path}/STUDENT/encoder/encoder.ipynb" in done.stderr


def test_what_fails_in_a_benchmark_ends_it_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))  # no Chromium
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    with pytest.raises(CourseError, match=r"^bench_figures failed with exit code 1; what it said is above$"):
        bench.run("bench_figures", str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_date_of_kept_figures_is_that_of_their_measurement(monkeypatch, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "__init__.py").touch()
    (tmp_path / "course" / "measures.py").write_text('print(\'{"on": "a day"}\')')
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")
    assert bench.run("measures")["on"] == "a day"
    (tmp_path / "course" / "measures.py").write_text("print('{}')")
    assert bench.run("measures")["on"] == str(date.today())
