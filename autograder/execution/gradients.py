"""Gradients that a test takes through the student's code: they end where the processes do."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Sequence
from typing import Any

from autograder.protocol.libraries import imported
from autograder.protocol.library_data.torch_types import COMPUTED

WHY = (
    "a gradient does not pass through a call of the student's code ({}); let the student's function "
    "return the gradient, or compare with a finite difference"
)
WHY_TAPE, WHY_BACKWARD = WHY.format("`tf.GradientTape`"), WHY.format("PyTorch's `backward`")


def is_followed() -> bool:
    """Return whether TensorFlow is recording for a gradient now."""
    record = sys.modules.get("tensorflow.python.eager.record")
    return record is not None and bool(record.could_possibly_record())


def ended(result: Any, given: Sequence[Any], refuse: Callable[[], None]) -> Any:
    """Return a result in which each tensor of PyTorch's that was computed says where it ends.

    Parameters
    ----------
    result
        What a call of the student's function gave.
    given
        The call's arguments: a gradient with respect to them ends there as well.
    refuse
        Called where the test takes a gradient through such a tensor.
    """
    torch = imported("torch")
    return result if torch is None else _ended(result, torch, given, refuse)


def _ended(value: Any, torch: Any, given: Sequence[Any], refuse: Callable[[], None]) -> Any:
    kind = type(value)  # what a proxy says of its class is asked of the worker
    if kind is tuple:
        parts = [_ended(each, torch, given, refuse) for each in value]
        return value if all(map(operator.is_, parts, value)) else tuple(parts)
    if kind in (list, dict):
        for key, each in [*(enumerate(value) if kind is list else value.items())]:
            value[key] = _ended(each, torch, given, refuse)
        return value
    if not issubclass(kind, torch.Tensor) or not getattr(value, COMPUTED, False):
        return value

    wanted = [each for each in given if isinstance(each, torch.Tensor) and each.requires_grad]
    if not wanted:  # it is of the student's own parameters
        wanted = [torch.zeros((), requires_grad=True)]

    class End(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            return value.detach()

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            refuse()
            return (None,) * len(wanted)

    return End.apply(*wanted)
