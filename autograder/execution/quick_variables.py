"""Keras' variables made in half the time: with one name to TensorFlow.

TensorFlow makes a kernel for the handle of each variable whose name, shape and type it has not seen
yet, which takes longer than all else of a variable. Keras numbers its layers, so each variable has
a new name. Keras' own names and paths of layers and variables stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import Any

from autograder.protocol.libraries import imported

_MAKER = "keras.src.backend.tensorflow.core"
NAME = "variable/"  # a name scope that ends so stands in no other


def made_quickly() -> AbstractContextManager[None]:
    """Have Keras' variables of this thread, and of its forks', be made so within a block.

    Without Keras, or with another backend, nothing is changed.
    """
    tensorflow = imported("tensorflow")
    if tensorflow is None or not hasattr(tensorflow, "variable_creator_scope") or not imported(_MAKER):
        return nullcontext()
    scope: AbstractContextManager[None] = tensorflow.variable_creator_scope(_named_alike)
    return scope


def _named_alike(make_next: Callable[..., Any], **arguments: Any) -> Any:
    """Make a variable; Keras' are named alike, in the place of ``conv2d_3/kernel``."""
    if _is_made_by_keras() and imported("tensorflow").executing_eagerly():
        arguments["name"] = NAME
    return make_next(**arguments)


def _is_made_by_keras() -> bool:
    """Return whether Keras, and no one else, has called TensorFlow for a variable."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("tensorflow."):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") == _MAKER
