"""Trained networks as handed in: good files, and bad ones with the reason that each gets."""

import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

Maker = Callable[[], bytes | None]
SIZE = (28, 28, 1)
LIMIT = 200_000
PARAMETERS = 1_427


def network(*stack, shape=SIZE, classes=10):
    """Build a small classifier of these layers."""
    end = [layers.GlobalAveragePooling2D(), layers.Dense(classes, activation="softmax")]
    return keras.Sequential([keras.Input(shape), *(stack or [layers.Conv2D(4, 5, strides=2)]), *end])


def saved(model) -> bytes:
    """What `model.save` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of Keras' own use of NumPy
            model.save(path)
        return path.read_bytes()


def with_member(data: bytes, name: str, change: Callable[[bytes], bytes], method=zipfile.ZIP_STORED) -> bytes:
    """A file with one member changed."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w", method) as file:
        for member in old.namelist():
            content = old.read(member)
            file.writestr(member, change(content) if member == name else content)
    return new.getvalue()


def with_config(data: bytes, change: Callable[[dict], None]) -> bytes:
    """A file whose configuration is changed in place."""

    def edit(content: bytes) -> bytes:
        config = json.loads(content)
        change(config)
        return json.dumps(config).encode()

    return with_member(data, "config.json", edit)


def with_weights(data: bytes, change: Callable[[h5py.File], None]) -> bytes:
    """A file whose HDF5 weights are changed in place."""

    def edit(content: bytes) -> bytes:
        stream = io.BytesIO(content)
        with h5py.File(stream, "r+") as file:
            change(file)
        return stream.getvalue()

    return with_member(data, "model.weights.h5", edit)


def _mine() -> bytes:
    class Mine(layers.Layer):
        def call(self, x):
            return x

    return saved(network(Mine(), layers.Conv2D(4, 5)))


class _Payload:
    def __reduce__(self):
        return print, ("a pickle was read",)


def _pickles() -> bytes:
    file = io.BytesIO()
    np.savez(file, weights=np.array([_Payload()], dtype=object))
    return file.getvalue()


def _replaced(name: str, make: Callable[[h5py.Group], None]) -> Callable[[h5py.File], None]:
    def change(file):
        group = file["layers/dense/vars"]
        del group[name]
        make(group)

    return change


def _declared(group):
    group.create_dataset("0", (10**6, 10**6), "f4", chunks=(1000, 1000), compression="gzip")


def _poisoned() -> bytes:
    model = network()
    model.layers[0].set_weights([w * np.nan for w in model.layers[0].get_weights()])
    return saved(model)


def _code(config):
    config["config"]["layers"][1]["config"]["activation"] = {
        "class_name": "__lambda__",
        "config": {"value": ["4wEAAAA=", None, None]},
    }


def _hidden_numbers() -> bytes:
    mask = np.linspace(0, 1, 784).reshape(SIZE).tolist()
    return saved(network(layers.Rescaling(mask), layers.Conv2D(4, 5)))


@cache
def _plain() -> bytes:
    return saved(network())


def _compiled() -> bytes:
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy")
    return saved(model)


def _functional() -> bytes:
    inputs = keras.Input((None, None, 1))
    shared = layers.Conv2D(1, 3, padding="same")
    return saved(keras.Model(inputs, network(shape=(None, None, 1))(shared(shared(inputs)))))


def _cut(data: bytes) -> bytes:
    return data[:700] + data[:-700]


def _zeros(data: bytes) -> bytes:
    return data + b"\0" * 300_000


def _dataset(**fields) -> Callable[[h5py.Group], None]:
    return lambda group: group.create_dataset("0", **fields)


def _elsewhere(group):
    group["0"] = h5py.ExternalLink("/etc/passwd", "/")


def _with_asset() -> bytes:
    new = io.BytesIO(_plain())
    with zipfile.ZipFile(new, "a") as file:
        file.writestr("assets/code.py", "print('here')")
    return new.getvalue()


def _weights(change: Callable[[h5py.Group], None]) -> Maker:
    return lambda: with_weights(_plain(), _replaced("0", change))


# Files to be taken, by what is special about them.
GOOD: dict[str, Maker] = {
    "plain": _plain,
    "with an optimizer": _compiled,
    "any size, a layer used twice, a model inside": _functional,
}
# Files to be refused, with a part of the reason, by what is wrong with them.
BAD: dict[str, tuple[Maker, str]] = {
    "missing": (lambda: None, "there is no file challenge.keras"),
    "empty": (lambda: b"", "is damaged or no Keras model"),
    "damaged": (lambda: _plain()[:-900], "is damaged or no Keras model"),
    "damaged within": (lambda: with_member(_plain(), "model.weights.h5", _cut), "challenge.keras"),
    "oversized": (lambda: saved(network(layers.Conv2D(100, 28))), "200,000 are allowed"),
    "a bomb of zeros": (
        lambda: with_member(_plain(), "metadata.json", _zeros, zipfile.ZIP_DEFLATED),
        "bytes when unpacked; at most 200,000 are allowed",
    ),
    "pickles": (_pickles, "holds weights.npy"),
    "a file more": (_with_asset, "assets"),
    "a huge dataset declared": (_weights(_declared), "bytes of weights; at most"),
    "weights in another file": (_weights(_elsewhere), "point to another place"),
    "text for weights": (_weights(_dataset(data=b"text")), "not plain numbers"),
    "weights of other shapes": (_weights(_dataset(data=np.ones((3, 3)))), "cannot be opened by Keras"),
    "not finite": (_poisoned, "not finite numbers"),
    "a lambda": (lambda: saved(network(layers.Lambda(lambda x: x), layers.Conv2D(4, 5))), "Lambda"),
    "a class of its own": (_mine, "Mine"),
    "code for an activation": (lambda: with_config(_plain(), _code), "__lambda__"),
    "a layer that is not allowed": (
        lambda: saved(network(layers.Dropout(0.5))),
        "Dropout layer; allowed are",
    ),
    "numbers in the configuration": (_hidden_numbers, "a list of 784 numbers"),
    "too many parameters": (lambda: saved(network(layers.Conv2D(30, 7))), "1,810 parameters"),
    "another input": (lambda: saved(network(shape=(32, 32, 1))), "it takes arrays of shape (32, 32, 1)"),
    "another output": (lambda: saved(network(classes=11)), "it gives arrays of shape (11,)"),
}
