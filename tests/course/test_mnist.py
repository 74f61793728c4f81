"""Training runs are kept, taken up where they were left, and copied into the project whole."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest
from click.testing import CliRunner

from course.__main__ import course
from course.errors import CourseError
from course.mnist import command, lessons, recipes, training
from course.mnist.augment import elastic, jitter
from course.mnist.recipes import (
    CHAMPIONS,
    CURVE,
    RECIPES,
    SEARCH,
    SOURCES,
    Jitter,
    Recipe,
    decisive,
)
from course.stamps import ROOT
from sepconv import weights as kept_weights
from sepconv.data import Digits
from tests.children import PYTHONPATH

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras' own, with NumPy 2
TINY = Recipe(
    "tiny",
    "champion",
    "mnist_separable",
    epochs=3,
    batch_size=32,
    optimizer="adam",
    learning_rate=0.01,
    jitter=Jitter(5, 0.05, 0.05, 1),
)


def few():
    rng = np.random.default_rng(0)
    x, y = rng.random((96, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, 96)
    return Digits(x[:64], y[:64], x[64:], y[64:], "noise")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Train the tiny run without a stop."""
    folder, told = tmp_path_factory.mktemp("whole"), []
    return folder, training.run(TINY, 0, few(), folder, told.append), told


def weights(folder, seed=0):
    with np.load(training.place(TINY, seed, few(), folder) / training.WEIGHTS) as file:
        return [file[name] for name in file.files]


def assert_same_run(result, folder, whole):
    expected_folder, expected, _ = whole
    for ours, theirs in zip(weights(folder), weights(expected_folder), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert result["test"] == expected["test"]
    losses = [[epoch["loss"] for epoch in run["epochs"]] for run in (result, expected)]
    np.testing.assert_allclose(*losses, atol=1e-4)


def test_a_run_tells_of_every_batch_and_of_what_it_came_to(whole):
    folder, result, told = whole
    assert told == list(range(1, 3 * 2 + 1))
    assert result["parameters"] == 1427
    assert len(result["epochs"]) == TINY.epochs
    model = kept_weights.load_weights(TINY.build(), training.place(TINY, 0, few(), folder) / training.WEIGHTS)
    data = few()
    assert result["test"] == np.mean(training.predict(model, data.x_test) == data.y_test)
    assert not list(folder.glob("*/epoch-*"))


def test_a_run_that_is_done_is_not_made_again(whole):
    folder, result, _ = whole

    def never(done):
        raise AssertionError("it trains")

    assert training.run(TINY, 0, few(), folder, never) == json.loads(json.dumps(result))


def test_a_run_that_holds_images_back_is_judged_by_them_and_sees_neither_them_nor_the_test_images(tmp_path):
    data, searching = few(), replace(TINY, held_back=32)
    unseen = {"x_test": data.x_test * np.nan, "y_test": -data.y_test}
    result = training.run(searching, 0, replace(data, **unseen), tmp_path)
    assert "test" not in result
    [file] = tmp_path.glob(f"*/{training.WEIGHTS}")
    model = kept_weights.load_weights(TINY.build(), file)
    assert result["validation"] == np.mean(training.predict(model, data.x_train[32:]) == data.y_train[32:])
    only = Digits(data.x_train[:32], data.y_train[:32], data.x_train[32:], data.y_train[32:], "noise")
    alone = training.run(TINY, 0, only, tmp_path)
    assert [epoch["loss"] for epoch in alone["epochs"]] == [epoch["loss"] for epoch in result["epochs"]]
    assert alone["test"] == result["validation"]


def taught(monkeypatch, **changed):
    """Recipe of a network that learns from two teachers' answers."""
    teacher = replace(TINY, name="tiny_teacher", epochs=2, seeds=(3, 4))
    pupil = replace(TINY, name="pupil", teacher=teacher.name, copies=2, temperature=3.0, **changed)
    monkeypatch.setattr(recipes, "RECIPES", (teacher, pupil))
    return teacher, pupil


def test_a_pupil_learns_what_its_teachers_answer_for_the_moved_images(tmp_path, monkeypatch):
    teacher, pupil = taught(monkeypatch, elastic=0.5)
    result = training.run(pupil, 0, few(), tmp_path)
    assert len(list(tmp_path.glob("tiny_teacher-*/weights.npz"))) == 2
    places = [training.place(teacher, seed, few(), tmp_path) for seed in teacher.seeds]
    teachers = [kept_weights.load_weights(teacher.build(), kept / training.WEIGHTS) for kept in places]
    [first, second] = sorted(tmp_path.glob("lessons-*/*.npz"))  # one for each way of moving the images
    with np.load(first) as one, np.load(second) as other:
        assert not np.array_equal(one["images"], other["images"])
        shown = np.float32(one["images"]) / 255
        expected = np.mean([np.asarray(network(shown)) for network in teachers], axis=0)
        np.testing.assert_allclose(one["answers"], expected, atol=1e-5)
    monkeypatch.setattr(lessons, "moved", None)  # a lesson is made once
    again = training.run(pupil, 0, few(), tmp_path)
    assert again == json.loads(json.dumps(result))
    first.write_bytes(b"half")
    with pytest.raises(CourseError, match=r"copy-000\.npz is damaged .* delete it to make it again"):
        training.run(pupil, 1, few(), tmp_path)


@pytest.mark.parametrize("dense", [True, False])
def test_a_pupil_handed_in_has_the_scores_that_it_learned_times_the_temperature(tmp_path, monkeypatch, dense):
    network = {"network": "compact_network", "arguments": {"filters": (3, 4, 10), "dense": dense}}
    _, pupil = taught(monkeypatch, folded=True, **network)
    warm, cold = (replace(pupil, temperature=temperature) for temperature in (3.0, 1.0))
    model = pupil.build()
    finished = [training._finished(model, recipe, tmp_path) for recipe in (warm, cold)]
    scores = [np.log(network.predict(few().x_test, verbose=0)) for network in finished]
    of_three, of_one = (each - each.mean(axis=1, keepdims=True) for each in scores)
    np.testing.assert_allclose(of_three, 3 * of_one, atol=1e-5)


def test_a_pupils_plan_begins_with_its_teachers(monkeypatch):
    teacher, pupil = taught(monkeypatch)
    monkeypatch.setattr(command, "RECIPES", (pupil,))
    assert command.planned(["champion"], [7]) == [(teacher, 3), (teacher, 4), (pupil, 7)]


def test_answers_are_softened_as_scores_divided_by_the_temperature():
    scores = np.random.default_rng(0).normal(0, 3, (20, 10)).astype("float32")
    plain, soft = (np.asarray(keras.ops.softmax(scores / t)) for t in (1, 4))
    np.testing.assert_allclose(lessons.softened(plain, 4), soft, atol=1e-5)
    np.testing.assert_allclose(lessons.softened(plain, 1), plain, atol=1e-6)


def test_the_last_epochs_weights_are_averaged(tmp_path):
    one_by_one = []
    for epochs in (1, 2, 3):  # at a constant rate, so that a shorter run is the begin of a longer one
        plain = replace(TINY, name="plain", epochs=epochs, optimizer="rmsprop")
        training.run(plain, 0, few(), tmp_path)
        with np.load(training.place(plain, 0, few(), tmp_path) / training.WEIGHTS) as file:
            one_by_one.append([file[name] for name in file.files])
    averaging = replace(TINY, name="plain", optimizer="rmsprop", averaged=2)

    def stop(done):
        if done == 2 * 2 + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(averaging, 0, few(), tmp_path, stop)
    training.run(averaging, 0, few(), tmp_path)
    place = training.place(averaging, 0, few(), tmp_path)
    with np.load(place / training.WEIGHTS) as file:
        for name, second, third in zip(file.files, *one_by_one[1:], strict=True):
            np.testing.assert_allclose(file[name], (second + third) / 2, atol=1e-6)
    assert sorted(path.name for path in place.iterdir()) == ["result.json", "weights.npz"]


def test_a_folded_run_ends_with_the_same_answers_from_fewer_parameters(tmp_path):
    network = {"network": "compact_network", "arguments": {"filters": (3, 4, 4)}}
    whole, folded = (replace(TINY, **network, folded=folded) for folded in (False, True))
    results = [training.run(recipe, 0, few(), tmp_path) for recipe in (whole, folded)]
    assert results[0]["parameters"] - results[1]["parameters"] == 3 * (3 + 4 + 4)
    answers = [
        kept_weights.load_weights(
            recipe.build_handed_in(), training.place(recipe, 0, few(), tmp_path) / training.WEIGHTS
        ).predict(few().x_test, verbose=0)
        for recipe in (whole, folded)
    ]
    np.testing.assert_allclose(*answers, atol=1e-5)
    assert results[0]["test"] == results[1]["test"]


def test_of_several_starts_the_one_with_the_least_training_loss_is_trained_on(tmp_path):
    starting = replace(TINY, name="starting", starts=3, start_epochs=1, epochs=2)
    told = []

    def stop(done):
        told.append(done)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(starting, 1, few(), tmp_path, stop)
    result = training.run(starting, 1, few(), tmp_path, told.append)
    assert told == [*range(1, 4), *range(3, (3 * 1 + 2) * 2 + 1)]  # a start that was done is not made again
    short = replace(starting, name="starting_start", epochs=1, starts=1)
    losses = {}
    for seed in (3, 4, 5):
        [epoch] = training.run(short, seed, few(), tmp_path)["epochs"]
        losses[seed] = epoch["loss"]
    assert [start[0]["loss"] for start in result["starts"]] == list(losses.values())
    best = kept_weights.load_weights(
        starting.build(),
        training.place(short, min(losses, key=losses.get), few(), tmp_path) / training.WEIGHTS,
    )
    starting.compile(best, 64)
    lesson = training._lessons(starting, few(), tmp_path)
    first = training._epoch(best, starting, 1, lesson, 0, lambda done: None)
    assert first["loss"] == pytest.approx(result["epochs"][0]["loss"], abs=1e-5)
    assert kept_weights.seconds(result) > sum(epoch["seconds"] for epoch in result["epochs"])
    assert not list(tmp_path.glob("starting_start-*/epoch-*"))


def test_a_new_setting_leaves_older_runs_what_they_are():
    settings = asdict(CHAMPIONS[690])
    older = {name: value for name, value in settings.items() if name != "held_back"}
    assert decisive(older) == decisive(settings)
    assert decisive(settings | {"held_back": 1}) != decisive(settings)
    assert decisive(settings | {"seeds": (7,), "part": "curve"}) == decisive(settings)


def test_another_seed_is_another_run(whole, tmp_path):
    training.run(TINY, 1, few(), tmp_path)
    assert not np.allclose(weights(tmp_path, 1)[0], weights(whole[0])[0])


@pytest.mark.parametrize("at", [1, 4])  # in the first epoch, in the second
def test_a_run_that_is_stopped_goes_on_as_if_it_had_not_been(at, whole, tmp_path):
    def stop(done):
        if done == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(TINY, 0, few(), tmp_path, stop)
    told = []
    result = training.run(TINY, 0, few(), tmp_path, told.append)
    assert told[0] == (at - 1) // 2 * 2 + 1
    assert_same_run(result, tmp_path, whole)


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_as_if_it_had_not_been(whole, tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; from tests.course.test_mnist import *\n"
        "def kill(done):\n    if done == 5: os.kill(os.getpid(), signal.SIGKILL)\n"
        "training.run(TINY, 0, few(), Path(sys.argv[1]), kill)"
    )
    environment = os.environ | {"PYTHONPATH": PYTHONPATH}
    killed = subprocess.run(
        [sys.executable, "-c", script, tmp_path], env=environment, cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    told = []
    result = training.run(TINY, 0, few(), tmp_path, told.append)
    assert told == [5, 6]
    assert_same_run(result, tmp_path, whole)


def test_a_damaged_state_is_named(tmp_path):
    place = training.place(TINY, 0, few(), tmp_path)
    place.mkdir()
    (place / "epoch-0001.keras").write_bytes(b"half")
    (place / "epoch-0001.json").write_text("[{}]")
    with pytest.raises(CourseError, match=r"epoch-0001\.keras is damaged .* delete .*tiny-0"):
        training.run(TINY, 0, few(), tmp_path)
    (place / training.RESULT).write_text("{")
    with pytest.raises(CourseError, match=r"result\.json is damaged"):
        training.run(TINY, 0, few(), tmp_path)


def test_a_run_begun_on_another_backend_says_so(tmp_path):
    def stop(done):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(TINY, 0, few(), tmp_path, stop)
    [state] = training.place(TINY, 0, few(), tmp_path).glob("epoch-*.keras")
    with zipfile.ZipFile(state) as file:
        members = {name: file.read(name) for name in file.namelist()}
    config = json.loads(members["config.json"])
    optimizer = config["compile_config"]["optimizer"]
    optimizer["module"] = "keras.src.backend.another.optimizers.another_adam"
    with zipfile.ZipFile(state, "w") as file:
        for name, content in (members | {"config.json": json.dumps(config)}).items():
            file.writestr(name, content)
    message = r"epoch-0001\.keras cannot be loaded .* on tensorflow .*another_adam.*KERAS_BACKEND.*tiny-0"
    with pytest.raises(CourseError, match=message) as raised:
        training.run(TINY, 0, few(), tmp_path)
    assert "Full object config" not in str(raised.value)
    assert state.exists()


def test_a_runs_folder_names_all_that_decides_it(tmp_path):
    data = few()
    other = replace(data, x_train=1 - data.x_train)
    changes = (
        *({"epochs": 4}, {"jitter": None}, {"held_back": 1}, {"learning_rate": 0.02}),
        {"network": "mnist_dense"},
    )
    changed = [
        training.place(TINY, 1, data, tmp_path),
        training.place(TINY, 0, other, tmp_path),
        *(training.place(replace(TINY, **change), 0, data, tmp_path) for change in changes),
    ]
    assert len({training.place(TINY, 0, data, tmp_path), *changed}) == 8
    assert training.place(replace(TINY, seeds=(0, 1)), 0, data, tmp_path) not in changed


def test_the_plan_is_what_the_chapter_tells():
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)
    assert [len(recipe.seeds) for recipe in SOURCES] == [5] * 4
    teacher = recipes.named("teacher")
    assert command.planned(["champion"], [7]) == [
        *((teacher, seed) for seed in teacher.seeds),
        *((champion, 7) for champion in CHAMPIONS.values()),
    ]
    for budget, champion in CHAMPIONS.items():
        assert champion.build_handed_in().count_params() <= budget
        assert len(champion.seeds) >= 4
        assert not champion.held_back
    assert len(command.planned(["curve"])) == len(command.planned(["half_curve"]))
    assert len(command.planned([], network="curve")) == len(CURVE) // 2 * len(CURVE[0].seeds)
    assert len(CURVE[0].seeds) >= 2
    whole, half = ([r for r in CURVE if r.part == part] for part in ("curve", "half_curve"))
    for one, other in zip(whole, half, strict=True):
        assert replace(other, name=one.name, part=one.part, epochs=2 * other.epochs) == one
    with pytest.raises(CourseError, match="no network's name begins with 'lenet', there are: mnist_dense, "):
        command.planned([], network="lenet")


def test_the_search_varies_the_champions_within_their_budgets_on_images_held_back():
    for recipe in SEARCH:
        budget = int(recipe.name.split("_")[1])
        assert recipe.build_handed_in().count_params() <= budget, recipe.name
        assert recipe.held_back, recipe.name
        assert recipe.teacher in ("", "search_teacher"), recipe.name
    for budget, champion in CHAMPIONS.items():
        base, *others = (recipe for recipe in SEARCH if recipe.name.startswith(f"search_{budget}_"))
        short = ("name", "part", "epochs", "teacher", "held_back", "starts", "start_epochs", "seeds")
        assert replace(champion, **{name: getattr(base, name) for name in short}) == base
        assert all(
            decisive(asdict(other)) != decisive(asdict(base)) | {"name": other.name} for other in others
        )


def test_what_the_project_keeps_is_what_its_recipes_say():
    kept = (*kept_weights.results(), *kept_weights.validation_results())
    rows = {(run["recipe"]["name"], run["seed"]): run for run in kept}
    assert len(rows) == len(kept)
    planned = {(recipe.name, seed): recipe for recipe, seed in command.planned([])}
    assert not rows.keys() - planned.keys()
    for which, run in rows.items():
        settings = json.loads(json.dumps(asdict(planned[which])))
        assert decisive(run["recipe"]) == decisive(settings), which
        assert training.judged_by(planned[which]) in run, which


def test_the_search_is_planned_as_the_page_shows_it_one_run_each():
    kept = {(run["recipe"]["name"], run["seed"]) for run in kept_weights.validation_results()}
    assert kept == {
        (recipe.name, seed)
        for recipe, seed in command.planned([])
        if training.judged_by(recipe) == "validation"
    }
    assert all(len(recipe.seeds) == 1 for recipe in SEARCH)


def test_results_and_weights_are_kept_together(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "RECIPES", (replace(TINY, seeds=(0, 1)),))
    folder, result, _ = whole
    written = command.keep(few(), folder, tmp_path)
    assert [path.name for path in written] == ["tiny.npz", "results.json", "validation.json"]
    assert json.loads((tmp_path / "validation.json").read_text()) == []
    settings = json.loads(json.dumps(asdict(replace(TINY, seeds=(0, 1)))))
    assert json.loads((tmp_path / "results.json").read_text()) == [result | {"recipe": settings}]
    kept_weights.load_weights(TINY.build(), tmp_path / "tiny.npz")
    drawn = command.table([result, result | {"test": result["test"] + 0.1}])
    assert drawn.row_count == 1


def test_runs_judged_by_held_back_images_have_a_table_of_their_own_and_no_weights(tmp_path, monkeypatch):
    searched = replace(TINY, name="searched", part="search", held_back=16)
    monkeypatch.setattr(command, "RECIPES", (searched,))
    result = training.run(searched, 0, few(), tmp_path / "runs")
    into = tmp_path / "into"
    into.mkdir()
    written = command.keep(few(), tmp_path / "runs", into)
    assert [path.name for path in written] == ["results.json", "validation.json"]
    assert json.loads((into / "results.json").read_text()) == []
    [row] = json.loads((into / "validation.json").read_text())
    assert row["validation"] == result["validation"]
    command.keep(few(), tmp_path / "empty", into)  # a run made elsewhere stays
    assert json.loads((into / "validation.json").read_text()) == [row]


def test_runs_that_were_made_elsewhere_stay_unless_their_recipe_has_changed(whole, tmp_path, monkeypatch):
    folder, _, _ = whole
    monkeypatch.setattr(command, "RECIPES", (TINY,))
    command.keep(few(), folder, tmp_path)
    before = json.loads((tmp_path / "results.json").read_text())
    command.keep(few(), tmp_path / "empty", tmp_path)
    assert json.loads((tmp_path / "results.json").read_text()) == before
    monkeypatch.setattr(command, "RECIPES", (replace(TINY, epochs=4),))
    command.keep(few(), tmp_path / "empty", tmp_path)
    assert json.loads((tmp_path / "results.json").read_text()) == []


def test_the_curve_is_drawn_of_the_curves_runs_alone():
    kept = kept_weights.results()
    drawn = command.curve(kept)
    assert drawn.svg.startswith("<svg")
    assert "SeparableConv2D" in drawn.svg
    assert command.curve([run for run in kept if run["recipe"]["part"] != "curve"]) is None


def test_without_mnist_the_command_says_so_in_one_line(monkeypatch):
    monkeypatch.setattr(command, "digits", lambda: replace(few(), x_train=np.zeros((1, 8, 8, 1))))
    done = CliRunner().invoke(course, ["mnist", "--part", "champion"])
    assert done.exit_code == 1
    assert done.output.startswith("course: this comparison needs MNIST, got noise")
    assert done.output.count("\n") == 1


def test_jitter_of_nothing_changes_nothing_and_jitter_moves_at_most_so_far():
    rng = np.random.default_rng(0)
    images = np.zeros((50, 28, 28, 1), "float32")
    images[:, 13:15, 13:15] = 1
    np.testing.assert_allclose(jitter(images, Jitter(), rng), images, atol=1e-6)
    moved = jitter(images, Jitter(pixels=2), rng)
    assert moved.shape == images.shape
    rows = (moved.sum((2, 3)) * np.arange(28)).sum(1) / moved.sum((1, 2, 3))
    assert 1 < np.abs(rows - 13.5).max() <= 2.01
    turned = jitter(images, Jitter(degrees=10, scale=0.1, shear=0.1), rng)
    middle = (turned.sum((2, 3)) * np.arange(28)).sum(1) / turned.sum((1, 2, 3))
    np.testing.assert_allclose(middle, 13.5, atol=0.05)


def test_jitter_is_an_affine_map_about_the_middle():
    from scipy import ndimage

    image = np.zeros((28, 28), "float32")
    image[6:20, 10:15] = np.random.default_rng(1).random((14, 5))
    rng, same = np.random.default_rng(3), np.random.default_rng(3)
    moved = jitter(image[None, :, :, None], Jitter(degrees=30), rng)[0, :, :, 0]
    angle = np.deg2rad(same.uniform(-30, 30, 1)[0])
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # of (row, column)
    middle = np.array([13.5, 13.5])
    expected = ndimage.affine_transform(image, matrix, middle - matrix @ middle, order=1)
    np.testing.assert_allclose(moved, expected, atol=1e-3)


def test_elastic_shifts_are_smooth_and_as_large_as_said():
    rng = np.random.default_rng(0)
    across = np.broadcast_to(np.arange(64, dtype="float32")[:, None], (20, 64, 64))[..., None]
    rows = (elastic(across, 1.5, rng) - across)[:, 8:-8, 8:-8, 0]
    assert np.sqrt(np.mean(rows**2)) == pytest.approx(1.5, rel=0.1)
    assert np.abs(np.diff(rows, axis=1)).max() < 1  # nothing is torn or folded
    assert np.abs(np.diff(rows, axis=2)).max() < 1
    assert np.abs(rows[0] - rows[1]).max() > 1  # each image has a field of its own
    np.testing.assert_allclose(elastic(across, 1e-9, rng), across, atol=1e-4)


def test_the_schedule_rises_then_falls():
    model = TINY.build()
    TINY.compile(model, 64 * 100)
    rate = model.optimizer._learning_rate
    steps = 200 * 3
    values = [float(rate(step)) for step in range(0, steps + 1, 20)]
    top = int(np.argmax(values))
    assert top == steps // 10 // 20
    assert values[top] == pytest.approx(TINY.learning_rate)
    assert values == [*sorted(values[:top]), *sorted(values[top:], reverse=True)]
    assert values[-1] == pytest.approx(TINY.learning_rate / 100)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
