"""A worker's control group: where it is made, what it holds, and that all in it ends with it.

The first tests use a folder that stands for the kernel's file system, as many machines have no
group that a grader may divide; the last uses the kernel's, where this machine gives it.
"""

import os
import subprocess
import sys

import pytest

from autograder.limits import Limits
from autograder.sandbox.cgroups import Cgroup, find_parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
MIB = 2**20
LIMITS = Limits(memory_bytes=100 * MIB, scratch_bytes=20 * MIB, processes=8)


@pytest.fixture
def hierarchy(tmp_path):
    """Make a tree of groups: system.slice gives its children the controllers, the root too few."""
    (tmp_path / "system.slice" / "grader.service").mkdir(parents=True)
    (tmp_path / "cgroup.subtree_control").write_text("memory\n")
    (tmp_path / "system.slice" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (tmp_path / "system.slice" / "grader.service" / "cgroup.subtree_control").write_text("\n")
    return tmp_path


def test_the_nearest_ancestor_with_the_controllers_is_the_parent(hierarchy):
    assert find_parent(hierarchy, "/system.slice/grader.service") == hierarchy / "system.slice"
    assert find_parent(hierarchy, "/") is None
    assert find_parent(hierarchy, "/../elsewhere") is None
    assert find_parent(None, "/system.slice") is None
    assert find_parent(hierarchy, None) is None


class FakeGroup(Cgroup):
    """A group whose files are made as the kernel makes them."""

    def _write(self, file, text):
        (self.folder / file).touch()
        super()._write(file, text)


def test_a_group_has_the_limits_of_the_family(tmp_path):
    group = FakeGroup.make(LIMITS, tmp_path)
    texts = {path.name: path.read_text() for path in group.folder.iterdir()}
    # the files in scratch and /dev/shm are memory, too
    assert texts.pop("memory.max") == str((100 + 20 + 64) * MIB)
    assert texts == {
        "memory.oom.group": "1", "memory.swap.max": "0", "pids.max": "40", "cpu.max": "100000 100000",
    }  # fmt: skip
    assert group.has_one_core


def test_what_the_kernel_tells_of_a_group_is_read(tmp_path):
    (tmp_path / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 0\n")
    (tmp_path / "cgroup.procs").write_text("12\n345\n")
    group = Cgroup(tmp_path)
    assert group.cpu_seconds() == 2.5
    assert not group.is_out_of_memory()
    (tmp_path / "memory.events").write_text("oom 3\noom_kill 1\n")
    assert group.is_out_of_memory()
    assert group.holds(345)
    assert not group.holds(34)
    assert Cgroup(tmp_path / "none").cpu_seconds() == 0


def test_where_the_kernel_refuses_there_is_no_group(tmp_path):
    # a folder that is no control group has no such files
    assert Cgroup.make(LIMITS, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


HOLD = """
import sys
from pathlib import Path
from autograder.sandbox.cgroups import Cgroup
Cgroup(Path(sys.argv[1])).enter()
held = bytearray(int(sys.argv[2]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_kernel_ends_all_in_a_group():
    group = Cgroup.make(LIMITS)
    if group is None:
        pytest.skip("this machine has no control group that a grader may divide")

    def hold(size):
        command = [sys.executable, "-c", HOLD, str(group.folder), str(size)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    with hold(10 * MIB) as modest:
        assert modest.stdout.readline() == b"held\n"
        assert group.holds(modest.pid)
        assert not group.is_out_of_memory()
        with hold(400 * MIB) as greedy:
            assert greedy.stdout.readline() == b""
        assert group.is_out_of_memory()
        group.close()
        assert modest.wait() == -9
    assert not os.path.exists(group.folder)
