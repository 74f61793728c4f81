"""The blocks after Xception are those of Keras' own networks and of their papers."""

import keras
import numpy as np
import pytest

from sepconv import blocks, cost, ops

rng = np.random.default_rng(0)


def randomize(model):
    """Give every weight a value of its own, moving statistics included."""
    for weight in model.weights:
        weight.assign(rng.uniform(0.5, 1.5, weight.shape) * (1 if weight.ndim == 1 else 0.2))


def between(model, first, last):
    """Part of a model from the input of one layer to the output of another."""
    return keras.Model(model.get_layer(first).input, model.get_layer(last).output)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_channel_shuffle_equals_ops_and_is_undone_by_its_counterpart(groups):
    x = rng.normal(size=(2, 3, 4, 6)).astype("float32")
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, blocks.channel_shuffle(inputs, groups))
    shuffled = ops.channel_shuffle(x, groups)
    np.testing.assert_array_equal(model(x), shuffled)
    np.testing.assert_array_equal(ops.channel_shuffle(shuffled, 6 // groups), x)


def test_channel_shuffle_deals_the_groups_out():
    x = np.arange(6.0).reshape(1, 1, 1, 6)
    assert ops.channel_shuffle(x, 2).ravel().tolist() == [0, 3, 1, 4, 2, 5]
    assert ops.channel_shuffle(x, 3).ravel().tolist() == [0, 2, 4, 1, 3, 5]


@pytest.mark.parametrize("groups", [0, 4, 7])
def test_channel_shuffle_refuses_groups_that_do_not_divide(groups):
    with pytest.raises(ValueError, match=f"got groups={groups} for 6"):
        ops.channel_shuffle(np.zeros((1, 2, 2, 6)), groups)
    with pytest.raises(ValueError, match=f"got groups={groups} for 6 channels"):
        blocks.channel_shuffle(keras.Input((2, 2, 6)), groups)


@pytest.mark.parametrize(
    ("last", "strides", "filters"),
    [("block_1_project_BN", 2, 24), ("block_2_add", 1, 24), ("block_10_project_BN", 1, 96)],
)
def test_inverted_residual_computes_what_keras_mobilenetv2_does(last, strides, filters):
    whole = keras.applications.MobileNetV2((32, 32, 3), weights=None, include_top=False)
    first = f"{last.rpartition('_')[0].removesuffix('_project')}_expand"
    theirs = between(whole, first, last)
    inputs = keras.Input(theirs.input_shape[1:])
    ours = keras.Model(inputs, blocks.inverted_residual(inputs, filters, strides=strides))
    randomize(ours)
    theirs.set_weights(ours.get_weights())
    x = rng.normal(size=(2, *inputs.shape[1:])).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-4, atol=1e-4)


def test_inverted_residual_without_expansion_has_no_first_convolution():
    inputs = keras.Input((8, 8, 32))
    model = keras.Model(inputs, blocks.inverted_residual(inputs, 16, expansion=1))
    whole = keras.applications.MobileNetV2((32, 32, 3), weights=None, include_top=False)
    theirs = between(whole, "expanded_conv_depthwise", "expanded_conv_project_BN")
    assert model.count_params() == theirs.count_params()


def test_a_convnext_block_is_keras_own_but_for_layer_scale():
    whole = keras.applications.ConvNeXtTiny(weights=None, include_top=False, input_shape=(32, 32, 3))
    name = "convnext_tiny_stage_0_block_0"
    inputs = keras.Input((8, 8, 96))
    ours = keras.Model(inputs, blocks.convnext_block(inputs))
    of_theirs = [layer for layer in whole.layers if layer.name.startswith(name)]
    assert ours.count_params() == sum(layer.count_params() for layer in of_theirs) - 96
    randomize(ours)
    weights = [weight for layer in of_theirs for weight in layer.weights]
    for weight, value in zip(weights, [*ours.get_weights(), np.ones(96)], strict=True):
        weight.assign(np.reshape(value, weight.shape))  # a layer scale of one does nothing
    x = rng.normal(size=(2, 8, 8, 96)).astype("float32")
    y = x
    for layer in of_theirs:
        y = layer(y)
    np.testing.assert_allclose(ours(x), x + y, rtol=1e-3, atol=1e-3)


def test_shuffle_units_make_the_network_of_the_paper():
    """The paper's table 1 gives 137 MFLOPs for ShuffleNet 1x with three groups."""
    inputs = keras.Input((224, 224, 3))
    x = keras.layers.Conv2D(24, 3, strides=2, padding="same", use_bias=False)(inputs)
    x = keras.layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for filters, repeats in ((240, 4), (480, 8), (960, 4)):
        x = blocks.shuffle_unit(x, filters, strides=2, group_first=filters > 240)
        for _ in range(repeats - 1):
            x = blocks.shuffle_unit(x, filters)
    x = keras.layers.GlobalAveragePooling2D()(x)
    report = cost.of_model(keras.Model(inputs, keras.layers.Dense(1000)(x)))
    assert report.unknown == ()
    assert report.macs == pytest.approx(137e6, rel=0.01)


def test_a_shuffle_unit_computes_what_numpy_does():
    inputs = keras.Input((6, 6, 12))
    model = keras.Model(inputs, blocks.shuffle_unit(inputs, 12))
    randomize(model)
    x = rng.normal(size=(2, 6, 6, 12)).astype("float32")
    convolutions = [layer for layer in model.layers if hasattr(layer, "kernel_size")]
    first, depthwise, last = (layer.get_weights()[0] for layer in convolutions)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]

    def normalize(y, norm):
        gamma, beta, mean, variance = norm.get_weights()
        return ops.batch_normalization(y, mean, variance, beta, gamma, norm.epsilon)

    y = np.maximum(normalize(ops.conv2d(x, first, groups=3), norms[0]), 0)
    y = ops.channel_shuffle(y, 3)
    y = normalize(ops.depthwise_conv2d(y, depthwise, padding="same"), norms[1])
    y = normalize(ops.conv2d(y, last, groups=3), norms[2])
    np.testing.assert_allclose(model(x), np.maximum(x + y, 0), rtol=1e-4, atol=1e-4)


def test_a_shuffle_unit_with_strides_keeps_the_pooled_input():
    inputs = keras.Input((6, 6, 12))
    model = keras.Model(inputs, blocks.shuffle_unit(inputs, 24, strides=2))
    assert model.output_shape == (None, 3, 3, 24)
    x = rng.uniform(size=(1, 6, 6, 12)).astype("float32")
    pooled = keras.layers.AveragePooling2D(3, strides=2, padding="same")(x)
    np.testing.assert_allclose(model(x)[..., :12], pooled, atol=1e-5)
    with pytest.raises(ValueError, match="must be the 12 channels of x with strides of 1, got 24"):
        blocks.shuffle_unit(inputs, 24)
