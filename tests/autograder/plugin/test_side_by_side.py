"""Honest work gets what nbgrader alone gives it, wherever that is fair."""

import pytest

from tests.autograder.plugin.side_by_side import REASONS, compare, differences


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("lab", ["series", pytest.param("encoder", marks=pytest.mark.exhaustive)])
def test_honest_work_differs_from_nbgrader_alone_only_where_that_is_unfair(tmp_path, lab):
    rows = compare(lab, tmp_path)
    assert {name for name, (deserved, _, ours) in rows.items() if differences(deserved, ours)} == set()
    assert {name for name, (deserved, stock, _) in rows.items() if differences(deserved, stock)} == set(
        REASONS
    )
