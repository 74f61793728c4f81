"""Every submission of the corpus gets what it deserves, in one run, and leaves nothing behind."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.autograder.corpus.case import GROUPS, HANDED_IN, cases
from tests.autograder.corpus.grade import LABS, grade, hidden_lines
from tests.timed import timed


def test_the_corpus_has_at_least_sixty_submissions_of_every_kind_with_honest_ones_between():
    names = [each.name for each in cases()]
    assert len(names) == len(set(names)) >= 60
    assert set(Counter(each.group for each in cases())) == set(GROUPS)
    # nbgrader grades in the order of names
    order = sorted(names)
    honest = [order.index(name) for name in order if name.endswith("-honest")]
    assert len(honest) == 5
    assert all(later - earlier > 5 for earlier, later in pairwise(honest))


@timed
@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "series" else [pytest.mark.exhaustive]) for name in LABS]
)
def test_all_get_what_they_deserve_and_nothing_is_left_of_any(tmp_path, name):
    lab, room = LABS[name](tmp_path / "course")
    assert hidden_lines(lab)
    # of the lab that asks for files, what is handed in for them: all else is tried with the others
    chosen = [each for each in cases(lab) if name != "mnist" or each.group == HANDED_IN]
    report = grade(lab, room, chosen)
    wrong = {row.name: row.differences() for row in report.rows if not row.is_right}
    assert not wrong, report.log[-3000:]
    assert not report.left_over
    unreadable = [row for row in report.rows if None not in row.deserved.values()]
    assert all(row.reason for row in unreadable if name == "series")  # there, only these have no cell by hand
