"""A test says the same of an answer in the notebook's one kernel and under the engine."""

import re

import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("keras")

from tests.autograder.conftest import grade

HELPER = "import numpy as np, keras, tensorflow as tf\nfrom keras import layers"
TEST = """
from autograder.checks import compare, keras_behaviour
from autograder.checks.case import Case
x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
right = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
compare.agrees(answer, Case("answer", {{}}, keras_behaviour.of(right, x, 0), how="{how}", x=x))
"""
OWN_LAYER = """
class Own(layers.Layer):
    def call(self, t):
        return keras.ops.softmax(t)
"""
OWN_LAYER_OF_ANOTHER = """
class Around(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
    def call(self, t):
        return keras.ops.softmax(self.inner(t))
"""
OWN_MODEL = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, activation="softmax")
    def call(self, t):
        return self.dense(t)
"""


def model(dense: str, *more: str) -> str:
    parts = ", ".join(["keras.Input((4,))", f"layers.Dense(3{dense})", *more])
    return f"def answer():\n    return keras.Sequential([{parts}])"


def layer(body: str) -> str:
    return f"def answer(t):\n    {body}"


RIGHT = {
    "by name": ("model", model(', activation="softmax"')),
    "by TensorFlow's function": ("model", model(", activation=tf.nn.softmax")),
    "by Keras' operation": ("model", model(", activation=keras.ops.softmax")),
    "by Keras' function": ("model", model(", activation=keras.activations.softmax")),
    "by tf.keras": ("model", model(", activation=tf.keras.activations.softmax")),
    "as a layer": ("model", model("", "layers.Softmax()")),
    "as a layer of a function": ("model", model("", "layers.Activation(tf.nn.softmax)")),
    "a dense layer": ("layer", layer("return layers.Dense(3, activation=tf.nn.softmax)(t)")),
    "an operation": ("layer", layer("return keras.ops.softmax(layers.Dense(3)(t))")),
}
WRONG = {
    "another function": ("model", model(", activation=tf.nn.relu")),
    "a lambda": ("model", model(", activation=lambda t: keras.ops.softmax(t)")),
    "a function": ("model", "def mine(t):\n    return keras.ops.softmax(t)\n" + model(", activation=mine")),
    "a function of a known name": (
        "model",
        "def softmax(t):\n    return t\n" + model(", activation=softmax"),
    ),
    "an initializer": (
        "model", model(", kernel_initializer=lambda shape, dtype=None: keras.ops.ones(shape)"),
    ),
    "a Lambda": ("model", model("", "layers.Lambda(lambda t: keras.ops.softmax(t))")),
    "a layer of one's own": ("model", OWN_LAYER + model("", "Own()")),
    "a layer of one's own around another": (
        "model", OWN_LAYER_OF_ANOTHER + model("", "Around(layers.Dense(3))"),
    ),
    "a model of one's own": ("model", OWN_MODEL + "def answer():\n    return Own()"),
    "a tensor for a model": ("model", "def answer():\n    return layers.Dense(3)(keras.Input((4,)))"),
    "a layer for a model": ("model", "def answer():\n    return layers.Dense(3)"),
    "nothing for a model": ("model", "def answer():\n    keras.Input((4,))"),
    "no answer yet": ("model", "def answer():\n    raise NotImplementedError()"),
    "an error": ("model", "def answer():\n    return layers.Dense(-3)"),
    "another input": (
        "model", "def answer():\n    return keras.Sequential([keras.Input((5,)), layers.Dense(3)])",
    ),
    "no output layer": ("layer", layer("return t")),
    "a layer for a tensor": ("layer", layer("return layers.Dense(3)")),
    "nothing for a tensor": ("layer", layer("layers.Dense(3)(t)")),
    "a tensor of nowhere": ("layer", layer("return layers.Dense(3)(keras.Input((4,)))")),
    "NumPy on a symbolic tensor": ("layer", layer("return np.maximum(t, 0)")),
    "a layer with a function": ("layer", layer("return layers.Dense(3, activation=lambda u: u)(t)")),
    "a layer of one's own on a tensor": ("layer", OWN_LAYER + layer("return Own()(layers.Dense(3)(t))")),
}  # fmt: skip


FORMS = RIGHT | WRONG


def numbered(form: str) -> tuple[str, str]:
    """Return the answer and its test, both with a name of their own: all are in one submission."""
    how, code = FORMS[form]
    name = f"answer_{[*FORMS].index(form)}"
    return re.sub(r"\banswer\b", name, code), re.sub(r"\banswer\b", name, TEST.format(how=how))


def in_one_kernel(code: str, test: str) -> str:
    names = {"__name__": "__main__"}
    try:
        exec(f"{HELPER}\n{code}\n{test}", names)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def by_the_engine(engine):
    answers, tests = zip(*map(numbered, FORMS), strict=True)
    result = grade(
        engine,
        "\n".join(answers),
        *tests,
        helper=HELPER,
        preload=("keras", "tensorflow"),
        memory_bytes=2**31,
        call_seconds=60,
        cell_seconds=60,
        question_seconds=60,
        submission_seconds=300,
    )
    return dict(zip(FORMS, zip(result.scores, result.messages, strict=True), strict=True))


@pytest.mark.parametrize("form", FORMS)
def test_one_kernel_and_the_engine_say_the_same(by_the_engine, form):
    score, message = by_the_engine[form]
    assert message == in_one_kernel(*numbered(form))
    assert score == (form in RIGHT)
