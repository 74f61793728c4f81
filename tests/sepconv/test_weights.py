"""The kept weights are those of the kept results, and a file that is not whole is named."""

import json

import numpy as np
import pytest

from sepconv import cost, models, weights
from sepconv.data import digits

SOURCES = ["mnist_dense", "mnist_dense_relu", "mnist_separable", "mnist_separable_relu"]
BUDGET = models.mnist_separable().count_params()


def kept(name):
    return [run for run in weights.results() if run["recipe"]["name"] == name]


def accuracy(model, data):
    return np.mean(np.argmax(model.predict(data.x_test, batch_size=1000, verbose=0), 1) == data.y_test)


@pytest.fixture(scope="module")
def mnist():
    data = digits()
    if not data.is_mnist:
        pytest.skip(f"needs MNIST, got {data.source}")
    return data


@pytest.mark.parametrize("parameters", models.CHAMPIONS)
def test_a_champion_keeps_its_budget_and_is_a_model_of_built_in_layers(parameters):
    champion = models.champion(parameters)
    assert champion.count_params() <= parameters
    assert champion.input_shape == (None, 28, 28, 1)
    assert {type(layer).__module__.split(".")[0] for layer in champion.layers} == {"keras"}
    np.testing.assert_allclose(np.sum(champion(np.ones((3, 28, 28, 1))), axis=1), 1, rtol=1e-5)


def test_the_champions_budgets_are_the_sources_and_one_that_is_less_than_half():
    more, less = sorted(models.CHAMPIONS, reverse=True)
    assert more == models.mnist_separable().count_params() > 2 * less
    with pytest.raises(ValueError, match="parameters must be one of 1427, 690, got 700"):
        models.champion(700)


def test_the_untrained_champion_has_other_weights():
    fresh, champion = models.champion(trained=False), models.champion()
    assert [w.shape for w in fresh.weights] == [w.shape for w in champion.weights]
    assert not np.allclose(fresh.get_weights()[0], champion.get_weights()[0])


@pytest.mark.parametrize("parameters", models.CHAMPIONS)
def test_a_champion_reads_what_its_result_says(parameters, mnist):
    runs = kept(f"champion_{parameters}")
    assert accuracy(models.champion(parameters), mnist) == pytest.approx(runs[0]["test"], abs=3e-4)


@pytest.mark.parametrize("name", SOURCES)
def test_the_sources_networks_read_what_their_results_say(name, mnist):
    assert accuracy(models.pretrained(name), mnist) == pytest.approx(kept(name)[0]["test"], abs=3e-4)


def test_damaged_weights_do_not_read_as_well(mnist):
    champion = models.champion()
    first, *rest = champion.get_weights()
    champion.set_weights([first[:, ::-1], *rest])
    assert accuracy(champion, mnist) < kept("champion_1427")[0]["test"] - 0.01


@pytest.mark.parametrize(("parameters", "least"), [(1427, 0.992), (690, 0.9885)])
def test_a_champions_mean_and_every_seed(parameters, least):
    runs = kept(f"champion_{parameters}")
    test = np.array([run["test"] for run in runs])
    assert len({run["seed"] for run in runs}) == len(runs) >= 3
    assert test[:3].mean() >= least
    # A seed lies within the spread that the book states, widened as for so few runs (Student's t,
    # 95 %).
    assert (np.abs(test - test.mean()) <= 4.3 * test.std(ddof=1)).all()


def test_results_agree_with_the_networks():
    built = {}
    for run in weights.results():
        recipe = run["recipe"]
        if recipe["name"] not in built:
            without = {"normalization": None} if recipe.get("folded") else {}
            built[recipe["name"]] = getattr(models, recipe["network"])(**recipe["arguments"] | without)
        model = built[recipe["name"]]
        assert run["parameters"] == model.count_params()
        assert run["macs"] == cost.of_model(model).macs
        assert len(run["epochs"]) == recipe["epochs"]
        assert 0.1 < run["test"] < 1


def test_the_sources_runs_are_five_of_each():
    for name in SOURCES:
        assert sorted(run["seed"] for run in kept(name)) == [0, 1, 2, 3, 4], name


def test_the_curve_spans_the_range_for_both_families():
    for kind in ("Conv2D", "SeparableConv2D"):
        runs = [run for run in weights.results() if run["recipe"]["arguments"].get("convolution") == kind]
        sizes = [run["parameters"] for run in runs]
        assert len(sizes) >= 5
        assert min(sizes) < 500
        assert max(sizes) > 7500


def test_weights_survive_the_file(tmp_path):
    model = models.mnist_separable()
    weights.save_weights(model, tmp_path / "w.npz")
    again = weights.load_weights(models.mnist_separable(), tmp_path / "w.npz")
    for ours, theirs in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def damage(path, how):
    raw = path.read_bytes()
    middle = len(raw) // 2
    if how == "half":
        path.write_bytes(raw[:middle])
    elif how == "flipped":
        path.write_bytes(raw[:middle] + bytes([raw[middle] ^ 0xFF]) + raw[middle + 1 :])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "gone":
        path.unlink()
    elif how == "nan":
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        arrays["00_kernel"][0] = np.nan
        np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("half", "is damaged"),
        ("flipped", "is damaged"),
        ("empty", "is damaged"),
        ("gone", "no file of weights at"),
        ("nan", "it holds NaN"),
    ],
)
def test_a_damaged_file_is_named_and_the_model_left_alone(tmp_path, how, says):
    model = models.mnist_dense()
    path = tmp_path / "w.npz"
    weights.save_weights(models.mnist_dense(), path)
    damage(path, how)
    before = model.get_weights()
    with pytest.raises(weights.WeightsError, match=says) as error:
        weights.load_weights(model, path)
    assert str(path) in str(error.value)
    for ours, theirs in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_weights_of_another_network_are_refused(tmp_path):
    weights.save_weights(models.mnist_dense(), tmp_path / "w.npz")
    with pytest.raises(weights.WeightsError, match=r"must hold 00_depthwise_kernel with shape"):
        weights.load_weights(models.mnist_separable(), tmp_path / "w.npz")
    with pytest.raises(ValueError, match=r"name must be one of mnist_dense, mnist_separable"):
        models.pretrained("lenet")


def test_damaged_results_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    for read, name in ((weights.results, "results"), (weights.validation_results, "validation")):
        read.cache_clear()
        (tmp_path / f"{name}.json").write_text(json.dumps([1])[:-1])
        with pytest.raises(weights.WeightsError, match=rf"{name}\.json is missing or damaged"):
            read()
        read.cache_clear()
