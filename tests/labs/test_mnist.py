"""The MNIST lab: what every lab promises, and the networks and the table that are handed in."""

import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np
import pytest
from keras import layers

from autograder.checks.grader import Grader, graded_by
from course.sample_class.mnist import TRAINED
from sepconv import cost, models
from tests.autograder.checks.model_files import BAD, saved
from tests.labs.contenders import CONTENDERS, measured
from tests.labs.contract import SECRETS, LabContract, Shortcut
from tests.labs.fixtures import LabFixtures
from tests.labs.students import networks, networks_mnist

NETWORKS = tuple(TRAINED.glob("*.keras"))


@cache
def _measured():
    return [*measured(CONTENDERS)]


def _no_network(separable, activation):
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, inputs)


def _borrowed(separable, activation):
    return (models.mnist_separable if separable else models.mnist_dense)(activation)


class TestMnist(LabContract):
    lab = "mnist"
    handed_in = NETWORKS
    network_functions = ("network",)
    network_secrets = SECRETS[:3]
    kept_back = ("CosineDecay",)
    shortcuts = (Shortcut("network", _borrowed, "sepconv.models"),)
    nothing: ClassVar = {"network": _no_network}
    shown_by_either = ("the activation is ignored", "the activation is always relu")

    def test_the_expected_counts_are_those_of_the_library(self):
        for case in self.reference.cases("macs"):
            size, channels, filters, kernel_size = case.args.values()
            separable = case.kwargs.get("separable", False)
            kind = cost.separable_conv2d if separable else cost.conv2d
            found = kind((size, size, channels), filters, kernel_size, strides=case.kwargs.get("strides", 1))
            assert case.expected == sum(part.macs for part in (found if separable else [found]))

    def test_a_network_for_pictures_of_another_size_is_refused_though_it_answers_these(self, answered):
        """Keras lets the layers of a network for 28×29 pictures compute with 28×28."""
        source = self.instructors.cells["network"].source.replace("(28, 28, 1)", "(28, 29, 1)")
        exec(source, wide := dict(answered))
        points, said = self.instructors.score("test_network", wide)
        assert points == 0
        assert "Expected a model for inputs of shape (28, 28, 1), came one for (28, 29, 1)." in said
        exec(source.replace("(28, 29, 1)", "(None, None, 1)"), anyone := dict(answered))
        assert self.instructors.score("test_network", anyone)[0] == self.instructors.points("test_network")


class TestWhatIsHandedIn(LabFixtures):
    """The networks and the table, and the digits that the networks are tried on."""

    lab = "mnist"
    handed_in = NETWORKS

    def test_the_sample_networks_get_full_marks_in_a_second_or_two(self, answered):
        for test in ("test_trained", "test_challenge"):
            points, said = self.instructors.score(test, dict(answered))
            assert points == self.instructors.points(test), said

    @pytest.mark.parametrize(
        "name", ["missing", "damaged", "oversized", "a lambda", "a class of its own", "pickles", "not finite",
                 "too many parameters", "another input", "a huge dataset declared"],
    )  # fmt: skip
    def test_a_bad_file_gets_nothing_and_its_reason(self, name, answered):
        make, reason = BAD[name]
        os.remove("challenge.keras")
        if (content := make()) is not None:
            Path("challenge.keras").write_bytes(content)
        points, said = self.instructors.score("test_challenge", dict(answered))
        assert points == 0
        assert " ".join(reason.split()) in said

    def test_an_untrained_network_gets_nothing_for_reading(self, answered):
        Path("challenge.keras").write_bytes(saved(answered["network"](True, "relu")))
        points, said = self.instructors.score("test_challenge", dict(answered))
        assert points == 0
        assert "1,427 parameters; right on" in said
        shutil.copy("challenge.keras", "separable.keras")
        points, said = self.instructors.score("test_trained", dict(answered))
        assert points == 2
        assert "passed separable.keras holds" in said
        assert "Has it been trained" in said

    @pytest.mark.parametrize(
        ("name", "maker", "said"),
        [
            ("separable.keras", "challenge_untrained", "the network of task 1 has 1,427"),
            ("separable.keras", "dense_in_the_wrong_file", "the network of task 1 has 1,427"),
            ("dense.keras", "dense_padding_same", "padding is same."),
            ("dense.keras", "dense_second_stride_forgotten", "values are not"),
            ("dense.keras", "dense_other_kernels", "values are not"),
            ("dense.keras", "dense_global_max", "the largest instead of the average."),
            ("dense.keras", "dense_logits", "no softmax."),
            ("separable.keras", "separable_padding_same", "padding is same."),
            ("separable.keras", "separable_third_linear", "values are not"),
            ("separable.keras", "separable_logits", "no softmax."),
        ],
    )
    def test_a_network_other_than_that_of_task_1_is_named(self, name, maker, said, answered):
        networks.make(maker, Path(name))
        points, words = self.instructors.score("test_trained", dict(answered))
        assert points == (1 if maker == "challenge_untrained" else 2)
        assert f"failed {name} holds the {name.removesuffix('.keras')} network" in words
        assert said in words

    @pytest.mark.parametrize(
        ("name", "maker"),
        [
            ("separable.keras", "separable_in_parts"), ("separable.keras", "separable_activation_apart"),
            ("dense.keras", "dense_activation_apart"),
        ],
    )  # fmt: skip
    def test_the_network_of_task_1_is_right_in_whatever_layers(self, name, maker, answered):
        networks.make(maker, Path(name))
        assert self.instructors.score("test_trained", dict(answered))[0] == 3

    def test_a_slip_in_task_1_costs_nothing_in_the_files_but_another_network_does(self, answered):
        networks.make("dense_padding_same", Path("dense.keras"))
        own = {"network": lambda separable, activation: networks_mnist.network(
            layers.SeparableConv2D if separable else layers.Conv2D, padding="same")}  # fmt: skip
        assert self.instructors.score("test_trained", answered | own)[0] == 3
        trivial = {"network": lambda separable, activation: networks_mnist.contender()}
        Path("dense.keras").write_bytes(saved(networks_mnist.contender()))
        points, said = self.instructors.score("test_trained", answered | trivial)
        assert points == 1
        assert "failed dense.keras holds" in said

    def test_the_champion_and_its_copies_are_refused_in_one_sentence(self, answered):
        copies = [name for name in networks.MAKERS if name.startswith("champion")]
        assert len(copies) >= 8
        for name in copies:
            networks.make(name, Path("challenge.keras"))
            with graded_by(Grader(looks=(looks := []))):
                points, said = self.instructors.score("test_challenge", dict(answered))
            assert (name, points) == (name, 0)
            assert "challenge.keras answers as the book's champion does: train a network of your own" in said
            assert not re.search(r"\d", said.partition(":")[2])  # not how far it is from that
            assert ["challenge.keras answers as the book's champion does" in look for look in looks] == [True]
        champion = Path("challenge.keras")
        champion.write_bytes(saved(models.champion(trained=False)))
        assert "parameters; right on" in self.instructors.score("test_challenge", dict(answered))[1]

    def test_no_network_that_was_trained_apart_is_refused(self):
        reached = {contender.name: likeness for contender, _, likeness in _measured()}
        assert len(reached) == 23
        most = self.reference.likeness.MOST
        assert max(reached.values()) < most - 0.1, reached
        likeness = self.reference.likeness.likeness
        for parameters in models.CHAMPIONS:
            assert likeness(models.champion(parameters)) > 0.999
            assert likeness(models.champion(parameters, trained=False)) < 0.3

    def test_the_scale_leaves_the_first_plain_network_behind_and_is_reached_in_minutes(self, answered):
        points = answered["challenge_points"]
        given = {}
        for contender, right, _ in _measured():
            if contender.digits in right:
                given[contender] = points({contender.digits: right[contender.digits]})
        for contender, earned in given.items():
            if contender.build.__name__ == "plain" and not contender.moved:
                assert earned <= 1, contender.name
            if contender.build.__name__ == "compact" and contender.epochs >= 12 and contender.moved:
                assert earned == 6, contender.name
            if contender.build.__name__ == "residual_network" and contender.digits == "MNIST":
                assert earned < 6, contender.name  # it pools twice
        assert {*given.values()} >= {0, 2, 4, 5, 6}

    def test_logits_are_refused_in_words(self, answered):
        networks.make("challenge_logits", Path("challenge.keras"))
        for lab in (self.instructors, self.students):
            points, said = lab.score("test_challenge", dict(answered))
            assert points == 0
            assert "challenge.keras does not give probabilities" in said

    def test_the_notebook_moves_digits_as_the_grader_does(self, answered):
        pictures = answered["x_test"][:20]
        mine, theirs = (
            move(pictures, np.random.default_rng(5))
            for move in (answered["moved"], self.reference.held_out.moved)
        )
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
        assert not np.allclose(mine, pictures)

    def test_the_held_out_digits_come_from_the_secret(self, use_secret):
        made = {}
        for key in (b"one", b"one", b"other"):
            use_secret(key)
            self.reference.held_out._sets.cache_clear()
            x, y = self.reference.held_out._sets()["scikit-learn"]
            assert x.shape == (1800, 28, 28, 1)
            assert 0 <= x.min() < x.max() <= 1.001
            if key in made:
                np.testing.assert_array_equal(made[key], x)
            made[key] = x
            assert len(np.unique(y)) == 10
        assert not np.array_equal(made[b"one"], made[b"other"])
        self.reference.held_out._sets.cache_clear()

    def test_points_follow_the_published_scale(self, answered):
        scale, points = answered["SCALE"], answered["challenge_points"]
        for name, steps in scale.items():
            assert list(steps) == sorted(steps)
            assert [points({name: step}) for step in steps] == [1, 2, 3, 4, 5, 6]
            assert points({name: steps[0] - 0.001}) == 0
        assert points({name: steps[0] for name, steps in scale.items()}) == 1
        assert points({"MNIST": 0.0, "scikit-learn": 1.0}) == 6

    def test_the_grader_does_not_train(self, answered, monkeypatch):
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        with pytest.raises(FileNotFoundError, match="was not handed in"):
            answered["once"]("none.keras", lambda: pytest.fail("trained"))
