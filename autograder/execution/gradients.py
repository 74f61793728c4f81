"""Gradients that a test takes through the student's code: they end where the processes do."""

from __future__ import annotations

import sys

WHY = (
    "a gradient does not pass through a call of the student's code (`tf.GradientTape`); let the student's "
    "function return the gradient, or compare with a finite difference"
)


def is_followed() -> bool:
    """Return whether TensorFlow is recording for a gradient now."""
    record = sys.modules.get("tensorflow.python.eager.record")
    return record is not None and bool(record.could_possibly_record())
