import nbformat
import pytest

from course import labs, sample_class

STUDENTS = [
    "perfect",
    "untouched",
    "no_normalization",
    "plain_conv2d",
    "half_done",
    "syntax_error",
    "otherwise",
]


def test_the_students_of_the_encoder_lab():
    assert list(sample_class.deserved("encoder")) == STUDENTS


def test_the_students_of_the_mnist_lab_hand_in_networks(tmp_path):
    release = labs.RELEASED / "mnist"
    made = sample_class.make(tmp_path, "mnist", release, labs.SOLUTIONS / "mnist")
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
    with pytest.raises(KeyError, match=r"no cell 'no_such_cell', there are: .*test_encoder"):
        sample_class.hand_in(path, {"no_such_cell": "1"})
