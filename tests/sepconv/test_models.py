"""The networks have the layers and the parameters that are stated of them."""

import keras
import numpy as np
import pytest

from sepconv import cost, models


@pytest.mark.parametrize(
    ("build", "parameters"),
    [
        (models.mnist_dense, [400, 3216, 4640, 0, 330]),
        (models.mnist_separable, [65, 344, 688, 0, 330]),
    ],
)
def test_the_sources_networks_are_exact(build, parameters):
    model = build()
    assert [layer.count_params() for layer in model.layers] == parameters
    assert model.count_params() == sum(parameters) in (8586, 1427)
    assert [layer.output.shape[1:] for layer in model.layers] == [
        (11, 11, 8), (4, 4, 16), (2, 2, 32), (32,), (10,),
    ]  # fmt: skip
    assert [c.parameters for c in cost.of_model(model).costs] == parameters
    activations = [layer.activation.__name__ for layer in model.layers if hasattr(layer, "activation")]
    assert activations == ["linear", "linear", "linear", "softmax"]
    assert build("relu").layers[0].activation.__name__ == "relu"
    np.testing.assert_allclose(np.sum(model(np.ones((2, 28, 28, 1))), axis=1), 1, rtol=1e-5)


def test_mini_xception_is_xception_in_small():
    model = models.mini_xception((32, 32, 3), classes=5, filters=(8, 16, 32), middle=2)
    assert model.output_shape == (None, 5)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("Add") == 2 + 2
    assert kinds.count("SeparableConv2D") == 2 * 2 + 2 * 3 + 1
    assert cost.of_model(model).parameters == model.count_params()
    assert cost.of_model(model).unknown == ()


def test_mini_xception_takes_images_of_any_size():
    model = models.mini_xception(filters=(4, 8))
    for size in ((16, 16), (20, 33)):
        assert model(np.zeros((1, *size, 3))).shape == (1, 10)


def test_mini_xception_learns():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 8, 8, 1)).astype("float32")
    y = (x.mean(axis=(1, 2, 3)) > 0).astype(int)
    model = models.mini_xception((8, 8, 1), classes=2, filters=(4, 8))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    losses = model.fit(x, y, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
