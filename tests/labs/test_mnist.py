import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from autograder import checks
from autograder.checks import seeds
from autograder.checks.case import load
from autograder.checks.difference import difference
from course import examples
from course.sample_class.mnist import TRAINED
from sepconv import cost, models
from tests.autograder.checks.model_files import BAD, saved
from tests.labs.cells import Lab
from tests.labs.mnist_answers import RIGHT

INSTRUCTORS, STUDENTS = Lab("mnist"), Lab("mnist", "labs")
REFERENCE = examples.reference("mnist")
ALL_MISTAKES = [(f, name) for f in REFERENCE.FUNCTIONS for name in REFERENCE.mistakes_of(f)]
POINTS = {"test_network": 4, "test_macs": 3, "test_accuracy": 2}
POINTS |= {"test_trained": 3, "test_table": 2, "test_challenge": 6}


@pytest.fixture(autouse=True)
def in_a_folder_of_the_labs_files(tmp_path, monkeypatch):
    """As when it is graded, with what the sample class hands in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_JUDGE", str(INSTRUCTORS.folder / "judge"))
    shutil.copy(INSTRUCTORS.folder / "examples.npz", tmp_path)
    for path in TRAINED.glob("*.keras"):
        shutil.copy(path, tmp_path)


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The names of the instructor's notebook up to the training."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(INSTRUCTORS.folder)
        found: dict = {}
        for name in ("imports", "digits", "once", "scale", *REFERENCE.FUNCTIONS):
            exec(INSTRUCTORS.cells[name].source, found)
        return found


@pytest.fixture(scope="module")
def hidden_cases():
    return {function: REFERENCE.cases(function) for function in REFERENCE.FUNCTIONS}


# What is released


def test_the_points_are_as_planned():
    tests = INSTRUCTORS.named("grade")
    assert {test: INSTRUCTORS.points(test) for test in tests} == POINTS | {"first_answer": 4}
    assert sum(POINTS.values()) == 20


def test_the_release_holds_neither_solutions_nor_hidden_tests_nor_networks():
    assert sorted(path.name for path in STUDENTS.folder.iterdir()) == ["examples.npz", "mnist.ipynb"]
    text = (STUDENTS.folder / "mnist.ipynb").read_text(encoding="utf-8")
    for word in ("judge_only", "HIDDEN", "SOLUTION", "CosineDecay", "For the grader"):
        assert word not in text, word
    for name in INSTRUCTORS.named("solution"):
        stub = STUDENTS.cells[name].source
        assert "raise NotImplementedError()" in stub or stub == "YOUR ANSWER HERE"
    assert not any(cell.get("outputs") for cell in STUDENTS.cells.values())


def test_the_examples_are_what_the_reference_code_gives():
    stored, computed = load(INSTRUCTORS.folder / "examples.npz"), examples.compute("mnist")
    assert stored.keys() == computed.keys()
    for function, some in computed.items():
        for old, new in zip(stored[function], some, strict=True):
            assert not difference(new.expected, old.expected)
            assert [(n, m.hint) for n, m in old.mistakes.items()] == [
                (n, m.hint) for n, m in new.mistakes.items()
            ]


# Answers


@pytest.mark.parametrize(("function", "form"), [(f, form) for f, forms in RIGHT.items() for form in forms])
def test_right_answers_in_other_forms_get_full_marks(function, form, names):
    points, said = INSTRUCTORS.score(f"test_{function}", names | {function: RIGHT[function][form]})
    assert points == POINTS[f"test_{function}"], said


def test_every_task_is_tried_in_four_forms_and_knows_five_mistakes_at_least():
    assert RIGHT.keys() == set(REFERENCE.FUNCTIONS)
    assert all(len(forms) >= 4 for forms in RIGHT.values())
    assert all(len(REFERENCE.mistakes_of(f)) >= 5 for f in REFERENCE.FUNCTIONS)


@pytest.mark.parametrize("function", REFERENCE.FUNCTIONS)
def test_no_answer_yet_gets_nothing_and_is_said(function, names):
    stub = dict(names)
    exec(STUDENTS.cells[function].source, stub)
    points, said = INSTRUCTORS.score(f"test_{function}", stub)
    assert points == 0
    assert f"{function} is not answered yet" in said


@pytest.mark.parametrize(("function", "name"), ALL_MISTAKES)
def test_a_known_mistake_fails_visible_and_hidden_tests_and_is_named(function, name, names, hidden_cases):
    mistaken, hint = REFERENCE.mistakes_of(function)[name]
    points, said = STUDENTS.score(f"test_{function}", names | {function: mistaken})
    hidden = [" ".join(str(error).split()) for error in _failures(mistaken, hidden_cases[function])]
    if name in ("the activation is ignored", "the activation is always relu"):
        assert any(f"{name}. {hint}" in one for one in (said, *hidden))  # each shows in one of the two
        return
    assert points < POINTS[f"test_{function}"]
    assert f"{name}. {hint}" in said
    assert any(f"{name}. {hint}" in one for one in hidden)


def _failures(mistaken, some):
    for case in some:
        try:
            checks.agrees(mistaken, case)
        except AssertionError as error:
            yield error


@pytest.mark.parametrize("secret", range(3))
@pytest.mark.parametrize("function", REFERENCE.FUNCTIONS)
def test_with_any_secret_the_right_pass_with_other_inputs(function, secret, names, hidden_cases, monkeypatch):
    monkeypatch.setattr(seeds, "_key", bytes([secret]))
    some = REFERENCE.cases(function)
    for case in some:
        checks.agrees(names[function], case)
    pairs = zip(some, hidden_cases[function], strict=True)
    assert any(difference(one.expected, other.expected) for one, other in pairs)


def test_the_expected_counts_are_those_of_the_library():
    for case in REFERENCE.cases("macs"):
        size, channels, filters, kernel_size = case.args.values()
        separable = case.kwargs.get("separable", False)
        kind = cost.separable_conv2d if separable else cost.conv2d
        found = kind((size, size, channels), filters, kernel_size, strides=case.kwargs.get("strides", 1))
        assert case.expected == sum(part.macs for part in (found if separable else [found]))


def test_the_library_is_refused_as_an_answer(names):
    def borrowed(separable, activation):
        return (models.mnist_separable if separable else models.mnist_dense)(activation)

    points, said = INSTRUCTORS.score("test_network", names | {"network": borrowed})
    assert points == 0
    assert "Your answer calls sepconv.models" in said


def test_a_network_for_pictures_of_another_size_is_refused_though_it_answers_these(names):
    """Keras lets the layers of a network for 28×29 pictures compute with 28×28."""
    source = INSTRUCTORS.cells["network"].source.replace("(28, 28, 1)", "(28, 29, 1)")
    exec(source, wide := dict(names))
    points, said = INSTRUCTORS.score("test_network", wide)
    assert points == 0
    assert "Expected a model for inputs of shape (28, 28, 1), came one for (28, 29, 1)." in said
    exec(source.replace("(28, 29, 1)", "(None, None, 1)"), anyone := dict(names))
    assert INSTRUCTORS.score("test_network", anyone)[0] == POINTS["test_network"]


# What is handed in


def test_the_sample_networks_get_full_marks_in_a_second_or_two(names):
    for test in ("test_trained", "test_challenge"):
        points, said = INSTRUCTORS.score(test, dict(names))
        assert points == POINTS[test], said


@pytest.mark.parametrize(
    "name", ["missing", "damaged", "oversized", "a lambda", "a class of its own", "pickles", "not finite",
             "too many parameters", "another input", "a huge dataset declared"],
)  # fmt: skip
def test_a_bad_file_gets_nothing_and_its_reason(name, names):
    make, reason = BAD[name]
    os.remove("challenge.keras")
    if (content := make()) is not None:
        Path("challenge.keras").write_bytes(content)
    points, said = INSTRUCTORS.score("test_challenge", dict(names))
    assert points == 0
    assert " ".join(reason.split()) in said


def test_an_untrained_network_gets_nothing_for_reading(names):
    Path("challenge.keras").write_bytes(saved(names["network"](True, "relu")))
    points, said = INSTRUCTORS.score("test_challenge", dict(names))
    assert points == 0
    assert "1,427 parameters; right on" in said
    shutil.copy("challenge.keras", "separable.keras")
    points, said = INSTRUCTORS.score("test_trained", dict(names))
    assert points == 2
    assert "Has it been trained" in said


def test_the_wrong_network_in_a_file_is_named(names):
    shutil.copy("challenge.keras", "separable.keras")
    points, said = INSTRUCTORS.score("test_trained", dict(names))
    assert points == 1
    assert "the network of task 1 has 1,427" in said


def test_the_books_champion_is_refused_for_what_it_is(names):
    """Its layers, size and parameters are allowed; it is refused as it is not the student's."""
    Path("challenge.keras").write_bytes(saved(models.champion()))
    points, said = INSTRUCTORS.score("test_challenge", dict(names))
    assert points == 0
    assert "answers as the book's champion does, on average within 0.0000" in said
    Path("challenge.keras").write_bytes(saved(models.champion(trained=False)))
    points, said = INSTRUCTORS.score("test_challenge", dict(names))
    assert "parameters; right on" in said


def test_what_hardly_differs_from_the_champion_is_refused_and_the_same_layers_otherwise_trained_are_not(
    names, monkeypatch
):
    mine = keras.saving.load_model("challenge.keras", compile=False)
    monkeypatch.setattr(models, "champion", lambda: keras.models.clone_model(mine))
    assert INSTRUCTORS.score("test_challenge", dict(names))[0] == POINTS["test_challenge"]  # other weights

    def nearly():
        copy = keras.models.clone_model(mine)
        copy.set_weights([w * (1 + 1e-5) for w in mine.get_weights()])
        return copy

    monkeypatch.setattr(models, "champion", nearly)
    points, said = INSTRUCTORS.score("test_challenge", dict(names))
    assert points == 0
    assert "answers as the book's champion does" in said


def test_the_held_out_digits_come_from_the_secret(monkeypatch):
    made = {}
    for key in (b"one", b"one", b"other"):
        monkeypatch.setattr(seeds, "_key", key)
        REFERENCE.held_out._sets.cache_clear()
        x, y = REFERENCE.held_out._sets()["scikit-learn"]
        assert x.shape == (360, 28, 28, 1)
        assert 0 <= x.min() < x.max() <= 1.001
        if key in made:
            np.testing.assert_array_equal(made[key], x)
        made[key] = x
        assert len(np.unique(y)) == 10
    assert not np.array_equal(made[b"one"], made[b"other"])
    REFERENCE.held_out._sets.cache_clear()


def test_points_follow_the_published_scale(names):
    scale, points = names["SCALE"], names["challenge_points"]
    for name, steps in scale.items():
        assert list(steps) == sorted(steps)
        assert [points({name: step}) for step in steps] == [1, 2, 3, 4, 5, 6]
        assert points({name: steps[0] - 0.001}) == 0
    assert points({name: steps[0] for name, steps in scale.items()}) == 1
    assert points({"MNIST": 0.0, "scikit-learn": 1.0}) == 6


def test_the_table_is_looked_at_entry_by_entry(names):
    right = {
        name: {"parameters": count, "macs": REFERENCE.total_macs(name == "separable"), "kilobytes": 60.0,
               "seconds": 0.3, "accuracy": 0.8}
        for name, count in (("dense", 8586), ("separable", 1427))
    }  # fmt: skip
    assert INSTRUCTORS.score("test_table", names | {"table": right})[0] == 2
    for key, value, left in (
        ("macs", right["dense"]["macs"] + 1, 1), ("parameters", 1427, 1), ("kilobytes", 0.5, 1),
        ("seconds", 0, 1), ("accuracy", 97.0, 1), ("seconds", "fast", 0),
    ):  # fmt: skip
        wrong = right | {"dense": right["dense"] | {key: value}}
        points, said = INSTRUCTORS.score("test_table", names | {"table": wrong})
        assert points == left, (key, said)
        assert "dense" in said
    assert INSTRUCTORS.score("test_table", names | {"table": {}})[0] == 0


def test_the_grader_does_not_train(names, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(FileNotFoundError, match="was not handed in"):
        names["once"]("none.keras", lambda: pytest.fail("trained"))
