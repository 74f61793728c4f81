"""A classifier for pictures of any size answers as the classifier does, place by place."""

import keras
import numpy as np
import pytest
from keras import layers

from sepconv import models
from sepconv.data import digits

rng = np.random.default_rng(0)


def valid_classifier(dense=True):
    """Nothing is padded, so each window is read as if it were cut out."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(3, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax") if dense else layers.Activation("softmax"),
        ]
    )


@pytest.mark.parametrize("parameters", models.CHAMPIONS)
def test_at_its_own_size_it_gives_the_champions_one_answer(parameters):
    champion = models.champion(parameters)
    network = models.fully_convolutional(champion)
    images = np.zeros((8, 28, 28, 1), "float32")
    some = digits().x_test[:8]
    images[:, : some.shape[1], : some.shape[2]] = some
    found = np.asarray(network(images, training=False))
    assert found.shape == (8, 1, 1, 10)
    np.testing.assert_allclose(found[:, 0, 0], np.asarray(champion(images, training=False)), atol=1e-6)
    assert network.count_params() == champion.count_params()


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize(("height", "width"), [(28, 28), (32, 44), (36, 60)])
def test_each_answer_is_that_of_its_window_cut_out(height, width, dense):
    classifier = valid_classifier(dense)
    network = models.fully_convolutional(classifier)
    picture = rng.random((1, height, width, 1), dtype="float32")
    found = np.asarray(network(picture))[0]
    assert found.shape == ((height - 28) // 4 + 1, (width - 28) // 4 + 1, 3)
    for row, column in np.ndindex(found.shape[:2]):
        window = picture[:, 4 * row : 4 * row + 28, 4 * column : 4 * column + 28]
        np.testing.assert_allclose(found[row, column], np.asarray(classifier(window))[0], atol=1e-5)


def test_its_layers_are_copies():
    champion = models.champion()
    network = models.fully_convolutional(champion, (56, 84, 1))
    assert network.output_shape == (None, 15, 29, 10)
    before = champion.get_layer("layer1").get_weights()[0].copy()
    network.get_layer("layer1").set_weights([0 * w for w in network.get_layer("layer1").get_weights()])
    np.testing.assert_array_equal(champion.get_layer("layer1").get_weights()[0], before)


@pytest.mark.parametrize("last", [[layers.Flatten(), layers.Dense(3)], [layers.GlobalAveragePooling2D()]])
def test_another_end_is_refused(last):
    classifier = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3), *last])
    with pytest.raises(ValueError, match="must end with GlobalAveragePooling2D and Dense or Activation, got"):
        models.fully_convolutional(classifier)
