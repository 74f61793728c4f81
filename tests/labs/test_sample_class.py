import nbformat
import pytest

from course import labs, sample_class
from course import sample_class as grading

STUDENTS = [
    "perfect",
    "untouched",
    "no_normalization",
    "plain_conv2d",
    "half_done",
    "syntax_error",
    "otherwise",
]


def test_each_student_deserves_points_for_every_graded_cell():
    solution = nbformat.read(labs.SOLUTIONS / "encoder" / "encoder.ipynb", as_version=4)
    most = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in solution.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    deserved = sample_class.deserved("encoder")
    assert list(deserved) == STUDENTS
    for points in deserved.values():
        assert points.keys() == most.keys()
        assert all(score is None or 0 <= score <= most[cell] for cell, score in points.items())
    assert sum(score or 0 for score in deserved["perfect"].values()) == 20


def test_the_students_of_the_mnist_lab_deserve_points_for_every_graded_cell_and_hand_in_networks(tmp_path):
    release = labs.RELEASED / "mnist"
    made = sample_class.make(tmp_path, "mnist", release, labs.SOLUTIONS / "mnist")
    solution = nbformat.read(labs.SOLUTIONS / "mnist" / "mnist.ipynb", as_version=4)
    graded = [cell for cell in solution.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for points in sample_class.deserved("mnist").values():
        assert list(points) == [cell.metadata.nbgrader.grade_id for cell in graded]
    handed_in = {
        student: sorted(path.name for path in (tmp_path / student / "mnist").iterdir()) for student in made
    }
    networks = ["challenge.keras", "dense.keras", "separable.keras"]
    assert handed_in["untouched"] == handed_in["no_files"] == ["examples.npz", "mnist.ipynb"]
    assert handed_in["perfect"] == sorted([*networks, *handed_in["untouched"]]) == handed_in["half_right"]


def test_a_submission_is_the_release_with_other_answers_and_nothing_else(tmp_path):
    release = labs.RELEASED / "encoder"
    made = sample_class.make(tmp_path, "encoder", release, labs.SOLUTIONS / "encoder")
    assert made == STUDENTS
    before = nbformat.read(release / "encoder.ipynb", as_version=4)
    for student in made:
        folder = tmp_path / student / "encoder"
        assert sorted(path.name for path in folder.iterdir()) == ["encoder.ipynb", "examples.npz"]
        after = nbformat.read(folder / "encoder.ipynb", as_version=4)
        for old, new in zip(before.cells, after.cells, strict=True):
            assert old.metadata == new.metadata
            changed = old.source != new.source
            assert not changed or new.metadata.nbgrader.solution
        assert not any("SOLUTION" in cell.source for cell in after.cells)
    text = (tmp_path / "untouched" / "encoder" / "encoder.ipynb").read_text(encoding="utf-8")
    assert nbformat.reads(text, as_version=4) == before


def test_an_answer_for_a_cell_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "encoder.ipynb"
    path.write_bytes((labs.RELEASED / "encoder" / "encoder.ipynb").read_bytes())
    with pytest.raises(KeyError, match="no_such_cell"):
        sample_class.hand_in(path, {"no_such_cell": "1"})


@pytest.mark.slow
@pytest.mark.parametrize("lab", sample_class.LABS)
def test_nbgrader_gives_everybody_what_they_deserve_cell_by_cell(lab):
    rows = grading.grade(lab)
    assert [row.student for row in rows] == list(sample_class.deserved(lab))
    assert {row.student: row.given for row in rows} == {row.student: row.deserved for row in rows}
