"""Runs are put together by network."""

import json
import re
from pathlib import Path

import pytest

from sepconv import models, weights
from sepconv.compared import compared
from sepconv.cost import of_model

BOOK = Path(__file__).resolve().parents[2] / "book"


def run(seed, test, **changed):
    recipe = {"name": "small_one", "part": "curve", "network": "residual_network", "epochs": 3}
    recipe |= {"arguments": {"filters": [2, 2, 2, 3, 3], "convolution": "Conv2D"}}
    return {"recipe": recipe, "seed": seed, "parameters": 301, "macs": 24438, "test": test} | changed


def test_runs_that_differ_in_their_seed_are_one_network():
    assert compared([run(1, 0.9), run(0, 0.8)]) == [
        {
            "name": "dense layers, filters 2, 2, 2, 3, 3", "part": "curve", "family": "dense",
            "parameters": 301, "macs": 24438, "epochs": 3, "seeds": [0, 1], "test": [0.8, 0.9],
        }
    ]  # fmt: skip


def test_another_champion_is_one_more_row():
    kept = list(weights.results())
    recipe = {"name": "champion_300", "part": "champion", "network": "residual_network", "epochs": 9}
    more = run(0, 0.99, recipe=recipe | {"arguments": {"filters": [2, 2, 2, 3, 3]}}, parameters=300)
    rows = compared([*kept, more])
    assert rows[:-1] == compared(kept)
    assert (rows[-1]["name"], rows[-1]["family"], rows[-1]["parameters"]) == (
        "champion 300",
        "separable",
        300,
    )


def test_families_and_costs_are_those_of_the_networks():
    rows = compared(weights.results())
    assert sum(len(row["test"]) for row in rows) == len(weights.results())
    by_name = {(row["name"], row["family"]): row for row in rows}
    for family, build in {"dense": models.mnist_dense, "separable": models.mnist_separable}.items():
        for end in ("as printed", "with ReLU"):
            row = by_name[f"the source's network, {end}", family]
            assert (row["parameters"], row["macs"]) == (build().count_params(), of_model(build()).macs)
    for budget in models.CHAMPIONS:
        champion = models.champion(budget, trained=False)
        assert by_name[f"champion {budget}", "separable"]["parameters"] == champion.count_params()


def test_what_does_not_fit_together_is_named():
    with pytest.raises(ValueError, match="'small_one' must have one cost and length"):
        compared([run(0, 0.9), run(1, 0.9, parameters=302)])
    with pytest.raises(ValueError, match=r"network must be a function of sepconv\.models, got 'gone'"):
        compared([run(0, 0.9, recipe=run(0, 0)["recipe"] | {"network": "gone"})])


def test_what_others_publish_has_its_source_and_its_count():
    entries = (BOOK / "references.bib").read_text(encoding="utf-8")
    for point in weights.published():
        assert re.search(rf"@\w+{{{point['source']},", entries), point
        assert 0.9 < point["test"] < 1
        if point["network"]:
            built = getattr(models, point["network"])(**point["arguments"])
            assert built.count_params() == point["parameters"]
    assert json.loads(json.dumps(weights.published())) == list(weights.published())
