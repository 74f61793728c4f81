"""Libraries that only some checks need, and how they are installed."""

from __future__ import annotations

import importlib.util


def require_keras() -> None:
    """Refuse a check of networks where Keras is not installed.

    Raises
    ------
    ModuleNotFoundError
        With what to install. Under the engine a person then grades the cell.
    """
    try:
        is_there = importlib.util.find_spec("keras") is not None
    except ValueError:  # None in its place
        is_there = False
    if not is_there:
        raise ModuleNotFoundError(
            "this check needs Keras, which is not installed: "
            'pip install "convolutions-taken-apart[course]" brings it with TensorFlow',
            name="keras",
        )
