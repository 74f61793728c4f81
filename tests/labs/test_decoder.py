"""The decoder lab: what every lab promises, and the network that is handed in."""

import dataclasses
import itertools
import shutil
from functools import partial
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import jaccard_score

from autograder.checks.difference import difference
from course.sample_class.decoder import TRAINED
from sepconv import data, ops
from tests.labs.contract import LabContract, Shortcut
from tests.labs.fixtures import LabFixtures
from tests.labs.students import networks

STRIDES_OF_1 = "failed with strides of 1, by default (0 of 1)"
ONE_SLIP_ASIDE = "failed the mean of the IoU, one slip aside (0 of 1)"


def _no_model(input_shape, *_):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, inputs)


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


class TestDecoder(LabContract):
    lab = "decoder"
    network_functions = ("bilinear_upsample", "decoder_block", "fcn_model")
    few_inputs = ("bilinear_kernel",)
    kept_back = ("network_of", "block_with", "paid_for", "held_out")
    shortcuts = (
        Shortcut("insert_zeros", _apart_by_the_library, "sepconv."),
        Shortcut("conv2d_transpose", ops.conv2d_transpose, "sepconv.", STRIDES_OF_1),
        Shortcut("conv2d_transpose", _by_the_layer, "keras.", STRIDES_OF_1),
        Shortcut("conv2d_transpose", _by_tensorflow, "tensorflow.", STRIDES_OF_1),
        Shortcut("bilinear_kernel", _kernel_by_the_library, "sepconv.", "failed for even factors (0 of 2)"),
        Shortcut("mean_iou", _iou_by_keras, "keras.", ONE_SLIP_ASIDE),
        Shortcut("mean_iou", _iou_by_scikit_learn, "sklearn.", ONE_SLIP_ASIDE),
    )
    nothing: ClassVar = {
        "bilinear_upsample": lambda x, factor=2: x,
        "decoder_block": lambda small, large, filters: large,
        "fcn_model": _no_model,
    }

    def test_the_numpy_answers_are_kerass_own(self, answered):
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

    def test_the_mean_iou_is_scikit_learns_where_both_mean_the_same(self, hidden_cases):
        for case in hidden_cases["mean_iou"]:
            truth, predicted = (case.args[name].ravel() for name in ("truth", "predicted"))
            there = sorted({*truth, *predicted} - {0})
            expected = jaccard_score(truth, predicted, labels=there, average="macro", zero_division=0)
            assert case.expected == pytest.approx(expected)

    def test_one_slip_does_not_cost_points_twice(self, answered):
        nearest = self.reference.mistakes_of("bilinear_upsample")["the nearest pixel is taken"][0]
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

        names = answered | {
            "bilinear_upsample": nearest,
            "decoder_block": decoder_block,
            "fcn_model": fcn_model,
        }
        scores = {f: self.instructors.score(f"test_{f}", dict(names))[0] for f in self.network_functions}
        assert scores == {"bilinear_upsample": 0, "decoder_block": 3, "fcn_model": 4}
        for slip in ("one convolution instead of two", "the normalization comes before relu"):
            names["decoder_block"] = self.reference.mistakes_of("decoder_block")[slip][0]
            scores = {
                f: self.instructors.score(f"test_{f}", dict(names))[0] for f in ("decoder_block", "fcn_model")
            }
            assert scores == {"decoder_block": 2, "fcn_model": 4}, slip
        names["bilinear_upsample"] = lambda x, factor=2: keras.layers.Resizing(
            x.shape[1] * factor, x.shape[2] * factor
        )(x)
        names["decoder_block"] = decoder_block
        scores = {f: self.instructors.score(f"test_{f}", dict(names))[0] for f in self.network_functions}
        assert scores == {"bilinear_upsample": 0, "decoder_block": 3, "fcn_model": 4}

    @pytest.mark.parametrize(
        "slip",
        ["the decoder's filters are in the encoder's order", "the layer in the middle is not normalized"],
    )
    def test_a_slip_in_the_networks_layers_leaves_its_numbers(self, slip, answered):
        mistaken = self.reference.mistakes_of("fcn_model")[slip][0]
        assert self.instructors.score("test_fcn_model", answered | {"fcn_model": mistaken})[0] == 3

    @pytest.mark.parametrize("slip", ["the kernel is not turned", "filters and channels are swapped"])
    def test_a_slip_in_all_parts_costs_one_part(self, slip, answered):
        mistaken = self.reference.mistakes_of("conv2d_transpose")[slip][0]
        score, words = self.instructors.score(
            "test_conv2d_transpose", answered | {"conv2d_transpose": mistaken}
        )
        assert score == 2, words

    @pytest.mark.parametrize("slip", ["zeros follow the last pixel, too", "the two strides are swapped"])
    def test_a_slip_in_insert_zeros_costs_nothing_more_later(self, slip, answered):
        names = answered | {
            f: self.reference.mistakes_of(f)[slip][0] for f in ("insert_zeros", "conv2d_transpose")
        }
        assert self.instructors.score("test_insert_zeros", dict(names))[0] == 0
        assert self.instructors.score("test_conv2d_transpose", dict(names))[0] == 3
        names["insert_zeros"] = answered["insert_zeros"]  # the slip is in the later task itself
        assert self.instructors.score("test_conv2d_transpose", dict(names))[0] < 3

    @pytest.mark.parametrize(
        ("slip", "points"),
        [("every channel goes into every channel", 1), ("the nearest pixel is taken", 0)],
    )
    def test_a_slip_in_even_factors_costs_nothing_more_with_odd_ones(self, slip, points, answered):
        mistaken = self.reference.mistakes_of("bilinear_kernel")[slip][0]
        names = answered | {"bilinear_kernel": mistaken}
        assert self.instructors.score("test_bilinear_kernel", names)[0] == points

    @pytest.mark.parametrize(
        ("slip", "points"),
        [("the background counts as a class", 1), ("in percent", 1), ("the share of right pixels", 0)],
    )
    def test_one_slip_in_the_mean_iou_leaves_a_point(self, slip, points, answered):
        mistaken = self.reference.mistakes_of("mean_iou")[slip][0]
        for lab in (self.students, self.instructors):
            assert lab.score("test_mean_iou", answered | {"mean_iou": mistaken})[0] == points

    def test_a_network_of_single_pixels_gets_nothing_though_its_shape_is_right(self, answered):
        def fcn_model(input_shape, block_filters, filters, classes):
            layer = keras.layers.Conv2D(classes, 1, activation="softmax")
            return keras.Sequential([keras.Input(input_shape), layer])

        for block in (answered["decoder_block"], self.nothing["decoder_block"]):
            names = answered | {"fcn_model": fcn_model, "decoder_block": block}
            points, words = self.instructors.score("test_fcn_model", names)
            assert points == 0
            assert "Where are the encoder and the decoder?" in words

    @pytest.mark.parametrize("spoilt", ["insert_zeros", "conv2d_transpose", "mean_iou"])
    def test_an_answer_that_spoils_the_callers_arrays_loses_points(self, spoilt, answered):
        def spoiling(first, *others, **named):
            result = answered[spoilt](first, *others, **named)
            first *= 0
            return result

        points, words = self.instructors.score(f"test_{spoilt}", answered | {spoilt: spoiling})
        assert points < self.instructors.points(f"test_{spoilt}")
        assert "an array of whoever calls it" in words

    def test_the_visible_cases_tell_known_mistakes_apart(self, visible_cases):
        for function in (f for f in self.reference.FUNCTIONS if f not in self.network_functions):
            for case in visible_cases[function]:
                known = {name: mistake.result for name, mistake in case.mistakes.items()}
                for one, other in itertools.combinations(known, 2):
                    assert difference(known[one], known[other]), (function, one, other)


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


class TestTrainedNetwork(LabFixtures):
    """What is handed in beside the notebook, and the scenes that it is tried on."""

    lab = "decoder"

    def test_an_untouched_release_has_no_network_and_says_so(self):
        names = self.students.namespace(self.reference.FUNCTIONS)
        points, words = self.instructors.score("test_trained", names)
        assert points == 0
        assert "there is no file decoder.keras" in words

    def test_the_trained_network_gets_full_marks_of_both_tests(self, answered, monkeypatch):
        shutil.copy(TRAINED, "decoder.keras")
        # It was trained on scikit-learn's digits, and a student sees those that it was trained on.
        monkeypatch.setattr(data, "digit_scenes", partial(data.digit_scenes, mnist=False))
        for lab in (self.instructors, self.students):
            points, words = lab.score("test_trained", dict(answered))
            assert points == 3, words
            assert "scikit-learn" in words or lab is self.students

    @pytest.mark.parametrize(
        ("row", "source"), [("scikit-learn's", "scikit-learn's digits"), ("MNIST's", "MNIST")]
    )
    def test_the_points_follow_the_published_scale(self, row, source, answered, monkeypatch):
        (line,) = [
            line
            for line in self.instructors.cells["task_train"].source.splitlines()
            if line.startswith(f"| {row}")
        ]
        steps = [float(cell) for cell in line.split("|")[2:5]]
        assert steps == sorted(steps)
        (scenes, *_) = self.reference.held_out()
        monkeypatch.setattr(self.reference, "held_out", lambda: [dataclasses.replace(scenes, source=source)])
        shutil.copy(TRAINED, "decoder.keras")
        for points, step in enumerate(steps, start=1):
            for found, deserved in ((step - 0.01, points - 1), (step, points)):
                monkeypatch.setattr(self.reference, "mean_iou", lambda truth, predicted, found=found: found)
                assert self.instructors.score("test_trained", dict(answered))[0] == deserved

    def test_the_better_result_counts(self, answered, monkeypatch):
        (scenes, *_) = self.reference.held_out()
        both = [scenes, dataclasses.replace(scenes, source="MNIST")]
        shutil.copy(TRAINED, "decoder.keras")
        for order in (both, both[::-1]):
            monkeypatch.setattr(self.reference, "held_out", lambda order=order: order)
            found = iter([1.0, 0.0])
            monkeypatch.setattr(self.reference, "mean_iou", lambda truth, predicted, found=found: next(found))
            assert self.instructors.score("test_trained", dict(answered))[0] == 3

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
    def test_a_network_that_cannot_count_gets_nothing_and_its_reason(self, hand_in, words, answered):
        hand_in()
        points, found = self.instructors.score("test_trained", dict(answered))
        assert points == 0
        assert words in found

    @pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras' own, with NumPy 2
    def test_numbers_that_are_no_probabilities_cost_one_point_once(self, answered):
        networks.make("decoder_logits", Path("decoder.keras"))
        logits = self.reference.mistakes_of("fcn_model")["no softmax at the end"][0]
        for model, deserved in ((answered["fcn_model"], 2), (logits, 3)):
            points, words = self.instructors.score("test_trained", answered | {"fcn_model": model})
            assert points == deserved, words
            assert ("One point less" in words) == (deserved == 2)

    def test_the_held_out_scenes_come_from_the_secret_and_are_not_those_of_the_notebook(self, use_secret):
        shown = data.digit_scenes(100, 48, "test", seed=2, mnist=False)
        made = {}
        for key in (b"one", b"one", b"other"):
            use_secret(key)
            (scenes, *_) = self.reference.held_out()
            assert made.setdefault(key, scenes.images.tobytes()) == scenes.images.tobytes()
            assert not {*map(bytes, scenes.images)} & {*map(bytes, shown.images)}
        assert len({*made.values()}) == 2
