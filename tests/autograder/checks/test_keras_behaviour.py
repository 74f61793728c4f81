import keras
import numpy as np
import pytest
from keras import layers

from autograder import checks
from autograder.checks import keras_behaviour
from autograder.checks.case import Case
from autograder.checks.difference import difference
from autograder.checks.known_networks import MadeNetwork
from autograder.checks.outcome import outcome_of

X = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")


def model_of(*stack):
    return keras.Sequential([keras.Input(X.shape[1:]), *stack])


def of(*stack, seed=0):
    return keras_behaviour.of(model_of(*stack), X, seed)


SEPARABLE_FORMS = [
    lambda: [layers.SeparableConv2D(4, 3, padding="same")],
    lambda: [layers.DepthwiseConv2D(3, padding="same", use_bias=False), layers.Conv2D(4, 1)],
    lambda: [layers.Conv2D(3, 3, padding="same", groups=3, use_bias=False), layers.Conv2D(4, 1)],
    lambda: [layers.DepthwiseConv2D(3, padding="same", use_bias=False), layers.Dense(4)],
    lambda: [keras.Sequential([keras.Sequential([layers.SeparableConv2D(4, 3, padding="same")])])],
]


@pytest.mark.parametrize("form", SEPARABLE_FORMS[1:])
def test_the_same_operation_does_the_same_whatever_layers_it_is_made_of(form):
    one, other = of(*SEPARABLE_FORMS[0]()), of(*form())
    assert one[checks.PARAMETERS] == other[checks.PARAMETERS] == 9 * 3 + 3 * 4 + 4
    assert one[checks.SHAPE] == other[checks.SHAPE] == (5, 6, 4)
    for aspect in (checks.INFERENCE, checks.TRAINING):
        np.testing.assert_allclose(one[aspect], other[aspect], atol=1e-5)


def test_several_kernels_for_a_channel_come_in_the_same_order_in_every_form():
    separable = of(layers.SeparableConv2D(4, 3, depth_multiplier=2))
    grouped = of(layers.Conv2D(6, 3, groups=3, use_bias=False), layers.Conv2D(4, 1))
    np.testing.assert_allclose(separable[checks.INFERENCE], grouped[checks.INFERENCE], atol=1e-5)


def test_other_operations_other_weights_and_other_seeds_do_something_else():
    one = of(layers.SeparableConv2D(4, 3, padding="same"))[checks.INFERENCE]
    assert not np.allclose(one, of(layers.Conv2D(4, 3, padding="same"))[checks.INFERENCE], atol=0.1)
    assert not np.allclose(
        one, of(layers.SeparableConv2D(4, 3, padding="same", activation="relu"))[checks.INFERENCE], atol=0.1
    )
    assert not np.allclose(
        one, of(layers.SeparableConv2D(4, 3, padding="same"), seed=1)[checks.INFERENCE], atol=0.1
    )
    twice = model_of(layers.Conv2D(3, 3), layers.Conv2D(3, 3))
    keras_behaviour.give_known_weights(twice)
    assert not np.allclose(*(layer.get_weights()[0] for layer in twice.layers), atol=0.1)


def test_normalization_uses_the_batch_in_training_and_the_moving_statistics_in_inference():
    found = of(layers.BatchNormalization())
    gamma, beta, mean, variance = (
        keras_behaviour.known_values(role, (3,))
        for role in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    axes = (0, 1, 2)
    inference = gamma * (X - mean) / np.sqrt(variance + 1e-3) + beta
    training = gamma * (X - X.mean(axes)) / np.sqrt(X.var(axes) + 1e-3) + beta
    np.testing.assert_allclose(found[checks.INFERENCE], inference, atol=1e-4)
    np.testing.assert_allclose(found[checks.TRAINING], training, atol=1e-4)
    assert (variance > 0).all()


def normalized(**options):
    return of(layers.Conv2D(4, 3), layers.BatchNormalization(**options))


def test_a_batch_in_training_moves_the_kept_statistics_as_the_momentum_says():
    found, known = normalized(), keras_behaviour.KnownWeights(0)
    x = of(layers.Conv2D(4, 3))[checks.INFERENCE]
    np.testing.assert_allclose(known.normalized(x, training=True), found[checks.TRAINING], atol=1e-4)
    np.testing.assert_allclose(np.concatenate(known.moved), found[checks.MOVED], atol=1e-5)
    assert of(layers.Conv2D(4, 3))[checks.MOVED].shape == (0,)


@pytest.mark.parametrize("momentum", [0.1, 0.9, 0.98, 0.995, 0.999])
def test_another_momentum_shows_in_nothing_but_the_kept_statistics(momentum):
    right, other = normalized(), normalized(momentum=momentum)
    for aspect in right:
        assert bool(difference(right[aspect], other[aspect], tolerance=20)) is (aspect == checks.MOVED)


def untold(training):
    inputs = keras.Input(X.shape[1:])
    outputs = layers.BatchNormalization()(layers.Conv2D(4, 3)(inputs), training=training)
    return keras_behaviour.of(keras.Model(inputs, outputs), X)[checks.UNTOLD]


def test_a_training_that_is_baked_in_shows_where_nobody_gives_it():
    assert [untold(training) for training in (None, False, True)] == [
        keras_behaviour.AS_INFERENCE,
        keras_behaviour.AS_INFERENCE,
        keras_behaviour.AS_TRAINING,
    ]


def test_layers_are_named_in_words():
    words = keras_behaviour.in_words(
        model_of(
            layers.Conv2D(8, (3, 5), strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            keras.Sequential([layers.DepthwiseConv2D(3, use_bias=False)]),
            layers.Dense(2),
        )
    )
    assert words == (
        "Conv2D(8 filters, 3×5, strides 2, same, relu) → BatchNormalization → "
        "DepthwiseConv2D(3×3, strides 1, valid, no bias) → Dense(2 units)"
    )


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (layers.BatchNormalization, "BatchNormalization"),
        (lambda: layers.BatchNormalization(momentum=0.1, epsilon=1e-5), "(momentum 0.1, epsilon 1e-05)"),
        (lambda: layers.BatchNormalization(scale=False, trainable=False), "(scale False, not trainable)"),
        (lambda: layers.Conv2D(3, 3), "Conv2D(3 filters, 3×3, strides 1, valid)"),
        (lambda: layers.Conv2D(3, 3, dilation_rate=2), "valid, dilation_rate 2×2)"),
        (lambda: layers.SeparableConv2D(3, 3, depth_multiplier=2), "valid, depth_multiplier 2)"),
        (lambda: layers.Conv2D(3, 3, groups=3, use_bias=False), "valid, no bias, groups 3)"),
        (lambda: layers.ZeroPadding2D(2), "ZeroPadding2D(padding 2×2×2×2)"),
        (lambda: layers.ReLU(max_value=6), "ReLU(max_value 6)"),
        (lambda: layers.MaxPooling2D(3, strides=2), "MaxPooling2D(strides 2, valid, pool_size 3×3)"),
        (lambda: layers.Dropout(0.5), "Dropout(rate 0.5)"),
        (lambda: layers.UpSampling2D(2, interpolation="bilinear"), "(interpolation bilinear)"),
    ],
)  # fmt: skip
def test_arguments_that_are_not_defaults_are_named(layer, words):
    assert keras_behaviour.in_words(model_of(layer())).endswith(words)


# What checks says of layers and models

CASE = checks.Case(
    "block",
    {"filters": 4},
    of(layers.Conv2D(4, 3, activation="relu")),
    mistakes={"no relu": checks.Mistake(of(layers.Conv2D(4, 3)), "Look at the activation.")},
    how="layer",
    x=X,
)
MODEL_CASE = checks.Case("network", {"filters": 4}, CASE.expected, how="model", x=X)


def message(function, case, **options):
    with pytest.raises(AssertionError) as caught:
        checks.agrees(function, case, **options)
    lines = str(caught.value).splitlines()
    assert max(map(len, lines)) <= 80
    return " ".join(line.strip() for line in lines)


def test_a_right_layer_and_a_right_model_pass():
    checks.agrees(lambda x, filters: layers.Conv2D(filters, 3, activation="relu")(x), CASE)
    checks.agrees(lambda x, filters: layers.ReLU()(layers.Conv2D(filters, (3, 3))(x)), CASE)
    checks.agrees(lambda filters: model_of(layers.Conv2D(filters, 3, activation="relu")), MODEL_CASE)
    unbuilt = [layers.Conv2D(4, 3, activation="relu")]
    checks.agrees(lambda filters: keras.Sequential(unbuilt), MODEL_CASE)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda x, filters: layers.Conv2D(filters, 3)(x), "known mistake: no relu. Look at the activation."),
        (
            lambda x, filters: layers.Conv2D(filters, 3)(x),
            "Output in inference: the shape (2, 3, 4, 4) is right",
        ),
        (lambda x, filters: layers.Conv2D(5, 3)(x), "Number of parameters: expected 112, came 140"),
        (
            lambda x, filters: layers.Conv2D(filters, 3, padding="same")(x),
            "Shape of the output: expected (3, 4, 4), came (5, 6, 4)",
        ),
        (lambda x, filters: layers.Conv2D(5, 3)(x), "Your layers: Conv2D(5 filters, 3×3, strides 1, valid)."),
        (lambda x, filters: None, "came None. Is a `return` missing?"),
        (lambda x, filters: layers.Conv2D(filters, 3), "came a Conv2D itself. A layer gives its tensor when"),
        (lambda x, filters: np.ones(3), "came float64 array of shape (3,)"),
        (lambda x, filters: (x, x), "came something of type tuple"),
        (lambda x, filters: layers.Conv2D(filters, 9)(x), "Raised ValueError"),
    ],
)
def test_each_kind_of_wrong_layer_has_its_own_sentence(wrong, sentence):
    said = message(wrong, CASE)
    assert said.startswith("block(an input of shape (5, 6, 3), filters=4):")
    assert sentence in said


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda filters: None, "Expected a Keras model, came None. Is a `return` missing?"),
        (lambda filters: keras.Input((5, 6, 3)), "A model is made from both its ends"),
        (lambda filters: layers.Conv2D(4, 3), "Expected a Keras model, came something of type Conv2D."),
        (lambda filters: model_of(layers.Conv2D(4, 3)), "Output in inference: the shape"),
    ],
)
def test_each_kind_of_wrong_model_has_its_own_sentence(wrong, sentence):
    assert sentence in message(wrong, MODEL_CASE)


def test_only_the_aspects_asked_for_count():
    def no_relu(x, filters):
        return layers.Conv2D(filters, 3)(x)

    checks.agrees(no_relu, CASE, aspects=[checks.SHAPE, checks.PARAMETERS])
    assert "no relu" in message(no_relu, CASE, aspects=[checks.INFERENCE])


def test_what_does_the_same_as_the_students_earlier_layer_is_right_if_its_shape_or_size_is():
    def earlier(x, filters):
        return layers.Conv2D(filters, 3, activation="tanh")(x)

    def unwritten(x, filters):
        raise NotImplementedError

    def larger(x, filters):
        return layers.Conv2D(filters, 3, padding="same")(x)

    checks.agrees(earlier, CASE, or_like=earlier)
    checks.agrees(larger, CASE, or_like=larger)
    checks.agrees(larger, CASE, aspects=[checks.SHAPE], or_like=larger)
    message(larger, CASE, or_like=earlier)
    message(lambda x, filters: layers.Conv2D(filters, 3)(x), CASE, or_like=earlier)
    message(lambda x, filters: x, CASE, or_like=lambda x, filters: x)
    checks.agrees(lambda x, filters: x, CASE, or_like=lambda x, filters: x, with_right=())
    said = message(earlier, CASE, or_like=unwritten)
    assert "not answered" not in said


def test_a_small_slip_costs_nothing_where_another_part_has_taken_points_for_it():
    def no_relu(x, filters):
        return layers.Conv2D(filters, 3)(x)

    def wider(x, filters):
        return layers.Conv2D(filters + 1, 3)(x)

    found = checks.slips(no_relu, [CASE], ["no relu", "another"])
    assert found == {"no relu"}
    checks.agrees(no_relu, CASE, but_for=found)
    message(wider, CASE, but_for=found)
    assert not checks.slips(no_relu, [CASE], ["another"])
    assert not checks.slips(wider, [CASE], ["no relu"])
    assert not checks.slips(lambda x, filters: layers.Conv2D(filters, 3, activation="relu")(x), [CASE], found)


def test_what_follows_counts_where_a_layer_is_right_but_for_one_slip_and_where_its_weights_are_right():
    def layer(**options):
        return lambda x, filters: layers.Conv2D(filters, 3, **options)(x)

    nearly = [layer(), layer(padding="same"), layer(activation="tanh", strides=2)]
    assert all(checks.nearly_right(one, [CASE], ["no relu"]) for one in nearly)
    idle = [
        lambda x, filters: x, lambda x, filters: layers.Conv2D(filters, 1)(x), lambda x, filters: None,
        lambda x, filters: layers.Lambda(lambda y: y)(x), layer(use_bias=False),
    ]  # fmt: skip
    assert not any(checks.nearly_right(one, [CASE], ["no relu"]) for one in idle)


def test_a_graph_that_draws_random_numbers_is_made_at_each_look_and_draws_the_same():
    case = checks.Case("noisy", {}, None, how="layer", x=np.ones((2, 4, 4, 3), "float32"))
    made = []

    def noisy(x):
        made.append(keras.layers.Dropout(0.5)(keras.layers.GaussianNoise(1.0)(x)))
        return made[-1]

    looks = [outcome_of(noisy, case).result for _ in range(3)]
    assert len(made) == 3
    for aspect in (checks.INFERENCE, checks.TRAINING):
        assert len({look[aspect].tobytes() for look in looks}) == 1
    assert (looks[0][checks.TRAINING] != looks[0][checks.INFERENCE]).any()


def test_layers_that_draw_at_random_draw_the_same_in_graphs_of_the_same_layers():
    one, other = (of(layers.Dropout(0.5), layers.Dense(3), layers.Dropout(0.2)) for _ in range(2))
    np.testing.assert_array_equal(one[checks.TRAINING], other[checks.TRAINING])
    assert difference(of(layers.Dense(3))[checks.TRAINING], one[checks.TRAINING])
    again = of(layers.Dropout(0.5), layers.Dense(3), layers.Dropout(0.2), seed=1)
    assert difference(again[checks.TRAINING], one[checks.TRAINING])


def test_a_layer_can_be_tried_on_an_input_whose_size_is_open():
    def of_known_size(x):
        return layers.Resizing(2 * x.shape[1], 2 * x.shape[2])(x)

    expected = keras_behaviour.expected(lambda x, known, training: x.repeat(2, 1).repeat(2, 2), X, 0)
    case = checks.Case("doubled", {}, expected, how="layer", x=X, any_size=True)
    checks.agrees(layers.UpSampling2D(2), case)
    with pytest.raises(AssertionError, match=r"an input of shape \(None, None, 3\)"):
        checks.agrees(of_known_size, case)


# What may come where a network of a layer and its inputs should.
OTHER_NETWORKS = {
    "a layer alone": lambda: layers.Dense(2),
    "a network without a shape": lambda: keras.Sequential([layers.Dense(2)]),
    "a network for another shape": lambda: keras.Sequential([keras.Input((None, None, 3)), layers.Dense(2)]),
    "a network for another type": lambda: keras.Sequential([keras.Input(X.shape[1:], dtype="int32")]),
    "no network": lambda: None,
}


@pytest.mark.parametrize("name", OTHER_NETWORKS)
def test_a_network_that_was_made_for_other_inputs_is_no_answer(name):
    right = keras.Sequential([keras.Input(X.shape[1:]), layers.Dense(2)])
    case = Case("layer", {}, keras_behaviour.of(right, X), how="layer", x=X)
    outcome = outcome_of(lambda x: MadeNetwork(right), case)
    assert difference(case.expected, outcome.result) is None
    with pytest.raises(AssertionError, match=r"does not\s+depend on the given one alone"):
        outcome_of(lambda x: MadeNetwork(OTHER_NETWORKS[name]()), case)
