"""Costs of whole models agree with Keras' counts and with published totals."""

import keras
import numpy as np
import pytest
from keras import layers

from sepconv import cost


@pytest.mark.parametrize("known", cost.PUBLISHED, ids=lambda known: known.name)
def test_published_networks(known):
    model = getattr(keras.applications, known.name)(weights=None)
    report = cost.of_model(model)
    assert report.unknown == ()
    assert report.parameters == model.count_params()
    assert report.parameters == pytest.approx(known.parameters, rel=0.015)
    if known.macs:
        assert report.macs == pytest.approx(known.macs, rel=0.15)


def test_mobilenets_and_xceptions_difference_is_the_moving_statistics():
    for known in (known for known in cost.PUBLISHED if "moving statistics" in known.difference):
        model = getattr(keras.applications, known.name)(weights=None)
        trained = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
        assert trained == pytest.approx(known.parameters, rel=0.01)
        assert abs(trained - known.parameters) < abs(model.count_params() - known.parameters)


def test_mobilenets_macs_are_the_published_ones_to_the_last_digit_printed():
    report = cost.of_model(keras.applications.MobileNet(weights=None))
    assert round(report.macs / 1e6) == 569


def test_the_comparison_has_a_row_for_each_published_network():
    rows = cost.comparison().splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [known.name for known in cost.PUBLISHED]
    assert "568,740,352" in rows[0]


def test_every_row_has_keras_output_shape():
    model = keras.applications.MobileNet(weights=None)
    by_name = {layer.name: layer for layer in model.layers}
    for row in cost.of_model(model).costs:
        assert row.output_shape == by_name[row.name].output.shape[1:]
        assert row.parameters == by_name[row.name].count_params()


def test_an_open_size_is_asked_for():
    model = keras.applications.MobileNet(weights=None, include_top=False, input_shape=(None, None, 3))
    with pytest.raises(ValueError, match=r"input_shape must be given for model .* \(None, None, 3\)"):
        cost.of_model(model)
    small, large = cost.of_model(model, (32, 32, 3)), cost.of_model(model, (64, 64, 3))
    assert small.parameters == large.parameters == model.count_params()
    assert large.macs == 4 * small.macs


def nested(*sizes):
    inner = keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(4, 3), layers.Conv2D(2, 3)], name="inner"
    )
    inputs = [keras.Input((size, size, 3)) for size in sizes]
    flat = [layers.Flatten()(inner(x)) for x in inputs]
    return keras.Model(inputs, layers.Dense(3)(layers.Concatenate()(flat) if len(flat) > 1 else flat[0]))


def test_a_model_inside_a_model_is_opened():
    model = nested(10)
    report = cost.of_model(model)
    assert report.parameters == model.count_params()
    assert [row.name.split("/")[0] for row in report.costs[:2]] == ["inner", "inner"]
    assert report.macs == 64 * 27 * 4 + 36 * 36 * 2 + 72 * 3


def test_a_shared_layer_works_twice_and_is_counted_once():
    model = nested(10, 20)
    report = cost.of_model(model)
    assert report.parameters == model.count_params()
    again = [row for row in report.costs if row.name.endswith("(again)")]
    assert [row.parameters for row in again] == [0, 0]
    assert report.macs == sum((n - 2) ** 2 * 108 + (n - 4) ** 2 * 72 for n in (10, 20)) + 3 * 2 * (36 + 256)


def test_what_is_not_known_is_named():
    @keras.saving.register_keras_serializable("tests")
    class Secret(layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(3, 3))

        def call(self, x):
            return x @ self.kernel

        def compute_output_shape(self, shape):
            return shape

    inputs = keras.Input((4, 4, 3))
    model = keras.Model(inputs, keras.ops.tanh(Secret(name="hidden")(inputs)))
    report = cost.of_model(model)
    assert report.unknown[0] == "hidden (Secret)"
    assert "Tanh" in report.unknown[1]
    assert report.parameters == 9
    assert "MACs not counted: hidden (Secret)" in report.table()


def test_a_layer_of_each_kind_counts_as_keras():
    inputs = keras.Input((9, 8, 4))
    x = layers.Conv2DTranspose(6, 3, strides=2, padding="same", output_padding=1)(inputs)
    x = layers.DepthwiseConv2D((3, 2), depth_multiplier=2)(x)
    x = layers.SeparableConv2D(5, 3, strides=2)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(10, 2, groups=5)(x)
    x = layers.Dense(7)(x)
    model = keras.Model(inputs, x)
    report = cost.of_model(model)
    assert report.parameters == model.count_params()
    assert [row.output_shape for row in report.costs] == [
        layer.output.shape[1:] for layer in model.layers[1:]
    ]
    assert report.costs[0].macs == 9 * 8 * 3 * 3 * 4 * 6
    assert report.intensity() == report.macs / report.bytes_moved()


def test_sequential_and_functional_agree():
    stack = [layers.Conv2D(4, 3), layers.ReLU(), layers.Flatten(), layers.Dense(2)]
    sequential = keras.Sequential([keras.Input((6, 6, 1)), *stack])
    x = inputs = keras.Input((6, 6, 1))
    for layer in stack:
        x = layer(x)
    assert cost.of_model(sequential) == cost.of_model(keras.Model(inputs, x))


def test_models_without_a_graph_are_refused():
    class Subclass(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="must be Sequential or functional, got Subclass"):
        cost.of_model(Subclass())
    with pytest.raises(ValueError, match="must be built"):
        cost.of_model(keras.Sequential([layers.Dense(2)], name="open"))


def test_channels_first_is_refused():
    layer = layers.Conv2D(2, 3, data_format="channels_first", name="turned")
    with pytest.raises(ValueError, match="layer 'turned' must have data_format='channels_last'"):
        cost.of_layer(layer, (3, 8, 8))
