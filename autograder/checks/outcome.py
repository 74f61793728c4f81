"""The outcome of one call of a student's function: what it returned, or what its graph computes."""

from __future__ import annotations

import copy
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from typing import TYPE_CHECKING, Any

from autograder.checks import keras_behaviour
from autograder.checks.case import CallOutcome, Case, How
from autograder.checks.credit import shared_results
from autograder.checks.difference import brief
from autograder.checks.extras import require_keras
from autograder.checks.failure import failure
from autograder.checks.grader import current_grader
from autograder.checks.known_networks import KnownNetwork, MadeNetwork
from autograder.checks.shortcuts import ShortcutRefused, forbidden
from autograder.protocol import keras_graphs, keras_models
from autograder.protocol.bounds import SerializationError
from autograder.protocol.values import TransferError, unusable

if TYPE_CHECKING:
    import keras

NO_ANSWER_YET = "is not answered yet: it still raises NotImplementedError"


def outcome_of(function: Callable[..., Any], case: Case) -> CallOutcome:
    """Call a function as a case says; within `partial`, the same call is made once.

    Parameters
    ----------
    function : callable
        The student's function, or a mistaken one.
    case : Case
        The call.

    Returns
    -------
    CallOutcome

    Raises
    ------
    AssertionError
        If the function raises, or returns no layer or model where the case expects one.
    ShortcutRefused
        If the function calls a module that `on_your_own` names.
    """
    known = shared_results.get()
    if known is None:
        return _computed(function, case)
    key = id(function), id(case), forbidden.get()
    if key not in known:  # function and case are kept, so that nothing else gets their ids
        known[key] = function, case, _computed(function, case)
    outcome: CallOutcome = known[key][-1]
    return outcome


def in_words(case: Case) -> str:
    """Say how a case calls its function, such as ``mean(x=[1, 2]):``."""
    arguments = [f"{name}={brief(value)}" for name, value in (*case.args.items(), *case.kwargs.items())]
    data = ""
    if case.how is How.LAYER:
        arguments = [f"an input of shape {shape}" for shape in case.input_shapes] + arguments
        data = f", with data of shape {_shapes(case)}" if case.any_size else ""
    elif case.how is How.MODEL:
        data = f", with data of shape {_shapes(case)}"
    return f"{case.function}({', '.join(arguments)}){data}:"


def _shapes(case: Case) -> str:
    return " and ".join(str(x.shape) for x in case.inputs)


def _computed(function: Callable[..., Any], case: Case) -> CallOutcome:
    args, kwargs = copy.deepcopy((list(case.args.values()), dict(case.kwargs)))
    with _quietly():
        if case.how is How.CALL:
            return CallOutcome(_call(case, function, *args, **kwargs))
        require_keras()
        import keras  # noqa: PLC0415 - seconds of import that only layers and models need

        inputs = [keras.Input(shape) for shape in case.input_shapes] if case.how is How.LAYER else []
        networks = current_grader.get().networks
        with networks.asking(function, case) if networks else nullcontext() as asked:
            result = _call(case, function, *inputs, *args, **kwargs)
        if isinstance(result, KnownNetwork):
            return result.outcome
        outcome = _behaviour(result, inputs, case)
        if asked:
            asked.keep(outcome)
        return outcome


def _call(case: Case, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function; an error of its own becomes the failure of the case."""
    try:
        return function(*args, **kwargs)
    except ShortcutRefused:
        raise
    except NotImplementedError:
        raise failure(f"{case.function} {NO_ANSWER_YET}.") from None
    except TransferError as error:
        raise _unusable(case, error) from None
    except Exception as error:
        raise failure(in_words(case), f"Raised {type(error).__name__}: {error}") from error


def _behaviour(result: Any, inputs: list[keras.KerasTensor], case: Case) -> CallOutcome:
    """Return what the layer or model that a function gave does."""
    import keras  # noqa: PLC0415

    if case.how is How.LAYER:
        if not isinstance(result, keras.KerasTensor | MadeNetwork):
            raise failure(in_words(case), _not_a_tensor(result))
        try:
            if isinstance(result, MadeNetwork):
                inputs, result = result.on(inputs)
            model = keras.Model(inputs if isinstance(case.x, tuple) else inputs[0], result)
        except Exception:
            raise _unusable(case, unusable(f"`{case.function}`", keras_graphs.APART)) from None
    else:
        if not isinstance(result, keras.Model):
            raise failure(in_words(case), _not_a_model(result))
        model = result
        if sentence := _other_inputs(model, case):
            raise failure(in_words(case), sentence)
    if current_grader.get().open_model is None:  # one kernel refuses what no judge could take
        try:
            keras_models.check_crosses(model)
        except SerializationError as error:
            raise _unusable(case, unusable(f"`{case.function}`", str(error))) from None
    return CallOutcome(
        _call(case, keras_behaviour.of, model, case.x, case.seed), keras_behaviour.in_words(model)
    )


def _unusable(case: Case, error: TransferError) -> AssertionError:
    text = str(error)
    return failure(in_words(case), f"{text[0].upper()}{text[1:]}.")


def _not_a_tensor(result: Any) -> str:
    if result is None:
        return "Expected the tensor that leaves your last layer, came None. Is a `return` missing?"
    if type(result).__module__.startswith("keras") and callable(result):
        return (
            f"Expected the tensor that leaves your last layer, came a {type(result).__name__} itself. "
            "A layer gives its tensor when it is called on another: Layer(…)(x)."
        )
    return f"Expected the tensor that leaves your last layer, came {brief(result)}."


def _not_a_model(result: Any) -> str:
    if result is None:
        return "Expected a Keras model, came None. Is a `return` missing?"
    if type(result).__name__ == "KerasTensor":
        return (
            "Expected a Keras model, came the tensor of its last layer. "
            "A model is made from both its ends, inputs and outputs."
        )
    return f"Expected a Keras model, came {brief(result)}."


def _other_inputs(model: keras.Model, case: Case) -> str:
    """Say which input is made for another shape; Keras itself computes with any that fits."""
    for tensor, x in zip(getattr(model, "inputs", None) or (), case.inputs, strict=False):
        actual, expected = tuple(tensor.shape[1:]), x.shape[1:]
        if len(actual) == len(expected) and any(
            size not in (None, wanted) for size, wanted in zip(actual, expected, strict=True)
        ):
            return f"Expected a model for inputs of shape {expected}, came one for {actual}."
    return ""


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep warnings off stderr: a test cell that wrote there would score nothing."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(sys.stdout):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
