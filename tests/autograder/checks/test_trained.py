"""A trained network is read or refused in one sentence, with the engine and without."""

import keras
import numpy as np
import pytest
from keras import layers

from autograder.checks import trained
from autograder.checks.grader import Grader, graded_by
from autograder.checks.trained import ModelRefused, trained_model
from tests.autograder.checks.model_files import BAD, GOOD, LIMIT, PARAMETERS, SIZE, network, saved

ASKED = {
    "max_bytes": LIMIT,
    "max_parameters": PARAMETERS,
    "input_shape": SIZE,
    "output_shape": (10,),
    "layers": ("Conv2D", "Dense", "GlobalAveragePooling2D", "Rescaling"),
}
FILE = "challenge.keras"


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_gives_the_network(name, tmp_path):
    (tmp_path / FILE).write_bytes(GOOD[name]())
    model = trained_model(tmp_path / FILE, **ASKED)
    same = keras.saving.load_model(tmp_path / FILE, compile=False)
    x = np.random.default_rng(0).random((2, *SIZE), "float32")
    np.testing.assert_allclose(model(x), same(x), atol=1e-6)
    assert not model.compiled


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_line_with_its_reason(name, tmp_path, capfd):
    make, reason = BAD[name]
    if (content := make()) is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ModelRefused) as refused:
        trained_model(tmp_path / FILE, **ASKED)
    text = str(refused.value)
    assert reason in text
    assert FILE in text
    assert "\n" not in text
    assert isinstance(refused.value, AssertionError)
    assert "a pickle was read" not in capfd.readouterr().out


@pytest.mark.parametrize("sizes", [((28, 28, 3), (10,)), ((28, 28), (10,)), (SIZE, (10, 1)), (SIZE, (9,))])
def test_shapes_must_be_those_that_are_asked_for(sizes, tmp_path):
    (tmp_path / FILE).write_bytes(GOOD["plain"]())
    with pytest.raises(ModelRefused, match="of shape"):
        trained_model(tmp_path / FILE, input_shape=sizes[0], output_shape=sizes[1])


def test_without_conditions_any_network_of_keras_layers_is_taken(tmp_path):
    (tmp_path / FILE).write_bytes(BAD["too many parameters"][0]())
    assert trained_model(tmp_path / FILE).count_params() > PARAMETERS


def open_to_any_size(end):
    """Build a network that a function of its one feature map ends."""
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(3, 3, padding="same")(inputs)
    return keras.Model(inputs, end(x))


SLOPES = [number / 100 for number in range(1, 31)]
LEARNED_ELSEWHERE = {
    "a scale": lambda: network(layers.Rescaling(0.37)),
    "a list of scales": lambda: network(layers.Rescaling(np.linspace(0, 1, 28).reshape(28, 1).tolist())),
    "a scale in a model inside": lambda: network(
        keras.Sequential([keras.Input(SIZE), layers.Rescaling([0.37])])
    ),
    "a scale in a wrapper": lambda: network(layers.TimeDistributed(layers.Rescaling(0.37))),
    "means and variances": lambda: network(
        layers.Normalization(mean=[0.3] * 28, variance=[0.1] * 28, axis=2)
    ),
    "an equation": lambda: network(layers.EinsumDense("abcd,de->abce", (28, 28, 2))),
    "a factor for each map": lambda: open_to_any_size(lambda x: x * np.float32([0.1, 0.2, 0.3])),
    "signs for each map": lambda: open_to_any_size(lambda x: x * np.float32([1, -1, 1])),
    "numbers to choose by": lambda: open_to_any_size(lambda x: keras.ops.take(x, [2, 0, 1], axis=3)),
    "many slopes": lambda: network(*[layers.LeakyReLU(slope) for slope in SLOPES]),
    "many whole slopes": lambda: network(*[layers.ReLU(threshold=slope) for slope in range(30)]),
    "many epsilons": lambda: network(*[layers.BatchNormalization(epsilon=slope) for slope in SLOPES]),
    "many factors": lambda: open_to_any_size(
        lambda x: keras.ops.concatenate([slope * x for slope in SLOPES])
    ),
}
LEARNED_IN_WEIGHTS = {
    "usual layers": lambda: network(
        layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2", kernel_initializer="he_normal"),
        layers.BatchNormalization(momentum=0.9),
        layers.LeakyReLU(0.1),
        layers.SpatialDropout2D(0.25),
        layers.PReLU(shared_axes=[1, 2]),
    ),
    "a numbers' table": lambda: keras.Sequential(
        [keras.Input((5,)), layers.Embedding(20, 4), layers.LSTM(6), layers.Dense(2)]
    ),
    "operations on tensors": lambda: open_to_any_size(
        lambda x: keras.ops.image.resize(
            keras.ops.concatenate([keras.ops.relu(x), x * x, x / 2, keras.ops.tanh(x)]),
            (16, 16),
        )
    ),
    "a skip connection": lambda: open_to_any_size(
        lambda x: layers.Concatenate()([layers.UpSampling2D(2)(layers.MaxPooling2D()(x)), x])
    ),
}


@pytest.mark.parametrize("name", LEARNED_ELSEWHERE)
def test_what_holds_numbers_beside_its_weights_is_refused_by_default(name, tmp_path):
    (tmp_path / FILE).write_bytes(saved(LEARNED_ELSEWHERE[name]()))
    with pytest.raises(ModelRefused, match=r"numbers|a __numpy__ in it|only Keras' built-in"):
        trained_model(tmp_path / FILE)


@pytest.mark.parametrize("name", LEARNED_IN_WEIGHTS)
def test_networks_as_students_make_them_are_taken_by_default(name, tmp_path):
    (tmp_path / FILE).write_bytes(saved(LEARNED_IN_WEIGHTS[name]()))
    trained_model(tmp_path / FILE)


def test_a_layer_that_is_named_is_allowed_again(tmp_path):
    (tmp_path / FILE).write_bytes(saved(network(layers.Rescaling([0.5]))))
    assert trained_model(tmp_path / FILE, layers=("Rescaling", "Dense", "GlobalAveragePooling2D"))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"config": "{}", "weights": []},
        {"config": b"{}", "weights": []},
        {"config": b"[" * 200, "weights": []},
        {"config": b"{}", "weights": [np.zeros(200_000)]},
        {"config": b" " * 500_000, "weights": []},
        {"config": b"{}", "weights": [np.array(["x"])]},
        {"config": b'{"class_name": "Lambda", "module": "keras.layers", "config": {}}', "weights": []},
        {
            "config": b'{"class_name": "Dense", "module": "keras.layers", "config": {"units": 2}}',
            "weights": [],
        },
        {"refused": 5},
        {"refused": "x" * 10**6},
    ],
)
def test_whatever_a_worker_says_ends_in_a_refusal(answer):
    judge = Grader(open_model=lambda path, max_bytes: answer)
    with graded_by(judge), pytest.raises(ModelRefused) as refused:
        trained_model(FILE, **ASKED)
    assert len(str(refused.value)) <= trained.MAX_REASON + 100


def call(file):
    return f"trained_model({file!r}, **{ASKED!r})"


ROOM = {"call_seconds": 20, "question_seconds": 60, "cell_seconds": 20, "submission_seconds": 200,
        "memory_bytes": 2**30}  # fmt: skip
HELPER = "import numpy as np\nfrom autograder.checks.trained import ModelRefused, trained_model"


@pytest.mark.slow
def test_the_engine_takes_and_refuses_the_same_files_with_the_same_words(graded_with_keras, tmp_path):
    own, words, tests = tmp_path / "own", [], []
    for number, (make, _) in enumerate(BAD.values()):
        folder = own / str(number)
        folder.mkdir(parents=True)
        if (content := make()) is not None:
            (folder / FILE).write_bytes(content)
        with pytest.raises(ModelRefused) as refused:
            trained_model(folder / FILE, **ASKED)
        words.append(str(refused.value))
        tests.append(call(f"{number}/{FILE}"))
    for name, make in GOOD.items():
        (own / f"{name}.keras").write_bytes(make())
        tests.append(
            "model = " + call(f"{name}.keras") + "\nassert model(np.zeros((1, 28, 28, 1))).shape == (1, 10)"
        )
    result = graded_with_keras("x = 1", *tests, helper=HELPER, own=own, **ROOM)
    assert [message.partition(" (")[0] for message in result.messages[: len(words)]] == [
        text.partition(" (")[0] for text in words
    ]
    assert result.scores == [0] * len(words) + [1] * len(GOOD)
    assert result.statuses[: len(words)] == ["failed"] * len(words)


def test_a_refused_file_is_worth_a_look_and_a_missing_one_is_not():
    looks = []
    for answer in ({"refused": "too large"}, {"refused": "there is none", "missing": True}, {}):
        judge = Grader(open_model=lambda path, max_bytes, answer=answer: answer, looks=looks)
        with graded_by(judge), pytest.raises(ModelRefused):
            trained_model(FILE, **ASKED)
    assert looks == ["too large", f"{FILE} is refused: it is damaged"]
    with pytest.raises(trained.ModelMissing):
        trained._content("nowhere.keras", FILE, 10)


LIES = {
    "{'config': b'x', 'weights': [np.zeros(10**6)]}": "larger than",
    "{'config': b'{}', 'weights': [object()]}": "no numbers",
    "object()": "damaged",
    "keras.Sequential([keras.Input((28, 28, 1))])": "damaged",
    "os._exit(0)": "ended",
}
LYING = f"""
import os, keras, autograder.checks.trained, autograder.execution.worker, numpy as np
lies = [{", ".join(f"lambda: {lie}" for lie in LIES)}]
def lie(path, max_bytes): return lies[int(path)]()
autograder.checks.trained.opened = lie
autograder.execution.worker.OPERATIONS["open model"] = lie
"""


@pytest.mark.slow
def test_a_worker_that_lies_about_its_file_gets_nothing(graded_with_keras):
    tests = [call(str(number)) for number in range(len(LIES))]
    result = graded_with_keras(LYING, *tests, "assert True", helper=HELPER, **ROOM)
    assert result.scores == [0] * len(LIES) + [1]
    for said, message in zip(LIES.values(), result.messages, strict=False):
        assert said in message


def test_the_size_of_a_file_that_was_handed_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelRefused, match="there is no file challenge"):
        trained.file_size(FILE)
    content = saved(network())
    (tmp_path / FILE).write_bytes(content)
    assert trained.file_size(FILE) == len(content)
    with pytest.raises(ModelRefused, match="at most 100 are allowed"):
        trained.file_size(FILE, max_bytes=100)
    for lie in ({"bytes": True}, {"bytes": 10**9}, {"bytes": "many"}, {}, None):
        liar = Grader(open_model=lambda path, most, lie=lie: lie)
        with graded_by(liar), pytest.raises(ModelRefused, match="damaged"):
            trained.file_size(FILE)
