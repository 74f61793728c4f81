"""What the page needs to classify drawn digits: networks and real digits as plain data."""

import base64
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from sepconv import export
from sepconv.data import digits

SIDE = 28  # of MNIST's images, which the networks take


def drawing_data(networks: Mapping[str, keras.Model], samples: int = 24) -> dict[str, Any]:
    """Write networks and some test digits for the exhibit that classifies drawings.

    Digits that only some of the first two networks classify correctly come first; no two have the
    same label and are classified correctly by the same networks.

    Parameters
    ----------
    networks : mapping of title to keras.Model
        At least one, with inputs of 28x28x1.
    samples : int
        Largest number of digits.

    Returns
    -------
    dict
        `networks`, each as of `sepconv.export` and with its `accuracy` on all test digits,
        `samples` and `source`; it can be written as JSON.

    Raises
    ------
    ValueError
        If there is no network or `samples` is not positive.
    """
    if not networks or samples < 1:
        raise ValueError(f"there must be networks and samples, got {len(networks)} and {samples}")
    test = digits()
    images = of_mnists_size(test.x_test)
    answers = [network.predict(images, batch_size=500, verbose=0).argmax(-1) for network in networks.values()]
    right = np.stack([answer == test.y_test for answer in answers], axis=-1)
    chosen = _differing(right, test.y_test, samples)
    return {
        "networks": [
            export.network(network, title) | {"accuracy": float(right[:, i].mean())}
            for i, (title, network) in enumerate(networks.items())
        ],
        "samples": [
            {
                "label": int(test.y_test[i]),
                "pixels": base64.b64encode(np.uint8(np.rint(images[i] * 255)).tobytes()).decode(),
                "note": _note(list(networks), right[i]),
            }
            for i in chosen
        ],
        "source": f"From the test digits of {test.name}: first those that only some networks "
        "classify correctly.",
    }


def of_mnists_size(images: np.ndarray) -> np.ndarray:
    """Bring the digits that stand in for MNIST to its size; MNIST's own stay.

    Parameters
    ----------
    images : array, (count, height, width, 1)

    Returns
    -------
    array, (count, 28, 28, 1)
    """
    if images.shape[1] == SIDE:
        return images
    return np.pad(keras.ops.image.resize(images, (20, 20)), ((0, 0), (4, 4), (4, 4), (0, 0)))


def _differing(right: np.ndarray, labels: np.ndarray, most: int) -> list[int]:
    """Choose digits, each of another label or pattern: first those on which the networks differ."""
    chosen: list[int] = []
    seen: set[tuple[int, ...]] = set()
    for i in np.argsort(right[:, :2].sum(-1) != 1, kind="stable"):
        pattern = (*map(int, right[i]), int(labels[i]))
        if pattern not in seen and len(chosen) < most:
            seen.add(pattern)
            chosen.append(int(i))
    return chosen


def _note(titles: list[str], right: np.ndarray) -> str:
    """Say which networks classify a digit correctly."""
    correct = [title for title, is_right in zip(titles, right, strict=True) if is_right]
    if not correct:
        return "no network classifies it correctly"
    if len(correct) == len(titles):
        return "all networks classify it correctly"
    return f"only {' and '.join(correct)} {'classifies' if len(correct) == 1 else 'classify'} it correctly"
