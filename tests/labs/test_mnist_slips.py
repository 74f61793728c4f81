"""The MNIST lab: a slip costs once, in macs and accuracy, and what follows from it in the table."""

import contextlib
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.labs.contract import SECRETS
from tests.labs.fixtures import LabFixtures
from tests.labs.test_mnist import NETWORKS


class TestSlips(LabFixtures):
    """What a slip in one answer costs in its own test and in others."""

    lab = "mnist"
    handed_in = NETWORKS

    @pytest.fixture
    def right_table(self, answered):
        made = {}
        for name, count in (("dense", 8586), ("separable", 1427)):
            model = keras.saving.load_model(f"{name}.keras", compile=False)
            said = answered["answers"](model, answered["x_test"])
            made[name] = {
                "parameters": count, "macs": self.reference.total_macs(name == "separable"), "seconds": 0.3,
                "kilobytes": Path(f"{name}.keras").stat().st_size / 1000,
                "accuracy": float(np.mean(np.argmax(said, axis=1) == answered["y_test"])),
            }  # fmt: skip
        return made

    def test_the_table_is_looked_at_entry_by_entry(self, answered, right_table):
        dense = right_table["dense"]
        assert self.instructors.score("test_table", answered | {"table": right_table})[0] == 2
        rounded = dense | {"kilobytes": round(dense["kilobytes"]), "accuracy": round(dense["accuracy"], 3)}
        assert (
            self.instructors.score("test_table", answered | {"table": right_table | {"dense": rounded}})[0]
            == 2
        )
        for key, value, left in (
            ("macs", dense["macs"] + 1, 1), ("macs", dense["macs"] - 320, 1), ("parameters", 1427, 1),
            ("kilobytes", dense["kilobytes"] * 1000 / 1024, 1), ("kilobytes", 60.0, 1), ("seconds", 0, 1),
            ("accuracy", 100 * dense["accuracy"], 1), ("accuracy", dense["accuracy"] + 0.02, 1),
            ("seconds", "fast", 1), ("macs", "many", 1),
        ):  # fmt: skip
            wrong = right_table | {"dense": dense | {key: value}}
            points, said = self.instructors.score("test_table", answered | {"table": wrong})
            assert points == left, (key, said)
            assert "dense" in said
        assert self.instructors.score("test_table", answered | {"table": {}})[0] == 0
        on_its_side = {key: {name: right_table[name][key] for name in right_table} for key in dense}
        assert self.instructors.score("test_table", answered | {"table": on_its_side})[0] == 1

    def test_a_table_that_is_not_there_is_said_in_words(self, answered):
        for lab in (self.instructors, self.students):
            points, said = lab.score("test_table", dict(answered))
            assert points == 0
            assert "there is no table: the cell above did not run to its end" in said
            assert "NameError" not in said
        assert (
            "expected a dictionary, came list"
            in self.instructors.score("test_table", answered | {"table": ["dense"]})[1]
        )

    @pytest.mark.parametrize(
        "name",
        [
            "the bias is counted",
            "the places are off by one",
            "strides are ignored",
            "everything is counted twice",
            "the places are rounded up",
        ],
    )
    def test_a_slip_in_macs_costs_one_point_and_nothing_in_the_table(self, name, answered, right_table):
        slipped, _ = self.reference.mistakes_of("macs")[name]
        points, said = self.instructors.score("test_macs", answered | {"macs": slipped})
        assert points == 2
        assert name in said
        for row, separable in (("dense", False), ("separable", True)):
            right_table[row]["macs"] = self.reference.total_macs(separable, slipped)
        assert (
            self.instructors.score("test_table", answered | {"macs": slipped, "table": right_table})[0] == 2
        )
        assert self.instructors.score("test_table", answered | {"table": right_table})[0] == 1

    @pytest.mark.parametrize(
        "macs", [lambda *args, **kwargs: 1e6, lambda n, c, f, k, strides=1, separable=False: n * n * c * f,
                 lambda *args, **kwargs: None],
    )  # fmt: skip
    def test_a_trivial_count_earns_nothing_in_the_table_either(self, macs, answered, right_table):
        assert self.instructors.score("test_macs", answered | {"macs": macs})[0] == 0
        for row, separable in (("dense", False), ("separable", True)):
            with contextlib.suppress(TypeError):
                right_table[row]["macs"] = self.reference.total_macs(separable, macs)
            right_table[row]["macs"] += 1
        assert self.instructors.score("test_table", answered | {"macs": macs, "table": right_table})[0] == 1

    def test_each_part_of_macs_is_worth_a_point(self, answered):
        mistakes = self.reference.mistakes_of("macs")
        separable_only = self.reference.counting._separable_mistakes()
        for name in separable_only:
            assert self.instructors.score("test_macs", answered | {"macs": mistakes[name][0]})[0] == 2, name
        for name in self.reference.SLIPS:
            assert self.instructors.score("test_macs", answered | {"macs": mistakes[name][0]})[0] == 2, name
        for name in mistakes.keys() - {*separable_only, *self.reference.SLIPS}:
            assert self.instructors.score("test_macs", answered | {"macs": mistakes[name][0]})[0] <= 1, name

    @pytest.mark.parametrize("name", ["in percent", "the number of right answers"])
    def test_another_unit_costs_one_point_and_nothing_in_the_table(self, name, answered, right_table):
        slipped, _ = self.reference.mistakes_of("accuracy")[name]
        points, said = self.instructors.score("test_accuracy", answered | {"accuracy": slipped})
        assert points == 1
        assert name in said
        factor = 100 if name == "in percent" else len(answered["y_test"])
        for row in right_table.values():
            row["accuracy"] *= factor
        names = answered | {"accuracy": slipped, "table": right_table}
        assert self.instructors.score("test_table", names)[0] == 2
        assert self.instructors.score("test_table", names | {"accuracy": answered["accuracy"]})[0] == 1
        assert self.instructors.score("test_table", names | {"accuracy": lambda p, y: factor})[0] == 1

    def test_every_mistake_in_accuracy_but_the_unit_costs_both_points(self, answered):
        for name, (mistaken, _) in self.reference.mistakes_of("accuracy").items():
            points, _ = self.instructors.score("test_accuracy", answered | {"accuracy": mistaken})
            assert points == (1 if name in self.reference.UNITS else 0), name

    def test_an_accuracy_that_spoils_its_callers_arrays_loses_a_point(self, answered):
        def spoils(probabilities, labels):
            probabilities[:] = probabilities == probabilities.max(axis=1, keepdims=True)
            return probabilities[np.arange(len(labels)), labels].mean()

        for lab in (self.instructors, self.students):
            points, said = lab.score("test_accuracy", answered | {"accuracy": spoils})
            assert points == 1
            assert "accuracy changes `probabilities`" in said

    @pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
    def test_a_result_names_its_mistake(self, secret, use_secret):
        """No case of accuracy, and none of macs with strides of 3, fits several; none gives 0."""
        use_secret(secret)
        for function in ("macs", "accuracy"):
            for case in (*self.reference.cases(function), *self.reference.cases(function, hidden=False)):
                given = [
                    round(float(mistake.result), 6)
                    for name, mistake in case.mistakes.items()
                    if name != "the size is rounded down too late"  # may be that which is not rounded
                    and not np.ndim(mistake.result)
                ]
                assert 0 not in given
                if function == "accuracy" or case.kwargs.get("strides", 1) > 2:
                    assert len({*given}) == len(given), (function, case.args, case.mistakes.keys())

    def test_slips_of_the_notebook_are_those_of_the_reference(self, answered):
        for test, name in (("test_macs", "SLIPS"), ("test_accuracy", "UNITS")):
            self.instructors.score(test, names := dict(answered))
            assert names[name] == getattr(self.reference, name)
            assert {*names[name]} <= self.reference.mistakes_of(test.removeprefix("test_")).keys()
