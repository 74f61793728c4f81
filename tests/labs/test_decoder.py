import dataclasses
import shutil
from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import jaccard_score

from autograder import checks
from autograder.checks import seeds
from autograder.checks.case import load
from course import examples, sample_class
from course import sample_class as grading
from course.labs import nbgrader
from course.sample_class.answers.decoder import RIGHT
from course.sample_class.decoder import TRAINED
from course.stamps import ROOT
from sepconv import data, ops
from tests.labs.cells import Lab
from tests.labs.promises import assert_examples_are_fresh, inputs, said

INSTRUCTORS, STUDENTS = Lab("decoder"), Lab("decoder", "labs")
REFERENCE = examples.reference("decoder")
TASKS = [(f, f"test_{f}") for f in REFERENCE.FUNCTIONS]
ALL_MISTAKES = [(f, name) for f in REFERENCE.FUNCTIONS for name in REFERENCE.mistakes_of(f)]
KERAS_TASKS = ("bilinear_upsample", "decoder_block", "fcn_model")
NUMPY_TASKS = tuple(f for f in REFERENCE.FUNCTIONS if f not in KERAS_TASKS)


@pytest.fixture(autouse=True)
def as_where_it_is_handed_in(tmp_path, monkeypatch):
    """A folder with the released files; the judge's folder is named, as in grading."""
    shutil.copy(STUDENTS.folder / "examples.npz", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_JUDGE", str(INSTRUCTORS.folder / "judge"))


@pytest.fixture(scope="module")
def answered():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(INSTRUCTORS.folder)
        return INSTRUCTORS.namespace()


@pytest.fixture(scope="module")
def visible_cases():
    return load(STUDENTS.folder / "examples.npz")


@pytest.fixture(scope="module")
def hidden_cases():
    return {function: REFERENCE.cases(function) for function in REFERENCE.FUNCTIONS}


# What is released


def test_the_points_are_as_planned_and_every_function_is_graded():
    tests = INSTRUCTORS.named("grade")
    assert {*tests} == {*(test for _, test in TASKS), "test_trained", "written_answer"}
    assert sum(INSTRUCTORS.points(test) for test in tests) == 24
    assert INSTRUCTORS.points("written_answer") == 4


def test_the_release_holds_neither_solutions_nor_hidden_tests_nor_the_judges_folder():
    assert sorted(path.name for path in STUDENTS.folder.iterdir()) == ["decoder.ipynb", "examples.npz"]
    text = (STUDENTS.folder / "decoder.ipynb").read_text(encoding="utf-8")
    for word in ("judge_only", "HIDDEN", "SOLUTION", "your_blocks", "held_out", "For the grader"):
        assert word not in text, word
    for name in INSTRUCTORS.named("solution"):
        stub = STUDENTS.cells[name].source
        assert "raise NotImplementedError()" in stub or stub == "YOUR ANSWER HERE"
    assert not any(cell.get("outputs") for cell in STUDENTS.cells.values())


def test_the_answers_in_the_release_are_those_of_visible_tests_only(visible_cases, hidden_cases):
    visible = [inputs(case) for some in visible_cases.values() for case in some]
    hidden = [inputs(case) for some in hidden_cases.values() for case in some]
    assert len({*visible}) == len(visible)
    assert not {*visible} & {*hidden}


@pytest.mark.slow
def test_the_examples_are_what_the_reference_code_gives():
    assert_examples_are_fresh("decoder")


@pytest.mark.slow
def test_the_release_is_what_nbgrader_makes_of_the_solutions(tmp_path):
    here = f"--CourseDirectory.root={tmp_path}", f"--CourseDirectory.source_directory={ROOT / 'solutions'}"
    nbgrader("generate_assignment", "decoder", *here, log="test-release-decoder.log")
    for path in sorted((tmp_path / "labs" / "decoder").iterdir()):
        released = STUDENTS.folder / path.name
        assert path.read_bytes() == released.read_bytes(), f"{path.name} is stale: make labs"


# Scores


@pytest.mark.parametrize("function", REFERENCE.FUNCTIONS)
def test_the_instructors_answer_gets_full_marks(function, answered):
    points, words = INSTRUCTORS.score(f"test_{function}", dict(answered))
    assert points == INSTRUCTORS.points(f"test_{function}"), words


def test_the_untouched_release_gets_nothing_and_says_why():
    names = STUDENTS.namespace()
    for function, test in TASKS:
        points, words = INSTRUCTORS.score(test, dict(names))
        assert points == 0
        assert f"{function} is not answered yet" in words
    points, words = INSTRUCTORS.score("test_trained", dict(names))
    assert points == 0
    assert "there is no file decoder.keras" in words


@pytest.mark.parametrize(("function", "form"), [(f, form) for f in NUMPY_TASKS for form in RIGHT[f]])
def test_right_answers_in_other_forms_get_full_marks(function, form, answered):
    points, words = INSTRUCTORS.score(f"test_{function}", answered | {function: RIGHT[function][form]})
    assert points == INSTRUCTORS.points(f"test_{function}"), words


@pytest.mark.parametrize(("function", "form"), [(f, form) for f in KERAS_TASKS for form in RIGHT[f]])
def test_right_layers_in_other_forms_agree_with_every_case(function, form, visible_cases, hidden_cases):
    for case in (*visible_cases[function], *hidden_cases[function]):
        checks.agrees(RIGHT[function][form], case)


def test_every_task_is_tried_in_four_forms_at_least():
    assert RIGHT.keys() == set(REFERENCE.FUNCTIONS)
    assert all(len(forms) >= 4 for forms in RIGHT.values())


def test_the_numpy_answers_are_kerass_own(answered):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 4, 5, 3)).astype("float32")
    for size, strides, padding in [
        ((3, 4), (2, 1), "same"),
        (5, 3, "same"),
        ((2, 4), 2, "valid"),
        (1, 1, "same"),
    ]:
        layer = keras.layers.Conv2DTranspose(2, size, strides, padding, use_bias=False)
        expected = layer(x)
        came = answered["conv2d_transpose"](x, layer.get_weights()[0], strides, padding)
        np.testing.assert_allclose(came, expected, atol=1e-5)
    for factor in (2, 3, 4):
        kernel = answered["bilinear_kernel"](factor, 3)
        came = answered["conv2d_transpose"](x, kernel, factor, "same")
        expected = np.asarray(keras.layers.UpSampling2D(factor, interpolation="bilinear")(x))
        within = (slice(None), slice(factor, -factor), slice(factor, -factor))
        np.testing.assert_allclose(came[within], expected[within], atol=1e-5)


def test_the_mean_iou_is_scikit_learns_where_both_mean_the_same(hidden_cases):
    for case in hidden_cases["mean_iou"]:
        truth, predicted = (case.args[name].ravel() for name in ("truth", "predicted"))
        there = sorted({*truth, *predicted} - {0})
        expected = jaccard_score(truth, predicted, labels=there, average="macro", zero_division=0)
        assert case.expected == pytest.approx(expected)


# Mistakes


def test_every_task_knows_five_mistakes_at_least():
    assert all(len(REFERENCE.mistakes_of(f)) >= 5 for f in REFERENCE.FUNCTIONS)


@pytest.mark.parametrize(("function", "name"), ALL_MISTAKES)
def test_a_known_mistake_fails_visible_and_hidden_cases_and_is_named(
    function, name, visible_cases, hidden_cases
):
    mistaken, hint = REFERENCE.mistakes_of(function)[name]
    for some in (visible_cases, hidden_cases):
        assert any(f"{name}. {hint}" in message for message in said(mistaken, some[function]))


@pytest.mark.parametrize("function", REFERENCE.FUNCTIONS)
def test_a_test_cell_names_the_mistake_and_takes_points(function, answered):
    name, (mistaken, _) = next(iter(REFERENCE.mistakes_of(function).items()))
    for lab in (STUDENTS, INSTRUCTORS):
        points, words = lab.score(f"test_{function}", answered | {function: mistaken})
        assert points < lab.points(f"test_{function}")
        assert name in words


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
@pytest.mark.parametrize("function", KERAS_TASKS)
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
    assert all(drawn[b"one"][f] != drawn[b"other"][f] for f in NUMPY_TASKS)


def test_a_hint_does_not_give_the_answer_away():
    for function, name in ALL_MISTAKES:
        hint = REFERENCE.mistakes_of(function)[name][1]
        assert hint.endswith((".", "?"))
        assert len(hint) <= 110
        assert "=" not in hint


def test_one_slip_does_not_cost_points_twice(answered):
    nearest = REFERENCE.mistakes_of("bilinear_upsample")["the nearest pixel is taken"][0]
    mixed = answered["separable_conv2d_batchnorm"]

    def decoder_block(small, large, filters):
        x = keras.layers.Concatenate()([names["bilinear_upsample"](small), large])
        return mixed(mixed(x, filters), filters)

    def fcn_model(input_shape, block_filters, filters, classes):
        inputs = keras.Input(input_shape)
        x, skips = inputs, []
        for some in block_filters:
            skips.append(x)
            x = mixed(x, some, 2)
        x = keras.layers.BatchNormalization()(keras.layers.Conv2D(filters, 1, activation="relu")(x))
        for some in reversed(block_filters):
            x = names["decoder_block"](x, skips.pop(), some)
        return keras.Model(inputs, keras.layers.Conv2D(classes, 1, activation="softmax")(x))

    names = answered | {"bilinear_upsample": nearest, "decoder_block": decoder_block, "fcn_model": fcn_model}
    scores = {f: INSTRUCTORS.score(f"test_{f}", dict(names))[0] for f in KERAS_TASKS}
    assert scores == {"bilinear_upsample": 0, "decoder_block": 3, "fcn_model": 3}
    single = REFERENCE.mistakes_of("decoder_block")["one convolution instead of two"][0]
    names["decoder_block"] = single
    assert INSTRUCTORS.score("test_fcn_model", dict(names))[0] == 3


def test_layers_that_do_nothing_get_nothing(answered):
    def model(input_shape, *_):
        inputs = keras.Input(input_shape)
        return keras.Model(inputs, inputs)

    nothing = {
        "bilinear_upsample": lambda x, factor=2: x,
        "decoder_block": lambda small, large, filters: large,
        "fcn_model": model,
    }
    for function in KERAS_TASKS:
        assert INSTRUCTORS.score(f"test_{function}", answered | nothing)[0] == 0


# Shortcuts


def _apart_by_the_library(x, strides):
    down, across = strides if isinstance(strides, tuple) else (strides, strides)
    point = np.zeros((down, across, x.shape[3], x.shape[3]))
    point[0, 0] = np.eye(x.shape[3])
    spread = ops.conv2d_transpose(x, point, strides=strides)
    return spread[:, : spread.shape[1] - down + 1, : spread.shape[2] - across + 1]


def _by_the_layer(x, kernel, strides=1, padding="valid"):
    layer = keras.layers.Conv2DTranspose(kernel.shape[2], kernel.shape[:2], strides, padding, use_bias=False)
    layer.build(x.shape)
    layer.set_weights([kernel])
    return np.asarray(layer(x))


def _by_tensorflow(x, kernel, strides=1, padding="valid"):
    down, across = strides if isinstance(strides, tuple) else (strides, strides)
    height, width = (
        n * s if padding == "same" else (n - 1) * s + k
        for n, s, k in zip(x.shape[1:3], (down, across), kernel.shape[:2], strict=True)
    )
    size = (len(x), height, width, kernel.shape[2])
    return tf.nn.conv2d_transpose(x, kernel, size, (down, across), padding.upper()).numpy()


def _kernel_by_the_library(factor, channels):
    point = np.zeros((1, 5, 5, 1))
    point[0, 2, 2] = 1
    spot = ops.upsample_bilinear2d(point, factor)[0, :, :, 0]
    spot = spot[spot.any(axis=1)][:, spot.any(axis=0)]
    return spot[:, :, None, None] * np.eye(channels)


def _iou_by_keras(truth, predicted, classes=11):
    metric = keras.metrics.IoU(classes, sorted({*np.unique(truth), *np.unique(predicted)} - {0}))
    metric.update_state(truth, predicted)
    return float(metric.result())


def _iou_by_scikit_learn(truth, predicted, classes=11):
    there = sorted({*np.unique(truth), *np.unique(predicted)} - {0})
    return jaccard_score(truth.ravel(), predicted.ravel(), labels=there, average="macro", zero_division=0)


SHORTCUTS = [
    ("insert_zeros", _apart_by_the_library),
    ("conv2d_transpose", ops.conv2d_transpose),
    ("conv2d_transpose", _by_the_layer),
    ("conv2d_transpose", _by_tensorflow),
    ("bilinear_kernel", _kernel_by_the_library),
    ("mean_iou", _iou_by_keras),
    ("mean_iou", _iou_by_scikit_learn),
]


@pytest.mark.parametrize(("function", "shortcut"), SHORTCUTS)
def test_a_shortcut_is_refused_though_its_numbers_are_right(function, shortcut, answered, hidden_cases):
    for case in hidden_cases[function]:
        checks.agrees(shortcut, case)
    for lab in (INSTRUCTORS, STUDENTS):
        points, words = lab.score(f"test_{function}", answered | {function: shortcut})
        assert points == 0
        assert "Your answer calls " in words


# The network that is handed in


def test_the_trained_network_gets_full_marks_of_both_tests(answered, monkeypatch):
    shutil.copy(TRAINED, "decoder.keras")
    # It was trained on scikit-learn's digits, and a student sees those that it was trained on.
    monkeypatch.setattr(data, "digit_scenes", partial(data.digit_scenes, mnist=False))
    for lab in (INSTRUCTORS, STUDENTS):
        points, words = lab.score("test_trained", dict(answered))
        assert points == 3, words
        assert "scikit-learn" in words or lab is STUDENTS


@pytest.mark.parametrize(
    ("row", "source"), [("scikit-learn's", "scikit-learn's digits"), ("MNIST's", "MNIST")]
)
def test_the_points_follow_the_published_scale(row, source, answered, monkeypatch):
    (line,) = [
        line for line in INSTRUCTORS.cells["task_train"].source.splitlines() if line.startswith(f"| {row}")
    ]
    steps = [float(cell) for cell in line.split("|")[2:5]]
    assert steps == sorted(steps)
    (scenes, *_) = REFERENCE.held_out()
    monkeypatch.setattr(REFERENCE, "held_out", lambda: [dataclasses.replace(scenes, source=source)])
    shutil.copy(TRAINED, "decoder.keras")
    for points, step in enumerate(steps, start=1):
        for found, deserved in ((step - 0.01, points - 1), (step, points)):
            monkeypatch.setattr(REFERENCE, "mean_iou", lambda truth, predicted, found=found: found)
            assert INSTRUCTORS.score("test_trained", dict(answered))[0] == deserved


def test_the_better_result_counts(answered, monkeypatch):
    (scenes, *_) = REFERENCE.held_out()
    both = [scenes, dataclasses.replace(scenes, source="MNIST")]
    shutil.copy(TRAINED, "decoder.keras")
    for order in (both, both[::-1]):
        monkeypatch.setattr(REFERENCE, "held_out", lambda order=order: order)
        found = iter([1.0, 0.0])
        monkeypatch.setattr(REFERENCE, "mean_iou", lambda truth, predicted, found=found: next(found))
        assert INSTRUCTORS.score("test_trained", dict(answered))[0] == 3


def _background_only():
    model = keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(11, 1, activation="softmax")])
    model.set_weights([np.zeros((1, 1, 1, 11)), np.eye(11)[0] * 20])
    model.save("decoder.keras")


def _of_another_shape():
    keras.Sequential([keras.Input((None, None, 1)), keras.layers.Conv2D(10, 1)]).save("decoder.keras")


def _too_large():
    keras.Sequential([keras.Input((48, 48, 1)), keras.layers.Conv2D(5000, 11)]).save("decoder.keras")


def _with_code():
    inside = keras.layers.Lambda(lambda x: x * np.ones(11))
    keras.Sequential([keras.Input((48, 48, 1)), inside]).save("decoder.keras")


def _damaged():
    with open(TRAINED, "rb") as whole, open("decoder.keras", "wb") as part:
        part.write(whole.read()[:5000])


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras' own, with NumPy 2
@pytest.mark.parametrize(
    ("hand_in", "words"),
    [
        (_background_only, "0 of 3 points"),
        (_of_another_shape, "expected (None, None, 11)"),
        (_too_large, "at most 200,000 are allowed"),
        (_with_code, "decoder.keras is refused"),
        (_damaged, "decoder.keras is damaged"),
    ],
)
def test_a_network_that_cannot_count_gets_nothing_and_its_reason(hand_in, words, answered):
    hand_in()
    points, found = INSTRUCTORS.score("test_trained", dict(answered))
    assert points == 0
    assert words in found


def test_the_held_out_scenes_come_from_the_secret_and_are_not_those_of_the_notebook(monkeypatch):
    shown = data.digit_scenes(100, 48, "test", seed=2, mnist=False)
    made = {}
    for key in (b"one", b"one", b"other"):
        monkeypatch.setattr(seeds, "_key", key)
        (scenes, *_) = REFERENCE.held_out()
        assert made.setdefault(key, scenes.images.tobytes()) == scenes.images.tobytes()
        assert not {*map(bytes, scenes.images)} & {*map(bytes, shown.images)}
    assert len({*made.values()}) == 2


# The sample class


def test_each_sample_student_deserves_points_for_every_graded_cell():
    most = {test: INSTRUCTORS.points(test) for test in INSTRUCTORS.named("grade")}
    deserved = sample_class.deserved("decoder")
    assert deserved["perfect"] == most | {"written_answer": None}
    for points in deserved.values():
        assert points.keys() == most.keys()
        assert all(score is None or 0 <= score <= most[cell] for cell, score in points.items())


@pytest.mark.slow
def test_nbgrader_gives_everybody_what_they_deserve_cell_by_cell():
    rows = grading.grade("decoder")
    assert {row.student: row.given for row in rows} == {row.student: row.deserved for row in rows}
