"""Digits are found, proved whole, and named; what is damaged is refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from sepconv import data


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    """No digits remembered from another test, an empty Keras cache, and no network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(data, "_can_download", lambda: False)
    data.digits.cache_clear()
    yield
    data.digits.cache_clear()


REAL = os.environ.get(data.VARIABLE)
real = pytest.mark.skipif(not REAL, reason=f"{data.VARIABLE} names no MNIST file")


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
    assert data.VARIABLE in digits.source


@real
def test_mnist_in_keras_cache_is_found(monkeypatch, tmp_path):
    monkeypatch.delenv(data.VARIABLE)
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
    monkeypatch.delenv(data.VARIABLE, raising=False)
    digits = data.digits()
    assert not digits.is_mnist
    assert digits.x_train.shape == (1437, 8, 8, 1)
    assert digits.x_test.shape == (360, 8, 8, 1)
    assert (digits.x_train.min(), digits.x_train.max()) == (0, 1)
    assert set(digits.y_train) == set(digits.y_test) == set(range(10))
    assert "scikit-learn" in digits.source
    assert data.digits() is digits
    with pytest.raises(ValueError, match="read-only"):
        digits.x_train[0] = 0


def test_a_damaged_keras_cache_does_not_stop_the_course(monkeypatch, tmp_path):
    monkeypatch.delenv(data.VARIABLE, raising=False)
    cached = tmp_path / "keras" / "datasets" / "mnist.npz"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"half a file")
    assert "scikit-learn" in data.digits().source


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
    monkeypatch.setenv(data.VARIABLE, str(path))
    with pytest.raises(data.DataError, match=words) as caught:
        data.digits()
    assert "\n" not in str(caught.value)
