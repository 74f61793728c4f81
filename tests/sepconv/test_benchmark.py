"""Sizes are those of real files; times are ratios to the first model."""

import keras
import numpy as np
import pytest

from sepconv import benchmark, models

# Keras' own, with NumPy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")


def wide(units):
    return keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(units), keras.layers.Dense(10)]
    )


@pytest.fixture(scope="module")
def sizes():
    builders = (models.mnist_dense, models.mnist_separable)
    return {build.__name__: benchmark.file_sizes(build()) for build in builders}


def test_nothing_is_printed_and_the_logger_is_as_it_was(capfd):
    import tensorflow as tf

    before = tf.get_logger().level
    benchmark.file_sizes(models.mnist_separable())
    assert tf.get_logger().level == before
    assert "Assets written" not in "".join(capfd.readouterr())


def test_files_hold_at_least_the_weights(sizes):
    for name, of in sizes.items():
        weights = 4 * getattr(models, name)().count_params()
        assert set(of) == {"HDF5", ".keras", "TFLite", "float32 arrays", "float16 arrays"}
        assert all(of[form] > weights for form in ("HDF5", ".keras", "TFLite")), name
        assert of["float16 arrays"] < of["float32 arrays"] < 1.1 * weights + 3000


def test_the_same_network_weighs_more_with_an_optimizer(sizes):
    model = models.mnist_separable()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    moments = 2 * 4 * model.count_params()
    assert benchmark.file_sizes(model)["HDF5"] > sizes["mnist_separable"]["HDF5"] + moments


def test_the_size_of_small_networks_hides_how_few_their_weights_are(sizes):
    dense, separable = sizes["mnist_dense"], sizes["mnist_separable"]
    assert separable["HDF5"] / dense["HDF5"] > 2 * 1427 / 8586


@pytest.mark.parametrize("training", [False, True])
def test_a_network_with_far_more_work_takes_longer(training):
    contestants = {"small": wide(1), "large": wide(4000)}
    ratios = benchmark.time_ratios(contestants, (256,), training=training, rounds=5, min_seconds=0.005)
    assert ratios["small"] == {256: (1.0, 1.0, 1.0)}
    median, low, high = ratios["large"][256]
    assert np.isfinite([low, median, high]).all()
    assert low <= median <= high
    assert median > 1.3
