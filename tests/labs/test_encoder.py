import numpy as np
import pytest

from autograder import checks
from autograder.checks import seeds
from autograder.checks.case import load
from course import examples
from course.labs import nbgrader
from course.sample_class.answers.encoder import RIGHT
from course.stamps import ROOT
from sepconv import cost, ops
from tests.labs.cells import Lab
from tests.labs.promises import assert_examples_are_fresh, inputs, said

INSTRUCTORS, STUDENTS = Lab("encoder"), Lab("encoder", "labs")
REFERENCE = examples.reference("encoder")
TASKS = [(f, f"test_{f}") for f in REFERENCE.FUNCTIONS]
ALL_MISTAKES = [(f, name) for f in REFERENCE.FUNCTIONS for name in REFERENCE.mistakes_of(f)]
NUMPY_TASKS = REFERENCE.FUNCTIONS[:4]
COUNTS = NUMPY_TASKS[:2]  # few small numbers go in: some come again


@pytest.fixture(autouse=True)
def in_the_labs_folder(monkeypatch):
    monkeypatch.chdir(INSTRUCTORS.folder)
    monkeypatch.delenv("AUTOGRADER_JUDGE", raising=False)


@pytest.fixture(scope="module")
def answered():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(INSTRUCTORS.folder)
        return INSTRUCTORS.namespace()


@pytest.fixture(scope="module")
def hidden_cases():
    return {function: REFERENCE.cases(function) for function in REFERENCE.FUNCTIONS}


# What is released


def test_the_points_are_as_planned_and_every_function_is_graded():
    tests = INSTRUCTORS.named("grade")
    assert tests == [*(test for _, test in TASKS), "rank_answer"]
    assert sum(INSTRUCTORS.points(test) for test in tests[:-1]) == 20
    assert INSTRUCTORS.points("rank_answer") == 4


def test_the_release_holds_neither_solutions_nor_hidden_tests_nor_the_judges_folder():
    assert sorted(path.name for path in STUDENTS.folder.iterdir()) == ["encoder.ipynb", "examples.npz"]
    text = (STUDENTS.folder / "encoder.ipynb").read_text(encoding="utf-8")
    for word in ("judge_only", "HIDDEN", "SOLUTION", "your_layers", "For the grader"):
        assert word not in text, word
    for name in INSTRUCTORS.named("solution"):
        stub = STUDENTS.cells[name].source
        assert "raise NotImplementedError()" in stub or stub == "YOUR ANSWER HERE"
    assert not any(cell.get("outputs") for cell in STUDENTS.cells.values())


def test_the_answers_in_the_release_are_those_of_visible_tests_only(hidden_cases):
    stored = load(STUDENTS.folder / "examples.npz")
    visible = [inputs(case) for some in stored.values() for case in some]
    hidden = [inputs(case) for some in hidden_cases.values() for case in some]
    assert len({*visible}) == len(visible)
    assert not {*visible} & {*hidden}


def test_the_examples_are_what_the_reference_code_gives():
    assert_examples_are_fresh("encoder")


@pytest.mark.slow
def test_the_release_is_what_nbgrader_makes_of_the_solutions(tmp_path):
    here = f"--CourseDirectory.root={tmp_path}", f"--CourseDirectory.source_directory={ROOT / 'solutions'}"
    nbgrader("generate_assignment", "encoder", *here, log="test-release.log")
    for path in sorted((tmp_path / "labs" / "encoder").iterdir()):
        released = STUDENTS.folder / path.name
        assert path.read_bytes() == released.read_bytes(), f"{path.name} is stale: make labs"


# Scores


def test_the_instructors_answers_get_full_marks(answered):
    for _, test in TASKS:
        points, said = INSTRUCTORS.score(test, dict(answered))
        assert points == INSTRUCTORS.points(test), said


def test_the_untouched_release_gets_nothing_and_says_why():
    names = STUDENTS.namespace()
    for function, test in TASKS:
        points, said = INSTRUCTORS.score(test, dict(names))
        assert points == 0
        assert f"{function} is not answered yet" in said


@pytest.mark.parametrize(("function", "form"), [(f, form) for f, forms in RIGHT.items() for form in forms])
def test_right_answers_in_other_forms_get_full_marks(function, form, answered):
    points, said = INSTRUCTORS.score(f"test_{function}", answered | {function: RIGHT[function][form]})
    assert points == INSTRUCTORS.points(f"test_{function}"), said


def test_every_task_is_tried_in_four_forms_at_least():
    assert RIGHT.keys() == set(REFERENCE.FUNCTIONS)
    assert all(len(forms) >= 4 for forms in RIGHT.values())


# Mistakes


def test_every_task_knows_five_mistakes_at_least():
    assert all(len(REFERENCE.mistakes_of(f)) >= 5 for f in REFERENCE.FUNCTIONS)


@pytest.mark.parametrize(("function", "name"), ALL_MISTAKES)
def test_a_known_mistake_fails_the_visible_test_and_is_named(function, name, answered):
    mistaken, hint = REFERENCE.mistakes_of(function)[name]
    points, said = STUDENTS.score(f"test_{function}", answered | {function: mistaken})
    assert points < STUDENTS.points(f"test_{function}")
    assert f"{name}. {hint}" in said


@pytest.mark.parametrize(("function", "name"), ALL_MISTAKES)
def test_a_known_mistake_fails_the_hidden_cases_and_is_named(function, name, hidden_cases):
    mistaken, hint = REFERENCE.mistakes_of(function)[name]
    assert any(f"{name}. {hint}" in message for message in said(mistaken, hidden_cases[function]))


@pytest.mark.parametrize("secret", range(5))
@pytest.mark.parametrize("function", NUMPY_TASKS)
def test_with_any_secret_the_right_pass_and_known_mistakes_fail_and_are_named(
    function, secret, answered, monkeypatch
):
    monkeypatch.setattr(seeds, "_key", bytes([secret]))
    some = REFERENCE.cases(function)
    for case in some:
        checks.agrees(answered[function], case)
    for name, (mistaken, hint) in REFERENCE.mistakes_of(function).items():
        assert any(f"{name}. {hint}" in message for message in said(mistaken, some)), name


@pytest.mark.slow
@pytest.mark.parametrize("function", REFERENCE.FUNCTIONS[4:])
def test_with_another_secret_the_keras_answers_pass(function, answered, monkeypatch):
    monkeypatch.setattr(seeds, "_key", b"another")
    for case in REFERENCE.cases(function):
        checks.agrees(answered[function], case)


def test_another_secret_gives_the_hidden_tests_other_inputs(monkeypatch):
    drawn = {}
    for secret in (b"one", b"one", b"other"):
        monkeypatch.setattr(seeds, "_key", secret)
        made = {f: [*map(inputs, REFERENCE.cases(f))] for f in NUMPY_TASKS}
        assert drawn.setdefault(secret, made) == made
    for function in NUMPY_TASKS:
        one, other = drawn[b"one"][function], drawn[b"other"][function]
        assert one != other
        assert function in COUNTS or not {*one} & {*other}


def test_a_hint_does_not_give_the_answer_away():
    for function, name in ALL_MISTAKES:
        hint = REFERENCE.mistakes_of(function)[name][1]
        assert hint.endswith((".", "?"))
        assert len(hint) <= 110
        assert "=" not in hint.replace("use_bias=", "").replace("depth_multiplier=", "")


def test_one_slip_does_not_cost_points_twice(answered):
    unnormalized = REFERENCE.mistakes_of("separable_conv2d_batchnorm")["no normalization"][0]
    names = answered | {"separable_conv2d_batchnorm": unnormalized}
    names["encoder_block"] = unnormalized

    def encoder(input_shape, block_filters, filters):
        import keras

        x = inputs = keras.Input(input_shape)
        for n in block_filters:
            x = unnormalized(x, n, 2)
        return keras.Model(inputs, names["conv2d_batchnorm"](x, filters, kernel_size=1))

    names["encoder"] = encoder
    scores = {test: INSTRUCTORS.score(test, dict(names))[0] for _, test in TASKS[4:]}
    assert scores == {
        "test_separable_conv2d_batchnorm": 0,
        "test_conv2d_batchnorm": 3,
        "test_encoder_block": 1,
        "test_encoder": 3,
    }


def test_layers_that_do_nothing_get_nothing(answered):
    def nothing(x, *args, **kwargs):
        return x

    def encoder(input_shape, block_filters, filters):
        import keras

        inputs = keras.Input(input_shape)
        return keras.Model(inputs, inputs)

    layers = ("separable_conv2d_batchnorm", "conv2d_batchnorm", "encoder_block")
    names = answered | dict.fromkeys(layers, nothing) | {"encoder": encoder}
    for _, test in TASKS[4:]:
        assert INSTRUCTORS.score(test, dict(names))[0] == 0


# Shortcuts


def _composed_by_the_library(d, p):
    h, w, c, _ = d.shape
    impulses = np.eye(h * w * c).reshape(h * w * c, h, w, c)
    return ops.separable_conv2d(impulses, d, p).reshape(h, w, c, -1)


def _folded_by_the_library(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    def normalized(x):
        return ops.batch_normalization(x, mean, variance, beta, gamma, epsilon)

    return normalized(kernel) - normalized(np.zeros_like(bias)), normalized(bias)


def _counted_by_the_library(k, c, f, depth_multiplier=1, use_bias=True):
    costs = cost.separable_conv2d((99, 99, c), f, k, depth_multiplier=depth_multiplier, use_bias=use_bias)
    return sum(part.parameters for part in costs)


SHORTCUTS = {
    "conv2d_params": lambda k, c, f, use_bias=True: (
        cost.conv2d((9, 9, c), f, k, use_bias=use_bias).parameters
    ),
    "separable_conv2d_params": _counted_by_the_library,
    "dense_kernel": _composed_by_the_library,
    "fold_batch_norm": _folded_by_the_library,
}


@pytest.mark.parametrize("function", NUMPY_TASKS)
def test_a_call_into_the_library_is_refused_though_its_numbers_are_right(function, answered, hidden_cases):
    for case in hidden_cases[function]:
        checks.agrees(SHORTCUTS[function], case)
    for lab in (INSTRUCTORS, STUDENTS):
        points, said = lab.score(f"test_{function}", answered | {function: SHORTCUTS[function]})
        assert points == 0
        assert said.startswith("ShortcutRefused: Your answer calls sepconv.")
