"""The MNIST lab: what every lab promises, and the networks and the table that are handed in."""

import os
import shutil
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np
import pytest

from course.sample_class.mnist import TRAINED
from sepconv import cost, models
from tests.autograder.checks.model_files import BAD, saved
from tests.labs.contract import SECRETS, LabContract, Shortcut
from tests.labs.fixtures import LabFixtures

NETWORKS = tuple(TRAINED.glob("*.keras"))


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
        assert "Has it been trained" in said

    def test_the_wrong_network_in_a_file_is_named(self, answered):
        shutil.copy("challenge.keras", "separable.keras")
        points, said = self.instructors.score("test_trained", dict(answered))
        assert points == 1
        assert "the network of task 1 has 1,427" in said

    def test_the_books_champion_is_refused_for_what_it_is(self, answered):
        """Its layers, size and parameters are allowed: that it is the book's own is refused."""
        Path("challenge.keras").write_bytes(saved(models.champion()))
        points, said = self.instructors.score("test_challenge", dict(answered))
        assert points == 0
        assert "answers as the book's champion does, on average within 0.0000" in said
        Path("challenge.keras").write_bytes(saved(models.champion(trained=False)))
        points, said = self.instructors.score("test_challenge", dict(answered))
        assert "parameters; right on" in said

    def test_what_hardly_differs_from_the_champion_is_refused_and_the_same_layers_otherwise_trained_are_not(
        self, answered, monkeypatch
    ):
        mine = keras.saving.load_model("challenge.keras", compile=False)
        monkeypatch.setattr(models, "champion", lambda: keras.models.clone_model(mine))
        most = self.instructors.points("test_challenge")
        assert self.instructors.score("test_challenge", dict(answered))[0] == most  # other weights

        def nearly():
            copy = keras.models.clone_model(mine)
            copy.set_weights([w * (1 + 1e-5) for w in mine.get_weights()])
            return copy

        monkeypatch.setattr(models, "champion", nearly)
        points, said = self.instructors.score("test_challenge", dict(answered))
        assert points == 0
        assert "answers as the book's champion does" in said

    def test_the_held_out_digits_come_from_the_secret(self, use_secret):
        made = {}
        for key in (b"one", b"one", b"other"):
            use_secret(key)
            self.reference.held_out._sets.cache_clear()
            x, y = self.reference.held_out._sets()["scikit-learn"]
            assert x.shape == (360, 28, 28, 1)
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

    def test_the_table_is_looked_at_entry_by_entry(self, answered):
        right = {
            name: {"parameters": count, "macs": self.reference.total_macs(name == "separable"),
                   "kilobytes": 60.0, "seconds": 0.3, "accuracy": 0.8}
            for name, count in (("dense", 8586), ("separable", 1427))
        }  # fmt: skip
        assert self.instructors.score("test_table", answered | {"table": right})[0] == 2
        for key, value, left in (
            ("macs", right["dense"]["macs"] + 1, 1), ("parameters", 1427, 1), ("kilobytes", 0.5, 1),
            ("seconds", 0, 1), ("accuracy", 97.0, 1), ("seconds", "fast", 0),
        ):  # fmt: skip
            wrong = right | {"dense": right["dense"] | {key: value}}
            points, said = self.instructors.score("test_table", answered | {"table": wrong})
            assert points == left, (key, said)
            assert "dense" in said
        assert self.instructors.score("test_table", answered | {"table": {}})[0] == 0

    def test_the_grader_does_not_train(self, answered, monkeypatch):
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        with pytest.raises(FileNotFoundError, match="was not handed in"):
            answered["once"]("none.keras", lambda: pytest.fail("trained"))
