"""Measure how many calls of a student's plain function a test makes in a second, and on what.

Run it as ``python -m tests.autograder.execution.bench_calls [--against FOLDER] [--rounds N]
[--write]``; ``FOLDER`` is another checkout (``git worktree add FOLDER COMMIT``). Each round
measures both, and the floor: three bare processes that hand on a message of the same size as judge,
engine and worker do. ``--write`` puts the best round into the guide: what others do on the machine
only takes from it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

GUIDE = "book/writing-tests.md"
REPOSITORY = Path(__file__).resolve().parents[3]
FEW = 200  # calls of the run whose engine's time is taken off: all that is no call
MESSAGE = b"x" * 20  # as long as a frame with a call

ANSWER = """
import resource

def is_prime(n):
    if n < 2:
        return False
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return True

def used():
    of = resource.getrusage(resource.RUSAGE_SELF)
    return [of.ru_utime, of.ru_stime, of.ru_nvcsw]
"""
TEST = """
import json, resource, time

def used_here():
    of = resource.getrusage(resource.RUSAGE_SELF)
    return [of.ru_utime, of.ru_stime, of.ru_nvcsw]

is_prime(7)
before, there, start = used_here(), used(), time.perf_counter()
primes = sum(map(is_prime, range({calls})))
seconds = time.perf_counter() - start
after, there_after = used_here(), used()
print(json.dumps([seconds, [b - a for a, b in zip(before, after)],
                  [b - a for a, b in zip(there, there_after)]]))
assert primes == {primes}
"""


def _primes(below: int) -> int:
    return sum(n > 1 and all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(below))


def measure(calls: int) -> dict[str, float]:
    """Grade one submission; return calls a second, and each process's microseconds a call."""
    from nbformat.v4 import new_code_cell, new_notebook

    from autograder.execution.engine import Engine
    from autograder.execution.spec import GradingSpec, Submission

    def cell(code: str, grade_id: str, **flags: object) -> object:
        made = new_code_cell(code, id=grade_id)
        plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
        made.metadata["nbgrader"] = {**plain, "grade_id": grade_id, **flags}
        return made

    def grade(engine: Engine, number: int) -> tuple[list[float], str]:
        test = TEST.format(calls=number, primes=_primes(number))
        asked = cell(test, "t", grade=True, locked=True, points=1)
        source = new_notebook(cells=[cell("pass", "a", solution=True), asked])
        handed_in = new_notebook(cells=[cell(ANSWER, "a", solution=True), asked])
        before = resource.getrusage(resource.RUSAGE_THREAD)
        result = engine.grade(GradingSpec(source), Submission(handed_in)).cells["t"]
        after = resource.getrusage(resource.RUSAGE_THREAD)
        if result.score != 1:
            raise SystemExit(f"the answer was not found right: {result.message}")
        own = [getattr(after, name) - getattr(before, name) for name in ("ru_utime", "ru_stime", "ru_nvcsw")]
        return own, "".join(output.get("text", "") for output in result.outputs)

    with Engine() as engine:
        grade(engine, FEW)
        few, _ = grade(engine, FEW)
        many, printed = grade(engine, calls)
    seconds, judge, worker = json.loads(printed)
    figures = {"calls a second": calls / seconds}
    relay = [(b - a) / (calls - FEW) for a, b in zip(few, many, strict=True)]
    for name, used in (
        ("judge", [part / calls for part in judge]),
        ("engine", relay),
        ("worker", [part / calls for part in worker]),
    ):
        figures |= {
            f"{name}: user, µs a call": 1e6 * used[0],
            f"{name}: system, µs a call": 1e6 * used[1],
            f"{name}: switches a call": used[2],
        }
    return figures


def floor(calls: int, *, pinned: bool) -> float:
    """Return round trips a second of three bare processes; pinned, all of them to one core."""
    judge, engine_to_judge = socket.socketpair()
    engine_to_worker, worker = socket.socketpair()
    first = {min(os.sched_getaffinity(0))}

    def forked(work: Callable[[], None]) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                if pinned:
                    os.sched_setaffinity(0, first)
                work()
            finally:
                os._exit(0)
        return pid

    def echo() -> None:
        for _ in range(calls):
            worker.sendall(worker.recv(4096))

    def relay() -> None:
        for _ in range(calls):
            engine_to_worker.sendall(engine_to_judge.recv(4096))
            engine_to_judge.sendall(engine_to_worker.recv(4096))

    started = [forked(echo), forked(relay)]
    usual = os.sched_getaffinity(0)
    if pinned:
        os.sched_setaffinity(0, first)
    start = time.perf_counter()
    for _ in range(calls):
        judge.sendall(MESSAGE)
        judge.recv(4096)
    seconds = time.perf_counter() - start
    os.sched_setaffinity(0, usual)
    for pid in started:
        os.waitpid(pid, 0)
    for end in (judge, engine_to_judge, engine_to_worker, worker):
        end.close()
    return calls / seconds


def write(calls: float, round_trips: float) -> None:
    """Put the figures into the guide."""
    from course.bench import write_block

    rows = {
        "calls of a plain function of one number": calls,
        "round trips of three bare processes that hand on a message": round_trips,
    }
    lines = [f"{rate:7,.0f} a second: {name}" for name, rate in rows.items()]
    lines.append(f"the best of several rounds, {os.cpu_count()} cores, Python {platform.python_version()}")
    write_block(REPOSITORY / GUIDE, "calls", "\n".join(["```text", *lines, "```"]))


def main() -> None:
    """Measure in turn, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout, to be measured in turn with this one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="put the best round into the guide")
    parser.add_argument("--once", action="store_true", help="print the figures of one run as JSON")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(measure(asked.calls)))
        return
    folders = {"this": REPOSITORY} | ({"other": asked.against.resolve()} if asked.against else {})
    found: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
    floors: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(asked.rounds):
        for pinned, rates in floors.items():
            rates.append(floor(asked.calls, pinned=pinned))
        for name, folder in folders.items():
            command = [sys.executable, __file__, "--once", "--calls", str(asked.calls)]
            environment = os.environ | {"PYTHONPATH": str(folder)}
            printed = subprocess.run(
                command, env=environment, cwd=folder, check=True, capture_output=True, text=True
            ).stdout
            found[name].append(json.loads(printed))
    for pinned, rates in floors.items():
        where = "on one core" if pinned else "unpinned"
        print(f"three bare processes, {where}: {statistics.median(rates):,.0f} round trips a second")
    for name, runs in found.items():
        print(f"{name} ({folders[name]})")
        for key in runs[0]:
            values = [run[key] for run in runs]
            spread = f"({min(values):,.1f} to {max(values):,.1f})"
            print(f"  {key:28} {statistics.median(values):10,.1f}   {spread}")
    if asked.write:
        write(max(run["calls a second"] for run in found["this"]), max(map(max, floors.values())))
    if asked.against:
        pairs = zip(found["this"], found["other"], strict=True)
        ratios = [this["calls a second"] / other["calls a second"] for this, other in pairs]
        print(f"this to other, calls a second: {statistics.median(ratios):.2f}, of {min(ratios):.2f} to "
              f"{max(ratios):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
