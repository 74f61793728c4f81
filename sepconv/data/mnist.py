"""Handwritten digits: MNIST where it can be had, else those of scikit-learn."""

import hashlib
import os
import socket
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

MNIST_VARIABLE = "SEPCONV_MNIST"
MNIST_SHAPES = {
    "x_train": (60000, 28, 28),
    "y_train": (60000,),
    "x_test": (10000, 28, 28),
    "y_test": (10000,),
}
STAND_IN = "scikit-learn's handwritten digits"
# SHA-256 of the four arrays' bytes in that order, images and labels as uint8.
MNIST_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
# Where keras.datasets.mnist.load_data downloads it from.
DOWNLOAD = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
DOWNLOAD_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


class DataError(RuntimeError):
    """A file of digits that is missing, damaged or not what it should be."""


@dataclass(frozen=True)
class Digits:
    """Handwritten digits, split for training and testing; the arrays are read-only.

    Attributes
    ----------
    x_train, x_test : float32 array, (images, height, width, 1)
        Ink, from 0 (none) to 1 (full).
    y_train, y_test : int64 array, (images,)
        The digit, 0 to 9.
    source : str
        What they are and how they were found, in words for who runs the code.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    source: str

    @property
    def is_mnist(self) -> bool:
        """Return whether these are MNIST's 28×28 images (else scikit-learn's of 8×8)."""
        return bool(self.x_train.shape[1] == MNIST_SHAPES["x_train"][1])

    @property
    def name(self) -> str:
        """Return what readers know these digits by."""
        return "MNIST" if self.is_mnist else STAND_IN


def read_mnist(path: str | Path) -> dict[str, np.ndarray]:
    """Read MNIST in the layout of Keras' `mnist.npz` and verify its checksum.

    Parameters
    ----------
    path : path of the file

    Returns
    -------
    dict
        "x_train", "y_train", "x_test", "y_test": uint8 arrays.

    Raises
    ------
    DataError
        If the file is missing, damaged or holds something else.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"no MNIST file at {path}: put mnist.npz there or unset {MNIST_VARIABLE}")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in MNIST_SHAPES}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(
            f"the MNIST file {path} is damaged ({error}): replace it or unset {MNIST_VARIABLE}"
        ) from error
    digest = hashlib.sha256()
    for name, shape in MNIST_SHAPES.items():
        if arrays[name].shape != shape:
            raise DataError(f"{name} in {path} must have shape {shape}, got {arrays[name].shape}")
        digest.update(np.ascontiguousarray(arrays[name], dtype=np.uint8).data)
    if digest.hexdigest() != MNIST_SHA256:
        raise DataError(
            f"the images in {path} are not MNIST's (checksum {digest.hexdigest()[:12]}…, "
            f"expected {MNIST_SHA256[:12]}…): replace it or unset {MNIST_VARIABLE}"
        )
    return {name: array.astype(np.uint8, copy=False) for name, array in arrays.items()}


def _keras_cache() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def mnist_file() -> Path | None:
    """Path of the file that `digits()` would read MNIST from, if it exists; it is not opened.

    Returns
    -------
    Path or None
        The file that SEPCONV_MNIST names, or Keras' cache.
    """
    path = Path(os.environ.get(MNIST_VARIABLE) or _keras_cache()).absolute()
    return path if path.is_file() else None


def _can_download() -> bool:
    try:
        socket.create_connection((urlsplit(DOWNLOAD).hostname, 443), timeout=3).close()
    except OSError:
        return False
    return True


def _find_mnist() -> tuple[dict[str, np.ndarray] | None, str]:
    """Find MNIST: its arrays and their origin in words, or None and the reason."""
    if named := os.environ.get(MNIST_VARIABLE):
        return read_mnist(named), f"the file that {MNIST_VARIABLE} names"
    cached, reason = _keras_cache(), "MNIST could not be had"
    if cached.is_file():
        try:
            return read_mnist(cached), "Keras' cache"
        except DataError:
            reason = f"{cached} is damaged and could not be downloaded again"
    if not _can_download():
        return None, reason
    from keras.utils import get_file  # noqa: PLC0415 - seconds of import that only this path needs

    try:
        path = get_file(origin=DOWNLOAD, cache_subdir="datasets", file_hash=DOWNLOAD_SHA256)
    except Exception:  # get_file raises bare Exception for every failure
        return None, reason
    return read_mnist(path), "Keras' download"


def _normalized(images: np.ndarray, full_ink: float) -> np.ndarray:
    return (images[..., None] / np.float32(full_ink)).astype(np.float32, copy=False)


def _as_digits(arrays: Mapping[str, np.ndarray], full_ink: float, source: str) -> Digits:
    """Scale images by the value that stands for full ink, and make all arrays read-only."""
    result = Digits(
        _normalized(arrays["x_train"], full_ink),
        arrays["y_train"].astype(np.int64),
        _normalized(arrays["x_test"], full_ink),
        arrays["y_test"].astype(np.int64),
        source,
    )
    for array in (result.x_train, result.y_train, result.x_test, result.y_test):
        array.flags.writeable = False
    return result


@cache
def digits(mnist: bool = True) -> Digits:
    """Load MNIST where it can be had, else scikit-learn's handwritten digits.

    MNIST is looked for in the file that the environment variable SEPCONV_MNIST names, in Keras'
    cache, and at the address that Keras downloads it from; a damaged cache is downloaded again.
    Where it is not found, the 1,797 images of 8×8 pixels that scikit-learn contains are used, the
    last fifth of them for testing.

    Parameters
    ----------
    mnist : bool
        False for scikit-learn's digits even where MNIST can be had.

    Returns
    -------
    Digits
        Loaded once in a process; `source` names them.

    Raises
    ------
    DataError
        If SEPCONV_MNIST names a file that is missing or damaged.

    References
    ----------
    LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998; Alpaydin and Kaynak,
    "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.
    """
    arrays, origin = _find_mnist() if mnist else (None, "MNIST was not asked for")
    if arrays:
        return _as_digits(arrays, 255, f"MNIST, from {origin}")
    from sklearn.datasets import load_digits  # noqa: PLC0415 - only where MNIST is not to be had

    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8).astype(np.float32)
    split = len(images) * 4 // 5
    arrays = {
        "x_train": images[:split],
        "y_train": labels[:split],
        "x_test": images[split:],
        "y_test": labels[split:],
    }
    return _as_digits(arrays, 16, f"{STAND_IN} ({origin})")
