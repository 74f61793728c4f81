import nbformat
import pytest

from course.sample_class import big
from tests.labs.cells import Lab


def test_the_same_size_gives_the_same_class_from_perfect_to_empty():
    made = big.members(40)
    assert made == big.members(40)
    assert len({student.name for student in made}) == 40
    assert set(made[0].answers) >= set(big.SLIPS)
    assert not made[0].wrong
    assert not made[-1].answers
    right = [len(student.answers.keys() - student.wrong) for student in made]
    assert sum(right[:10]) > sum(right[10:20]) > sum(right[20:30]) > sum(right[30:])
    assert {student.hand_in_as for student in made} == {
        "notebook", "edited tests", "cells missing", "torn", "nothing"}  # fmt: skip
    assert [(student.copied_from, student.name) for student in made if student.copied_from] == [
        ("s0005", "s0007"), ("s0025", "s0027")]  # fmt: skip


def test_it_is_written_as_nbgrader_collects_it(tmp_path):
    made = {student.hand_in_as: student.name for student in big.make(20, tmp_path)}
    assert len(list(tmp_path.iterdir())) == 20
    for way, name in made.items():
        path = tmp_path / name / "encoder" / "encoder.ipynb"
        assert path.exists() == (way != "nothing")
        if way == "torn":
            with pytest.raises(nbformat.reader.NotJSONError):
                nbformat.read(path, as_version=4)
        elif way != "nothing":
            nbformat.validate(nbformat.read(path, as_version=4))


def test_a_class_has_a_size(tmp_path):
    with pytest.raises(ValueError, match="size must be at least 2, got 1"):
        big.make(1, tmp_path)


@pytest.mark.parametrize("function", [name for name in big.SLIPS if "params" in name or "kernel" in name])
def test_a_slip_is_recognised_as_the_mistake_that_it_is_named_after(function, monkeypatch):
    lab = Lab("encoder")
    monkeypatch.chdir(lab.folder)
    right = big.solutions(lab.folder / "encoder.ipynb")
    for mistake, change in big.SLIPS[function].items():
        names = lab.namespace(big.SLIPS)
        exec(big.slipped(right[function], *change), names)
        score, said = lab.score(f"test_{function}", names)
        assert score < lab.points(f"test_{function}"), mistake
        assert mistake in said


def test_other_names_do_not_change_what_an_answer_does():
    body = ["# a remark", "total = 0", "for k in range(n):", "    total += k", "return total"]
    source = "\n    ".join(["def f(n):", *body])
    names = {}
    exec(big.disguised(source), names)
    assert names["f"](5) == 10
    assert "total" not in big.disguised(source).replace("my_total", "")
    assert big.disguised("def f(:") == "def f(:"
