"""The classes of forty: well-formed, and each student graded as a fair person would."""

import ast

import nbformat
import numpy as np
import pytest

from course import labs
from tests.labs.students import LABS, networks, networks_mnist, read
from tests.labs.students.grade import grade, points

AT_LEAST = 40
EVERY = 13  # student graded in the ordinary run


@pytest.mark.parametrize("lab", LABS)
def test_a_class_is_large_and_its_students_answer_cells_that_are_there(lab):
    students, worth = read(lab), points(lab)
    released = nbformat.read(labs.RELEASED / lab / f"{lab}.ipynb", as_version=4).cells
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in released}
    assert len(students) >= AT_LEAST
    for student in students:
        assert set(student.answers) <= cells, student.name
        assert set(student.files) <= set(networks.HANDED_IN.get(lab, ())), student.name
        assert {*student.files.values()} <= {*networks.MAKERS, networks.RIGHT, networks.NONE}, student.name
        deserved = student.deserves(worth)
        assert all(0 <= deserved[test] <= worth[test] for test in worth), student.name


@pytest.mark.parametrize("lab", LABS)
def test_many_are_wholly_right_in_ways_of_their_own_and_many_are_not(lab):
    students = read(lab)
    right = [student for student in students if not student.less]
    trees = {student.name: _trees(student.answers) for student in right}
    assert 10 <= len(right) <= 30
    assert len(set(trees.values())) == len(right)


def _trees(answers) -> str:
    """Return a student's code without layout and comments."""
    found = []
    for name, source in sorted(answers.items()):
        try:
            found.append(f"{name} {ast.dump(ast.parse(source))}")
        except SyntaxError:
            found.append(f"{name} {source}")
    return "\n".join(found)


def test_the_weights_that_are_kept_are_those_of_networks_that_have_learned():
    assert {path.stem for path in networks_mnist.KEPT.iterdir()} == {*networks_mnist.TRAININGS}
    pictures, labels = (some[-300:] for some in networks_mnist.digits())
    for name, training in networks_mnist.TRAININGS.items():
        right = [
            np.mean(np.asarray(model(pictures, training=False)).argmax(1) == labels)
            for model in (networks_mnist.trained(name), training.build())
        ]
        assert right[0] > 0.5, name
        assert right[0] > right[1] + 0.3 or name.startswith("champion"), name


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", networks_mnist.TRAININGS)
def test_training_anew_gives_a_network_that_answers_alike(name):
    pictures, _ = networks_mnist.digits()
    kept, anew = (
        np.asarray(model(pictures, training=False)).argmax(1)
        for model in (networks_mnist.trained(name), networks_mnist.TRAININGS[name].train())
    )
    assert np.mean(kept == anew) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_students_get_what_they_deserve(lab, tmp_path):
    _check(grade(lab, read(lab)[::EVERY], tmp_path / "course"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("lab", LABS)
def test_all_students_get_what_they_deserve(lab, tmp_path):
    _check(grade(lab, read(lab), tmp_path / "course"))


def _check(rows) -> None:
    assert {row.student.name: row.differences() for row in rows if not row.is_right} == {}
