"""The sample classes of several labs, graded side by side."""

import threading

import pytest

from course import labs, process
from course.errors import CourseError
from course.sample_class import grading


def test_classes_are_graded_side_by_side_and_given_in_the_order_asked_for(monkeypatch):
    both = threading.Barrier(2, timeout=60)  # which one alone never passes

    def grade(lab):
        both.wait()
        return [grading.Row(f"student of {lab}", {"q": 1.0}, {"q": 1.0})]

    monkeypatch.setattr(grading, "grade", grade)
    monkeypatch.setattr(grading.os, "cpu_count", lambda: 2)
    graded = grading.grade_side_by_side(["second", "first"])
    assert [(lab, rows[0].student) for lab, rows in graded.items()] == [
        ("second", "student of second"),
        ("first", "student of first"),
    ]


@pytest.fixture
def pause(tmp_path, monkeypatch):
    """Run a command that never ends by itself, as grading does; say when it runs."""
    monkeypatch.setattr(process, "LOGS", tmp_path)
    running = threading.Event()

    def run(lab):
        code = "import signal; print('on', flush=True); signal.pause()"
        process.run(["python", "-c", code], f"{lab}.log", lambda _: running.set())
        pytest.fail("the command was over")

    run.running = running
    return run


@pytest.mark.parametrize("cores", [1, 2])
def test_where_a_class_fails_others_are_stopped_and_no_further_one_is_begun(cores, pause, monkeypatch):
    begun = []

    def grade(lab):
        begun.append(lab)
        if lab == "long":
            pause(lab)
        if cores > 1:
            assert pause.running.wait(60)
        raise CourseError(f"no {lab}")

    monkeypatch.setattr(grading, "grade", grade)
    monkeypatch.setattr(grading.os, "cpu_count", lambda: cores)
    with pytest.raises(CourseError, match=r"^no bad$"):
        grading.grade_side_by_side(["long", "bad", "third"] if cores > 1 else ["bad", "second", "third"])
    assert sorted(begun) == ["bad", "long"][:cores]


def test_an_interruption_of_this_process_alone_stops_every_class(pause, monkeypatch):
    def grade(lab):
        with labs.RELEASING:
            pause(lab)

    def interrupted(_):
        assert pause.running.wait(60)
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade", grade)
    monkeypatch.setattr(grading, "wait", interrupted)
    monkeypatch.setattr(grading.os, "cpu_count", lambda: 2)
    with pytest.raises(KeyboardInterrupt):
        grading.grade_side_by_side(["first", "second"])
    # The other one waited for the lock, and its command was not begun.
    assert sorted(path.read_text() for path in process.LOGS.glob("*.log")) in (["", "on\n"], ["on\n"])


def test_all_tables_are_shown_before_what_is_unfair_is_named(capsys):
    graded = {
        "one": [
            grading.Row("ada", {"q": 2.0, "essay": None}, {"q": 1.5, "essay": 0.0}),
            grading.Row("ben", {"q": 2.0}, {"q": 2.0}),
        ],
        "two": [grading.Row("cleo", {"q": 1.0}, {}), grading.Row("dev", {}, {"r": 0.0})],
    }
    with pytest.raises(CourseError) as raised:
        grading.show(graded)
    shown = capsys.readouterr().out
    assert "lab one" in shown
    assert "lab two" in shown
    assert raised.value.message == (
        "not all were given what they deserve (see _build/class/): "
        "one, ada, q: deserved 2, given 1.5; one, ada, essay: deserved by hand, given 0; "
        "two, cleo, q: deserved 1, given no such cell; two, dev, r: deserved no such cell, given 0"
    )
    grading.show({"one": graded["one"][1:]})
