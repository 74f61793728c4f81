import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from autograder.report import statistics
from autograder.report.data import ClassData, Question, SubmissionData
from tests.autograder.report.sample import ESSAY, FIRST, POINTS, SECOND, cell, known

TOTALS = st.lists(st.integers(0, 80).map(lambda value: value / 4), min_size=1, max_size=60)


@given(TOTALS)
def test_the_distribution_is_numpys(totals):
    found = statistics.distribution(totals, 20)
    counts, edges = np.histogram(totals, bins=statistics.BINS, range=(0, 20))
    assert found.counts == tuple(counts)
    np.testing.assert_allclose(found.edges, edges)
    np.testing.assert_allclose(found.mean, np.mean(totals))
    np.testing.assert_allclose(found.median, np.median(totals))
    np.testing.assert_allclose((found.lower, found.upper), np.quantile(totals, (0.25, 0.75)))
    np.testing.assert_allclose(found.deviation, np.std(totals, ddof=1) if len(totals) > 1 else 0)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), min_size=statistics.FEWEST, max_size=40))
def test_the_correlation_is_scipys_and_is_not_defined_where_a_side_does_not_vary(pairs):
    first, second = map(list, zip(*pairs, strict=True))
    found = statistics.correlation(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(stats.pearsonr(first, second).statistic, abs=1e-9)


def test_few_answers_say_nothing():
    assert statistics.correlation([0, 1, 2, 3], [0, 1, 2, 3]) is None
    assert statistics.correlation([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]) == 1


def test_a_question_graded_by_hand_counts_once_all_of_it_is_graded():
    assert statistics.counted(known()) == (FIRST, SECOND)
    scores = {student: {"scores": {"first": 1, "second": 1, "essay": 2}} for student in POINTS}
    assert statistics.counted(known(**scores)) == (FIRST, SECOND, ESSAY)


def test_the_numbers_of_a_question():
    first, second, essay = statistics.questions(known())
    assert (first.full, first.partly, first.none, first.waiting) == (3, 1, 2, 0)
    assert first.pass_rate == 0.5
    assert first.mean == pytest.approx(7 / 12)
    assert (first.median_seconds, first.longest_seconds) == (pytest.approx(0.35), pytest.approx(0.6))
    assert first.mistakes == (("rotated", 3),)
    assert second.mistakes == (("rotated", 3), ("swapped", 3))
    assert second.recognised == 3
    ours, theirs = zip(*POINTS.values(), strict=True)
    assert first.discrimination == pytest.approx(stats.pearsonr(ours, theirs).statistic)
    assert (essay.waiting, essay.answered) == (6, 0)
    assert (essay.pass_rate, essay.mean, essay.discrimination) == (None, None, None)


def test_a_result_that_several_have_and_no_mistake_explains_is_listed():
    def failed(message, **more):
        return {"results": {"first": cell("first", 0, 2, message=message, **more)}}

    lab = known(
        a=failed("f(x=1):\nExpected 71, came 65.\nYour layers: Dense(3 units) →\n    Softmax.\nSee."),
        b=failed("f(x=1):\nExpected 71,\n    came 65.\nYour layers: Dense(4 units).\nSee."),
        c=failed("f(x=1):\nExpected 71, came 66."),
        d=failed("f is not answered yet: it still raises NotImplementedError."),
        e=failed("f is not answered yet: it still raises NotImplementedError."),
        f={
            "results": {"first": cell("first", 0, 2, 1.0, "rotated", message="f(x=1): Expected 71, came 65.")}
        },
    )
    first, second, _ = statistics.questions(lab)
    assert first.unrecognised == (("f(x=1): Expected 71, came 65. See.", 2),)
    assert second.unrecognised == ()
    untouched = failed("your code raised NotImplementedError")
    assert statistics.questions(known(a=untouched, b=untouched))[0].unrecognised == ()


def test_what_could_not_be_read_says_nothing_of_a_question():
    with_reason = known(f={"reason": "the file is empty"})
    without = ClassData("lab", with_reason.questions, with_reason.submissions[:-1])
    assert [each.discrimination for each in statistics.questions(with_reason)] == [
        each.discrimination for each in statistics.questions(without)
    ]
    assert statistics.questions(with_reason)[0].none == 2


def test_who_needs_a_look_and_why():
    late = {"first": cell("first", 0, 2, 9.0, status="timeout", message="did not return")}
    looks = statistics.to_look_at(
        known(
            b={"reason": "the file is empty", "missing": ("first",)},
            c={"results": late, "limits_hit": ("call_seconds", "memory_bytes")},
            d={"missing": ("first",), "edited": ("second",)},
        )
    )
    assert {look.student: look.whys for look in looks} == {
        "b": ("the file is empty",),
        "c": ("first took too long: did not return", "limits reached: memory_bytes"),
        "d": ("cells are missing: first", "locked cells were changed: second"),
    }


def test_what_a_test_noted_is_worth_a_look_whatever_it_gave():
    noted = {"first": cell("first", 2, 2, looks=("answers as the champion does",))}
    looks = statistics.to_look_at(known(a={"results": noted}))
    assert [(look.student, look.whys) for look in looks] == [("a", ("first: answers as the champion does",))]


def test_files_that_are_byte_for_byte_those_of_others_are_named():
    same = {student: {"files": {"net.keras": "1", "log.txt": student}} for student in "ae"}
    everybodys = {student: {"files": {"plot.png": "2"}} for student in "bcdf"}
    looks = statistics.to_look_at(known(**same | everybodys))
    assert {look.student: look.whys for look in looks} == {
        "a": ("net.keras is byte for byte the file of e",),
        "e": ("net.keras is byte for byte the file of a",),
    }


def test_changes_are_those_of_the_tests_not_of_corrections_by_hand():
    changed = known(
        a={"previous": {"first": 0, "second": 4}},
        b={"previous": {"first": 2, "second": 4}, "previous_differs": True},
        c={"previous": {"first": 2, "second": None, "gone": 1}},
        e={"previous": {"first": 1, "second": 1}, "scores": {"first": 2, "second": 1, "essay": None}},
    )
    assert statistics.changes(changed) == (
        statistics.Change("b", "second", 4, 3, differs=True),
        statistics.Change("a", "first", 0, 2),
    )
    assert [change.gain for change in statistics.changes(changed)] == [False, True]


def test_a_class_of_one_and_a_question_without_points():
    lab = ClassData("lab", (Question("q", 0),), (SubmissionData("a", scores={"q": 0}),))
    (found,) = statistics.questions(lab)
    assert (found.full, found.mean, found.discrimination) == (1, None, None)
    assert statistics.distribution([0], 0).counts[0] == 1
    with pytest.raises(ValueError, match="at least one number"):
        statistics.distribution([], 3)
    with pytest.raises(ValueError, match="at least 0, got nan"):
        statistics.distribution([float("nan")], 3)
