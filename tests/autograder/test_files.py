"""Files are written whole or not at all, and opened as what they are."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import files


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def full(*_):
    raise OSError(28, "No space left on device")


def test_a_file_is_written_and_written_over(path):
    files.write_atomically(path, b"first, and longer")
    files.write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert os.listdir(path.parent) == ["file"]


def test_a_file_that_cannot_be_written_stays_as_it_was(path, monkeypatch):
    files.write_atomically(path, b"old")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left on device"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(path.parent) == ["file"]


def test_readers_see_one_whole_file_or_another(path):
    contents = [bytes([number]) * 100_000 for number in range(2)]
    files.write_atomically(path, contents[0])
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for content in contents:
                files.write_atomically(path, content)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        try:
            assert {path.read_bytes() for _ in range(300)} <= set(contents)
        finally:
            stop.set()
        writer.result()


def test_a_file_is_created_once(path):
    assert files.create_or_read(path, b"first") == b"first"
    assert files.create_or_read(path, b"second") == b"first"
    assert os.listdir(path.parent) == ["file"]


def test_of_many_who_create_a_file_at_once_one_wins(path):
    contents = [str(number).encode() for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda content: files.create_or_read(path, content), contents))) == 1


def test_a_file_that_cannot_be_created_leaves_nothing(path, monkeypatch):
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left on device"):
        files.create_or_read(path, b"content")
    assert os.listdir(path.parent) == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of Unix")
@pytest.mark.parametrize("write", [files.write_atomically, files.create_or_read])
def test_others_cannot_read_a_new_file(write, path):
    write(path, b"content")
    assert path.stat().st_mode & 0o077 == 0


def test_a_regular_file_is_opened(path):
    path.write_bytes(b"a\r\nb\x1a")
    with files.open_without_following(path) as file:
        assert file.read() == b"a\r\nb\x1a"


def test_a_link_is_not_followed(path):
    path.write_bytes(b"content")
    link = path.with_name("link")
    link.symlink_to(path)
    with pytest.raises(OSError, match="symbolic link"):
        files.open_without_following(link)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
@pytest.mark.timeout(10)
def test_a_pipe_is_not_waited_at(path):
    os.mkfifo(path)
    with files.open_without_following(path) as file:
        assert file.read() == b""


def test_a_system_without_the_flags_opens_files_all_the_same(path, monkeypatch):
    path.write_bytes(b"content")
    for name in ("O_NOFOLLOW", "O_NONBLOCK"):
        monkeypatch.delattr(os, name, raising=False)
    with files.open_without_following(path) as file:
        assert file.read() == b"content"
