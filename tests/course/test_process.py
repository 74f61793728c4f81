"""Long commands: their logs, and how those of several threads are ended together."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest

from course import process

PAUSES = "import signal; print('on', flush=True); signal.pause()"


@pytest.fixture(autouse=True)
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "ROOT", tmp_path)
    monkeypatch.setattr(process, "LOGS", tmp_path / "logs")
    return tmp_path / "logs"


def test_what_a_command_prints_is_kept_and_its_end_told(logs):
    heard = []
    assert process.run(["python", "-c", "print('one\\ntwo')"], "good.log", heard.append)
    assert not process.run(["python", "-c", "print('bad'); raise SystemExit(3)"], "bad.log")
    assert heard == ["one\n", "two\n"]
    assert (logs / "good.log").read_text() == "one\ntwo\n"


def test_commands_of_other_threads_are_ended_and_none_begins_until_the_block_is_left(logs):
    running = threading.Semaphore(0)
    pool = ThreadPoolExecutor(2)
    with process.ended_together(pool):
        both = [
            pool.submit(process.run, ["python", "-c", PAUSES], f"{name}.log", lambda _: running.release())
            for name in ("one", "two")
        ]
        for _ in both:
            assert running.acquire(timeout=60)
        process.end_commands()
        for one in both:
            with pytest.raises(process.EndedError, match="stopped, as what ran beside it failed"):
                one.result(60)
        with pytest.raises(process.EndedError):
            process.run(["python", "-c", "print('begun')"], "late.log")
        assert (logs / "late.log").read_text() == ""
    assert process.run(["python", "-c", ""], "later.log")


def test_nothing_begins_after_a_second_interrupt_which_comes_while_threads_are_waited_for(logs, monkeypatch):
    monkeypatch.setattr(process, "_ENDED", threading.Event())
    pool = Mock(**{"shutdown.side_effect": KeyboardInterrupt})
    with pytest.raises(KeyboardInterrupt), process.ended_together(pool):
        process.end_commands()
    with pytest.raises(process.EndedError):
        process.run(["python", "-c", "print('begun')"], "late.log")


def test_a_command_ends_with_the_thread_that_waits_for_it():
    def interrupt(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.run(["python", "-c", PAUSES], "paused.log", interrupt)


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("first\nERROR: no gradebook\n\n  \n", "ERROR: no gradebook"),
        ("", "it printed nothing"),
    ],
)
def test_what_failed_is_said_with_the_last_line_that_was_printed(logs, printed, why):
    logs.mkdir()
    (logs / "x.log").write_text(printed)
    error = process.failure("nbgrader db", "x.log")
    assert error.message == f"nbgrader db failed: {why} (all of it: logs/x.log)"
