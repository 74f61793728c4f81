"""Network files that students of the decoder lab hand in, right ones and others.

Nothing is trained: what has learned something computes what the sample class' network does, in
other layers or with other layers around it.
"""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import keras
from keras import layers

from course.sample_class.decoder import TRAINED
from tests.labs.students.saving import save_with_optimizer

ANY_SIZE, AS_SHOWN, CLASSES = (None, None, 1), (48, 48, 1), 11


@cache
def _of_the_class() -> keras.Model:
    return keras.saving.load_model(TRAINED, compile=False)


def _changed(change: Callable[[dict], None]) -> keras.Model:
    """Build the sample class' network anew, with another configuration and the same weights."""
    config = _of_the_class().get_config()
    change(config)
    model = keras.Model.from_config(config)
    model.set_weights(_of_the_class().get_weights())
    return model


def _logits(path: Path) -> None:
    def linear(config: dict) -> None:
        config["layers"][-1]["config"]["activation"] = "linear"

    _changed(linear).save(path)


def _for_one_size(path: Path) -> None:
    inputs = keras.Input(AS_SHOWN)
    keras.Model(inputs, _of_the_class()(inputs)).save(path)


def _softmax_apart(path: Path) -> None:
    def linear(config: dict) -> None:
        config["layers"][-1]["config"]["activation"] = "linear"

    model = _changed(linear)
    keras.Model(model.inputs, layers.Softmax()(model.outputs[0])).save(path)


def _between(path: Path, layer: Callable[[], layers.Layer]) -> None:
    """Save the network with a layer before it."""
    inputs = keras.Input(ANY_SIZE)
    keras.Model(inputs, _of_the_class()(layer()(inputs))).save(path)


def _with_the_optimizer(path: Path) -> None:
    model = keras.models.clone_model(_of_the_class())
    model.set_weights(_of_the_class().get_weights())
    save_with_optimizer(model, path)


def _one_layer(path: Path, classes: int = CLASSES, background: float = 0) -> None:
    """Save a network that looks at single pixels and has learned nothing."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(ANY_SIZE), layers.Conv2D(classes, 1, activation="softmax")])
    kernel, bias = model.get_weights()
    bias[0] = background
    model.set_weights([kernel * (background == 0), bias])
    model.save(path)


def _untrained(path: Path) -> None:
    keras.utils.set_random_seed(1)
    keras.models.clone_model(_of_the_class()).save(path)


MAKERS: dict[str, Callable[[Path], None]] = {
    "decoder_untrained": _untrained,
    "decoder_logits": _logits,
    "decoder_softmax_apart": _softmax_apart,
    "decoder_for_48_by_48": _for_one_size,
    "decoder_with_the_optimizer": _with_the_optimizer,
    "decoder_with_lambda": partial(_between, layer=lambda: layers.Lambda(lambda x: x * 1.0)),
    "decoder_with_rescaling": partial(_between, layer=lambda: layers.Rescaling(1.0)),
    "decoder_ten_classes": partial(_one_layer, classes=10),
    "decoder_all_background": partial(_one_layer, background=20),
}
