"""What the instructor added or changed since is nobody's deed."""

from autograder.plugin.older_release import newer_cells


def test_what_most_of_a_class_lacks_or_has_otherwise_was_changed_since():
    missing = [["more"], ["more"], ["more", "words"], []]
    edited = [{"test": "old"}, {"test": "old"}, {"test": "old"}, {"test": "pass"}]
    assert newer_cells(missing, edited) == ({"more"}, {("test", "old")})


def test_what_each_changed_in_another_way_or_one_alone_did_is_theirs():
    assert newer_cells([[], [], []], [{"test": str(n)} for n in range(3)]) == (set(), set())
    assert newer_cells([["more"]], [{"test": "old"}]) == (set(), set())
    assert newer_cells([["more"], []], [{"test": "old"}, {}]) == (set(), set())
    assert newer_cells([], []) == (set(), set())
