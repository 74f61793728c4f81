"""The encoder lab's sample class gets from the engine what it deserves, cell by cell."""

import pytest

from course.sample_class import deserved, make
from tests.autograder.classroom import REPOSITORY
from tests.autograder.corpus.grade import encoder_lab


@pytest.mark.slow
def test_every_sample_submission_gets_what_it_deserves(tmp_path):
    _, room = encoder_lab(tmp_path / "course")
    make(
        room.root / "submitted",
        "encoder",
        room.root / "release" / "encoder",
        REPOSITORY / "solutions" / "encoder",
    )
    log = room.autograde("encoder").log
    given = room.scores("encoder")
    assert {student: given[student] for student in deserved()} == deserved(), log[-3000:]
