"""The sample classes of several labs, graded side by side."""

import threading

import pytest

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


def test_no_class_is_begun_after_one_has_failed(monkeypatch):
    begun, cancelled = [], threading.Event()
    shut_down = grading.ThreadPoolExecutor.shutdown

    def shutdown(pool, wait=True, *, cancel_futures=False):
        shut_down(pool, wait=False, cancel_futures=cancel_futures)
        cancelled.set()
        shut_down(pool, wait=wait)

    def grade(lab):
        begun.append(lab)
        if lab == "bad":
            raise CourseError("nbgrader generate_assignment failed")
        assert cancelled.wait(60)  # it may have begun before the failure was seen

    monkeypatch.setattr(grading.ThreadPoolExecutor, "shutdown", shutdown)
    monkeypatch.setattr(grading, "grade", grade)
    monkeypatch.setattr(grading.os, "cpu_count", lambda: 1)
    with pytest.raises(CourseError, match="generate_assignment failed"):
        grading.grade_side_by_side(["bad", "second", "third"])
    assert "third" not in begun
