"""Temporary folders are this user's alone, and none is left for good."""

import os
import signal
import subprocess
import sys
import tempfile

import pytest

from autograder import temporary
from autograder.temporary import TemporaryFolder, remove_abandoned


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Give a folder in which temporary ones are made."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_folder_is_its_users_alone_and_ends_with_its_block(place):
    with TemporaryFolder("worker") as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").write_text("x")
    assert not folder.exists()


def test_a_folder_that_is_gone_is_removed_again_and_nothing_around_it_changes(place):
    place.chmod(0o777)
    folder = TemporaryFolder("worker")
    folder.path.rmdir()
    folder.remove()
    folder.remove()
    assert place.stat().st_mode & 0o777 == 0o777


def test_the_folder_of_a_killed_process_is_removed_and_no_other(place):
    code = (
        "import time; from autograder.temporary import TemporaryFolder\n"
        "folder = TemporaryFolder('judge'); (folder.path / 'hidden').write_text('x')\n"
        "print(folder.path, flush=True); time.sleep(600)"
    )
    foreign = [place / "autograder-notes.txt", place / "worker-1", place / "autograder-linked-1"]
    foreign[0].write_text("x")
    foreign[1].mkdir()
    foreign[2].symlink_to(foreign[1])
    with (
        TemporaryFolder("worker") as own,
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process,
    ):
        left = place / process.stdout.readline().strip()
        remove_abandoned()
        assert (left / "hidden").exists()  # its process lives
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert left.exists()
        remove_abandoned()
        assert not left.exists()
        assert own.exists()
    assert all(path.exists() for path in foreign)


def test_another_users_folder_stays(place, monkeypatch):
    folder = place / "autograder-worker-1"
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    remove_abandoned()
    assert folder.exists()


def test_a_folder_that_is_found_before_it_is_locked_is_made_anew(place, monkeypatch):
    lock, made = temporary._lock, []

    def late(folder):
        made.append(folder)
        if len(made) == 1:
            folder.rmdir()  # as by another process
        return lock(folder)

    monkeypatch.setattr(temporary, "_lock", late)
    with TemporaryFolder("worker") as folder:
        assert made == [made[0], folder]
        assert folder.exists()


def test_folders_in_each_other_deeper_than_python_goes_are_removed(place, monkeypatch):
    with TemporaryFolder("worker") as folder:
        monkeypatch.chdir(folder)
        for _ in range(2 * sys.getrecursionlimit()):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(place)
    assert not folder.exists()


def test_a_folder_that_two_remove_at_once_gives_its_lock_back_once(place, monkeypatch):
    folder, close, closed = TemporaryFolder("forkserver"), os.close, []
    handle = folder._handle

    def meanwhile(number):
        closed.append(number)
        if number == handle and closed.count(handle) == 1:
            folder.remove()  # as another thread does
        close(number)

    monkeypatch.setattr(os, "close", meanwhile)
    folder.remove()
    assert closed.count(handle) == 1
