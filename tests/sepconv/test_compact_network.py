"""Compact networks have the layers, the sizes and the parameters that their arguments say."""

import itertools

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sepconv import models
from sepconv.folding import fold_batch_normalization

IMAGES = np.random.default_rng(0).random((4, 28, 28, 1), dtype="float32")


def by_hand(filters, kernel_size=3):
    """Count weights: of a plain convolution, separable layers and one dense layer, with biases."""
    first, last = filters[0], filters[-1]
    pairs = itertools.pairwise(filters)
    separable = sum(kernel_size**2 * a + a * b + b for a, b in pairs)
    return 9 * first + first + separable + 10 * last + 10


@settings(max_examples=8, deadline=None)
@given(
    filters=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    kernel_size=st.sampled_from([3, 5]),
    residual=st.booleans(),
    activation=st.sampled_from(["silu", "leaky_relu"]),
    pooling=st.sampled_from(["max", "avg"]),
)
def test_parameters_are_counted_by_hand_and_folding_leaves_those_without_normalization(
    filters, kernel_size, residual, activation, pooling
):
    shape = {"kernel_size": kernel_size, "residual": residual, "activation": activation, "pooling": pooling}
    plain, normalized = (
        models.compact_network(filters, normalization=kind, **shape) for kind in (None, "batch")
    )
    assert plain.count_params() == by_hand(filters, kernel_size)
    assert normalized.count_params() == plain.count_params() + 3 * sum(filters)
    folded = fold_batch_normalization(normalized)
    assert folded.count_params() == plain.count_params()
    np.testing.assert_allclose(folded(IMAGES), normalized(IMAGES, training=False), atol=1e-5)
    added = sum(isinstance(layer, keras.layers.Add) for layer in normalized.layers)
    assert added == (sum(a == b for a, b in itertools.pairwise(filters)) if residual else 0)


def test_the_published_network_of_697_parameters_is_one_of_them():
    """Of Parameter-Efficient-MNIST: one pooling, then layers that shrink the map."""
    network = models.compact_network(
        (6, 5, 9, 10, 8), padding="valid", residual=False, normalization=None, activation="leaky_relu"
    )
    assert network.count_params() == 697
    sizes = [layer.output.shape[1] for layer in network.layers if layer.name.startswith("layer")]
    assert sizes == [28, 12, 10, 8, 6]


def test_a_layer_that_is_used_several_times_counts_once():
    once, thrice = (models.compact_network((3, 4, 4), uses=uses, normalization="layer") for uses in (1, 3))
    assert once.count_params() == thrice.count_params() == by_hand((3, 4, 4))
    last = thrice.get_layer("layer2")
    assert len(last._inbound_nodes) == 3
    x = thrice.get_layer("activation1").output
    before = keras.Model(thrice.inputs[0], x)(IMAGES)
    for _ in range(3):
        y = np.asarray(last(before))
        y = (y - y.mean((1, 2, 3), keepdims=True)) / np.sqrt(y.var((1, 2, 3), keepdims=True) + 1e-3)
        before = np.asarray(keras.ops.silu(y + np.asarray(before)))
    scores = before.mean((1, 2)) @ thrice.layers[-1].get_weights()[0] + thrice.layers[-1].get_weights()[1]
    np.testing.assert_allclose(thrice(IMAGES), keras.ops.softmax(scores), atol=1e-5)


def test_pooling_stands_where_it_is_asked_for():
    network = models.compact_network((2, 3, 4), pooled=(0, 2))
    assert [layer.name for layer in network.layers if "pool" in layer.name] == ["pool0", "pool2"]
    assert network.get_layer("mean").input.shape[1] == 7


@pytest.mark.parametrize(("pooling", "of"), [("max", np.max), ("avg", np.mean)])
def test_pooling_takes_the_maximum_or_the_mean_of_each_square_of_four(pooling, of):
    network = models.compact_network((2, 3), pooling=pooling, activation="relu", normalization=None)
    conv = network.get_layer("layer0")
    maps, pooled, read = (
        np.asarray(keras.Model(network.inputs[0], tensor)(IMAGES))
        for tensor in (conv.output, network.get_layer("pool0").output, network.get_layer("layer1").input)
    )
    maps = np.maximum(maps, 0)
    squares = [maps[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    np.testing.assert_allclose(read, of(squares, axis=0), atol=1e-6)
    np.testing.assert_allclose(np.maximum(pooled, 0), read, atol=1e-6)


def test_layers_shrink_the_map_as_their_own_padding_and_dilation_say():
    padding, dilation = ("same", "valid", "valid", "valid"), (2, 1, 2, 3)
    network = models.compact_network((2, 3, 4, 5, 6), padding=padding, dilation_rate=dilation)
    assert [network.get_layer(f"layer{i}").output.shape[1] for i in range(5)] == [28, 14, 12, 8, 2]
    assert network.count_params() == by_hand((2, 3, 4, 5, 6)) + 3 * (2 + 3 + 4 + 5 + 6)


def test_without_a_dense_layer_the_means_of_the_last_maps_are_the_scores():
    network = models.compact_network((3, 10), padding="valid", dense=False, normalization=None)
    assert network.count_params() == by_hand((3, 10)) - (10 * 10 + 10)
    maps = keras.Model(network.inputs[0], network.get_layer("layer1").output)(IMAGES)
    np.testing.assert_allclose(network(IMAGES), keras.ops.softmax(np.mean(maps, (1, 2))), atol=1e-6)


def test_no_scale_becomes_negative_so_that_pooling_never_keeps_a_norm_from_being_folded():
    network = models.compact_network((2, 3), normalization="batch")
    network.compile("sgd", "sparse_categorical_crossentropy")
    for norm in (layer for layer in network.layers if layer.name.startswith("norm")):
        norm.gamma.assign(np.full(norm.gamma.shape, -1, "float32"))
    network.fit(IMAGES, np.zeros(len(IMAGES)), verbose=0)
    folded = fold_batch_normalization(network)
    assert not [layer for layer in folded.layers if isinstance(layer, keras.layers.BatchNormalization)]
    np.testing.assert_allclose(folded(IMAGES), network(IMAGES, training=False), atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"filters": (8,)}, "filters must have two entries"),
        ({"filters": (8, 9), "uses": 2}, "end with two equal ones"),
        ({"filters": (8, 8), "uses": 0}, "uses=0"),
        ({"padding": ["same", "valid"]}, "padding must be one value or 4, one for each separable layer"),
        ({"dilation_rate": (1, 2, 3)}, "dilation_rate must be one value or 4"),
        ({"filters": (8, 9), "dense": False}, r"filters must end with 10 where dense is False, got \(8, 9\)"),
        ({"pooling": "average"}, "pooling must be one of 'max', 'avg', got 'average'"),
        ({"normalization": "group"}, "normalization must be one of 'batch', 'layer', None, got 'group'"),
    ],
)
def test_what_cannot_be_built_is_named(arguments, says):
    with pytest.raises(ValueError, match=says):
        models.compact_network(**arguments)
