"""Digits are found, proved whole, and named; what is damaged is refused."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from sepconv import data


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    """No digits remembered from another test, an empty Keras cache, and no network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(data.mnist, "_can_download", lambda: False)
    for remembered in (data.digits, data.digit_scenes):
        remembered.cache_clear()
    yield
    for remembered in (data.digits, data.digit_scenes):
        remembered.cache_clear()


REAL = os.environ.get(data.MNIST_VARIABLE)
real = pytest.mark.skipif(not REAL, reason=f"{data.MNIST_VARIABLE} names no MNIST file")


@real
def test_the_named_mnist_is_loaded_whole():
    digits = data.digits()
    assert digits.is_mnist
    assert digits.x_train.shape == (60000, 28, 28, 1)
    assert digits.x_test.shape == (10000, 28, 28, 1)
    assert digits.x_train.dtype == np.float32
    assert round(float(digits.x_train.mean(dtype=float)) * 255, 2) == 33.32
    assert (digits.x_train.min(), digits.x_train.max()) == (0, 1)
    assert np.bincount(digits.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.MNIST_VARIABLE in digits.source
    assert digits.name == "MNIST"


@real
def test_mnist_in_keras_cache_is_found(monkeypatch, tmp_path):
    monkeypatch.delenv(data.MNIST_VARIABLE)
    cached = tmp_path / "keras" / "datasets" / "mnist.npz"
    cached.parent.mkdir(parents=True)
    cached.symlink_to(Path(REAL).resolve())
    assert data.digits().source == "MNIST, from Keras' cache"


@real
def test_one_changed_pixel_is_found(tmp_path):
    arrays = dict(np.load(REAL))
    arrays["x_test"][9999, 27, 27] ^= 1
    np.savez(tmp_path / "changed.npz", **arrays)
    with pytest.raises(data.DataError, match=r"changed.npz are not MNIST's \(checksum"):
        data.read_mnist(tmp_path / "changed.npz")


def test_without_mnist_scikit_learns_digits_stand_in(monkeypatch):
    monkeypatch.delenv(data.MNIST_VARIABLE, raising=False)
    digits = data.digits()
    assert not digits.is_mnist
    assert digits.x_train.shape == (1437, 8, 8, 1)
    assert digits.x_test.shape == (360, 8, 8, 1)
    assert (digits.x_train.min(), digits.x_train.max()) == (0, 1)
    assert set(digits.y_train) == set(digits.y_test) == set(range(10))
    assert digits.source.startswith(digits.name)
    assert digits.name == "scikit-learn's handwritten digits"
    assert data.digits() is digits
    with pytest.raises(ValueError, match="read-only"):
        digits.x_train[0] = 0


@real
def test_a_damaged_keras_cache_is_repaired_where_the_file_can_be_fetched(monkeypatch, tmp_path):
    monkeypatch.delenv(data.MNIST_VARIABLE)
    monkeypatch.setattr(data.mnist, "_can_download", lambda: True)
    monkeypatch.setattr(data.mnist, "DOWNLOAD", Path(REAL).resolve().as_uri())
    digest = hashlib.sha256(Path(REAL).read_bytes()).hexdigest()
    monkeypatch.setattr(data.mnist, "DOWNLOAD_SHA256", digest)
    cached = tmp_path / "keras" / "datasets" / "mnist.npz"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"half a file")
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path / "keras"))
    assert data.digits().source == "MNIST, from Keras' download"
    assert hashlib.sha256(cached.read_bytes()).hexdigest() == digest


def test_a_damaged_keras_cache_does_not_stop_the_course(monkeypatch, tmp_path):
    monkeypatch.delenv(data.MNIST_VARIABLE, raising=False)
    cached = tmp_path / "keras" / "datasets" / "mnist.npz"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"half a file")
    source = data.digits().source
    assert "scikit-learn" in source
    assert f"{cached} is damaged" in source


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no MNIST file at .*mine.npz"),
        (b"", "mine.npz is damaged"),
        (b"PK\x03\x04 cut off", "mine.npz is damaged"),
        ({"x_train": np.zeros(3)}, "mine.npz is damaged"),
        (
            {name: np.zeros(3, np.uint8) for name in data.MNIST_SHAPES},
            r"x_train in .* must have shape \(60000, 28, 28\)",
        ),
        ({name: np.array([{}]) for name in data.MNIST_SHAPES}, "mine.npz is damaged"),
    ],
)
def test_a_named_file_that_is_not_mnist_is_refused_in_one_line(monkeypatch, tmp_path, content, words):
    path = tmp_path / "mine.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.savez(path, **content)
    monkeypatch.setenv(data.MNIST_VARIABLE, str(path))
    with pytest.raises(data.DataError, match=words) as caught:
        data.digits()
    assert "\n" not in str(caught.value)


@pytest.fixture(params=[pytest.param("mnist", marks=real), "scikit-learn"])
def _either(request, monkeypatch):
    if request.param == "scikit-learn":
        monkeypatch.delenv(data.MNIST_VARIABLE, raising=False)


@pytest.mark.usefixtures("_either")
def test_scenes_hold_digits_with_their_classes():
    scenes = data.digit_scenes(30, size=(64, 80), max_digits=4)
    assert scenes.images.shape == (30, 64, 80, 1)
    assert scenes.labels.shape == (30, 64, 80)
    assert (scenes.images.dtype, scenes.labels.dtype) == (np.float32, np.int64)
    assert scenes.images.min() >= 0
    assert scenes.images.max() <= 1
    assert set(np.unique(scenes.labels)) <= set(range(data.CLASSES))
    found = [len(set(np.unique(label)) - {data.BACKGROUND}) for label in scenes.labels]
    assert min(found) >= 1
    assert max(found) in (3, 4)
    ink = scenes.labels != data.BACKGROUND
    assert scenes.images[..., 0][ink].min() > 0.29
    assert scenes.images[..., 0][~ink].mean() < 0.25
    assert scenes.source == data.digits().source
    assert scenes.digits == data.digits().name
    with pytest.raises(ValueError, match="read-only"):
        scenes.labels[0] = 1


def test_scenes_are_decided_by_their_arguments_alone():
    first = data.digit_scenes(5, seed=3)
    data.digit_scenes.cache_clear()
    np.random.default_rng().random()
    again = data.digit_scenes(5, seed=3)
    assert first is not again
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.labels, again.labels)
    assert not np.array_equal(first.labels, data.digit_scenes(5, seed=4).labels)
    assert not np.array_equal(first.labels, data.digit_scenes(5, seed=3, split="test").labels)
    assert data.digit_scenes(5, seed=4) is data.digit_scenes(5, seed=4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"count": 0}, "count and max_digits must be positive, got count=0"),
        ({"count": 1, "max_digits": 0}, "max_digits=0"),
        ({"count": 1, "size": 20}, r"size must hold a digit of .* got \(20, 20\)"),
        ({"count": 1, "size": "large"}, "size must be one or two positive integers"),
        ({"count": 1, "split": "validation"}, "split must be 'train' or 'test', got 'validation'"),
    ],
)
def test_bad_arguments_of_scenes_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        data.digit_scenes(**arguments)
