"""Training runs put together by network: what each costs, and what its seeds reached."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import keras

from sepconv import models
from sepconv.weights import TrainingRun

SEPARATED = (keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)


class Compared(TypedDict):
    """One network with all its runs.

    `name` says in words which it is, `part` of which comparison it is one, `family` whether its
    convolutions are "dense" or "separable"; `seeds` and `test`, the shares of test images that are
    recognised, have an entry for each run.
    """

    name: str
    part: str
    family: str
    parameters: int
    macs: int
    epochs: int
    seeds: list[int]
    test: list[float]


def compared(runs: Sequence[TrainingRun]) -> list[Compared]:
    """Put runs together that differ in nothing but their seed.

    Parameters
    ----------
    runs : sequence of TrainingRun
        As `sepconv.weights.results` reads them.

    Returns
    -------
    list of Compared
        In the order of their first runs; the runs of each by seed.

    Raises
    ------
    ValueError
        If a recipe's network is none of `sepconv.models`, or runs of one recipe have different
        costs.
    """
    by_recipe: dict[str, list[TrainingRun]] = {}
    for run in runs:
        by_recipe.setdefault(run["recipe"]["name"], []).append(run)
    return [_together(name, found) for name, found in by_recipe.items()]


def _together(name: str, runs: list[TrainingRun]) -> Compared:
    runs = sorted(runs, key=lambda run: run["seed"])
    costs = {(run["parameters"], run["macs"], run["recipe"]["epochs"]) for run in runs}
    if len(costs) > 1:
        raise ValueError(f"runs of {name!r} must have one cost and length, got {sorted(costs)}")
    [(parameters, macs, epochs)] = costs
    recipe = runs[0]["recipe"]
    family = _family(recipe)
    return {
        "name": _words(recipe, family),
        "part": recipe["part"],
        "family": family,
        "parameters": parameters,
        "macs": macs,
        "epochs": epochs,
        "seeds": [run["seed"] for run in runs],
        "test": [run["test"] for run in runs],
    }


def _words(recipe: Mapping[str, Any], family: str) -> str:
    if recipe["part"] == "sources":
        return "the source's network, " + ("with ReLU" if recipe["arguments"] else "as printed")
    filters = recipe["arguments"].get("filters")
    if filters and recipe["part"] == "curve":
        return f"{family} layers, filters {', '.join(map(str, filters))}"
    return str(recipe["name"]).replace("_", " ")


def _family(recipe: Mapping[str, Any]) -> str:
    """Build the network and look at its layers."""
    build = getattr(models, recipe["network"], None)
    if build is None:
        raise ValueError(f"network must be a function of sepconv.models, got {recipe['network']!r}")
    layers = build(**recipe["arguments"]).layers
    return "separable" if any(isinstance(layer, SEPARATED) for layer in layers) else "dense"
