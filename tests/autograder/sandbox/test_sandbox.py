"""Each layer refuses what it is for, with the others left out; what is missing is named."""

import contextlib
import ctypes
import json
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.limits import Limits
from autograder.sandbox import Layer, SandboxSpec, guard, proc, python_paths, resources, run_in_sandbox
from tests.timed import timed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

LIMITS = Limits(
    memory_bytes=300 * 2**20, scratch_bytes=8 * 2**20, file_bytes=4 * 2**20, processes=20, open_files=64
)
FORBIDDEN = {
    "read outside": lambda: Path("/etc/passwd").read_text(),
    "write outside": lambda: Path(guard.__file__).open("a").close(),
    "network": lambda: socket.socket(socket.AF_INET).connect(("127.0.0.1", 1)),
    "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "signal": lambda: os.kill(OUTSIDE, 0),
    "see processes": lambda: Path(f"/proc/{OUTSIDE}/status").read_text(),
    "become root": lambda: os.setresuid(0, 0, 0),
    "large file": lambda: Path("large").write_bytes(bytes(5 * 2**20)),
    "much memory": lambda: bytearray(400 * 2**20),
    "many files": lambda: many_files(),  # noqa: PLW0108 - defined below
}
OUTSIDE = os.getpid()


def many_files():
    held = []
    try:
        for _ in range(LIMITS.open_files + resources.HEADROOM):
            held.append(os.dup(0))
    finally:
        for one in held:
            os.close(one)


def attempts(without=(), work=None, order=b"", readable=None):
    """Run attempts in a worker; return the guard's lines, and which attempts came through."""
    control, theirs = socket.socketpair()
    data, their_data = socket.socketpair()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder, "scratch")
        (scratch / "data").mkdir(parents=True)
        (scratch / "data" / "lab.txt").write_text("lab")
        paths = python_paths() if readable is None else readable
        spec = SandboxSpec(LIMITS, scratch, paths, tuple(without))

        def tries():
            done = {}
            for name, attempt in (work or FORBIDDEN).items():
                try:
                    attempt()
                    done[name] = True
                except BaseException as error:
                    done[name] = f"{type(error).__name__}: {error}"
            their_data.sendall(json.dumps(done).encode())

        child = os.fork()
        if child == 0:
            try:
                control.close()
                data.close()
                run_in_sandbox(theirs, spec, tries)
            finally:
                os._exit(0)
        theirs.close()
        their_data.close()
        if order:
            data.settimeout(20)
            with contextlib.suppress(TimeoutError):
                data.recv(1)
            control.sendall(order)
        with control, data:
            said = b"".join(iter(lambda: control.recv(4096), b"")).decode()
            data.settimeout(1)
            try:
                done = json.loads(b"".join(iter(lambda: data.recv(65536), b"")) or b"{}")
            except (TimeoutError, ValueError):
                done = {}
        os.waitpid(child, 0)
    lines = dict(line.split(" ", 1) for line in said.splitlines())
    return lines, done


def missing(lines):
    return [name for name in lines["missing"].split(",") if name]


def test_rule_2_all_layers_together_refuse_everything():
    lines, done = attempts()
    assert lines["ended"] == "0"
    assert [name for name, came in done.items() if came is True] == [], missing(lines)


def test_the_layers_need_no_file_once_the_worker_is_forked():
    lines, done = attempts(readable=())
    assert lines["ended"] == "0", lines["missing"]
    assert [name for name, came in done.items() if came is True] == [], missing(lines)


REFUSED_BY = {
    "namespaces": {"signal"},
    "file system view": {"read outside", "write outside", "see processes"},
    "landlock": {"read outside", "write outside", "network", "signal"},
    "seccomp": {"network", "datagram"},
    "own user": {"become root"},
}


@pytest.mark.parametrize("layer", REFUSED_BY)
def test_a_layer_holds_when_the_layers_after_it_are_left_out(layer):
    needs = {"file system view": ("namespaces",)}.get(layer, ())
    others = [name for name in Layer if name not in (layer, *needs)]
    lines, done = attempts(without=others)
    if layer in missing(lines):
        pytest.skip(f"this machine does not give the layer: {layer}")
    assert set(others) - {"scratch limit"} <= set(missing(lines))
    for name in REFUSED_BY[layer]:
        if name == "become root" and os.geteuid() != 0:
            continue
        assert done[name] is not True, name


def test_a_missing_layer_is_named():
    lines, done = attempts(without=list(Layer), work={"run": lambda: None})
    assert missing(lines) == list(Layer)
    assert done == {"run": True}


def test_limits_hold_without_any_layer():
    _, done = attempts(without=list(Layer))
    for name in ("large file", "much memory", "many files"):
        assert done[name] is not True


def test_a_worker_reads_its_data_and_python_and_writes_its_scratch_directory():
    work = {
        "data": lambda: Path("data/lab.txt").read_text() == "lab" or 1 / 0,
        "import": lambda: __import__("wave"),
        "write": lambda: Path("x").write_text("x"),
        "home": lambda: os.listdir("."),
        "process": lambda: __import__("subprocess").run(["true"], check=True),
        "pair": socket.socketpair,
        "lock": lambda: __import__("multiprocessing").Lock(),
    }
    lines, done = attempts(work=work)
    assert done == dict.fromkeys(work, True), lines


def test_rule_5_the_scratch_directory_has_a_size():
    def fill():
        for number in range(20):
            Path(str(number)).write_bytes(bytes(2**20))

    lines, done = attempts(work={"fill": fill})
    if "scratch limit" in missing(lines):
        pytest.skip("this machine does not give the layer: scratch limit")
    assert done["fill"].startswith("OSError: [Errno 28]")


def hold():
    time.sleep(60)


def fork_and_hold():
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
    time.sleep(60)


@timed
@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_rule_5_the_guard_ends_all_that_a_worker_started(without):
    marks = {"hold": fork_and_hold}
    before = set(os.listdir("/proc"))
    control, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        child = os.fork()
        if child == 0:
            try:
                control.close()
                run_in_sandbox(theirs, SandboxSpec(LIMITS, scratch, python_paths(), without), marks["hold"])
            finally:
                os._exit(0)
        theirs.close()
        deadline = time.monotonic() + 10
        while len(proc.descendants(child)) < 4 and time.monotonic() < deadline:
            pass
        family = proc.descendants(child)
        assert len(family) >= 4
        control.sendall(b"k")
        while control.recv(4096):
            pass
        control.close()
        os.waitpid(child, 0)
    assert not [one for one in family if str(one) not in before and Path(f"/proc/{one}").exists()]


def test_rule_5_a_worker_ends_with_the_engines_connection():
    control, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        child = os.fork()
        if child == 0:
            try:
                control.close()
                run_in_sandbox(theirs, SandboxSpec(LIMITS, scratch, python_paths()), hold)
            finally:
                os._exit(0)
        theirs.close()
        control.recv(4096)
        control.close()
        os.waitpid(child, 0)
        assert proc.descendants(child) == []


@timed
@pytest.mark.parametrize(
    ("limit", "work"),
    [
        ("processes", lambda: [time.sleep(60) for _ in range(25) if os.fork() == 0] + [time.sleep(60)]),
        ("open_files", lambda: [*(os.dup(0) for _ in range(70)), time.sleep(60)]),
        # eight processes, so that their own memory outweighs what they share with this one
        ("memory_bytes", lambda: ([os.fork() for _ in range(3)], bytearray(250 * 2**20), time.sleep(60))),
    ],
)
def test_rule_5_limits_of_all_processes_together_are_watched_from_outside(limit, work):
    lines, _ = attempts(work={"work": work})
    assert lines["limit"] == limit
    assert lines["ended"] == "-9"


def test_a_worker_keeps_no_memory_that_counts_for_nobody():
    library = ctypes.CDLL(None, use_errno=True)

    def sends():
        ours, _ = socket.socketpair()
        return os.sendfile(ours.fileno(), os.open("data/lab.txt", os.O_RDONLY), 0, 1)

    def watches():
        if library.inotify_init1(0) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    _, done = attempts(work={"pages of files in sockets": sends, "watches of files": watches})
    assert len(done) == 2
    assert True not in done.values()


def test_a_worker_has_no_right_to_a_core_even_where_the_one_who_grades_has(monkeypatch):
    limits = {}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (99, 99))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, values: limits.update({kind: values}))
    resources.set_limits(LIMITS, 0)
    assert limits[resource.RLIMIT_RTPRIO] == limits[resource.RLIMIT_NICE] == (0, 0)
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (resource.RLIM_INFINITY,) * 2)
    resources.set_limits(LIMITS, 0)
    assert limits[resource.RLIMIT_RTPRIO] == limits[resource.RLIMIT_NICE] == (0, 0)
    assert 0 < limits[resource.RLIMIT_SIGPENDING][1] < 10_000
