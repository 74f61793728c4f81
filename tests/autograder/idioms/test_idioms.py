"""The engine gives each idiom what one kernel gives, or what is written down with its reason."""

import pytest

from tests.autograder.idioms import marks
from tests.autograder.idioms.__main__ import examine
from tests.autograder.idioms.collection import groups, idioms, missing
from tests.autograder.idioms.grading import both, fair


@pytest.fixture(scope="module")
def graders():
    with both() as made:
        yield made


@pytest.fixture(scope="module")
def written():
    return marks.read(marks.IDIOMS)


def test_there_are_enough_idioms_and_each_has_a_name_of_its_own():
    names = [idiom.name for _, idiom in idioms()]
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert all(members for members in groups().values())


def test_each_idiom_has_a_right_answer_of_another_form_and_a_wrong_one():
    assert [idiom.name for _, idiom in idioms() if not (idiom.right and idiom.wrong)] == []


def test_each_mark_is_of_an_idiom_and_has_a_reason(written):
    assert written.keys() <= {idiom.name for _, idiom in idioms()}
    assert [name for name, mark in written.items() if mark and not mark["reason"]] == []


def test_each_idiom_that_differs_has_a_test_to_write_instead_that_works(written):
    assert [name for name, mark in written.items() if mark and mark.get("instead works") is not True] == []


def test_no_idiom_costs_points_without_a_word(written):
    assert [name for name, mark in written.items() if mark and mark["verdict"] == "points lost"] == []


def test_each_idiom_has_been_graded_and_written_down(written):
    assert [idiom.name for _, idiom in idioms() if idiom.name not in written] == []


@pytest.mark.exhaustive  # minutes: two graders, three answers and more of each
@pytest.mark.parametrize("idiom", [pytest.param(idiom, id=idiom.name) for _, idiom in idioms()])
def test_an_idiom_is_graded_as_it_is_written_down(graders, written, idiom):
    if absent := missing(idiom):
        pytest.skip(f"{', '.join(absent)} is not installed")
    rows, mark = examine(graders, idiom)
    # Where one kernel takes points from a right answer the engine gives them: written down below.
    given = {row.answer for row in rows if row.right and row.verdict == "points given"}
    unfair = set(fair(rows, idiom.points)) - given
    assert unfair == set(), [(row.answer, row.kernel) for row in rows]
    before = written[idiom.name]
    if mark is None or before is None:
        assert mark == before, "write it down anew"
    else:
        assert marks.same(mark, before), mark
