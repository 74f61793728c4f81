"""Comparing the result of a student's function with the expected one, in messages that teach."""

import copy
import logging
import sys
import warnings
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace

from autograder.checks import keras_behaviour
from autograder.checks.case import Computed, Mistake
from autograder.checks.credit import shared_results
from autograder.checks.difference import brief, difference
from autograder.checks.failure import failure
from autograder.checks.grader import current_grader
from autograder.checks.keras_behaviour import SHAPE
from autograder.checks.shortcuts import ShortcutRefused, forbidden

LAYER_TOLERANCE = 20  # layers compute in float32, on every machine a little differently
NO_ANSWER_YET = "is not answered yet: it still raises NotImplementedError"


def agrees(function, case, *, aspects=None, or_like=None):
    """
    Call a student's function as a case says and compare what comes with what is expected.

    Parameters
    ----------
    function : callable
        The student's function.
    case : Case
        What to call it with, what should come, and what known mistakes give.
    aspects : sequence of str, optional
        For layers and models: which of `PARAMETERS`, `SHAPE`, `INFERENCE`, `TRAINING` count; all by default.
    or_like : callable, optional
        For layers and models: another function of the student's. What does the same as that one, and has the
        expected shape, is right as well, so that one slip does not cost points twice.

    Raises
    ------
    AssertionError
        If the function raises or its result differs. The message says what was called, what was expected,
        what came, and which known mistake it looks like.
    ShortcutRefused
        If the function calls a module that `on_your_own` names.
    """
    called = _call_in_words(case)
    came, layers = _result(function, case, called)
    problem = _difference(case, case.expected, came, aspects, show_expected=not case.hidden)
    if problem is None or (or_like is not None and _alike(or_like, case, came, aspects)):
        return
    lines = [called, problem[0].upper() + problem[1:]]
    if layers:
        lines.append(f"Your layers: {layers}.")
    raise failure(*lines, *_looks_like(case, came))


def _looks_like(case, came):
    like = [
        name
        for name, mistake in case.mistakes.items()
        if _difference(case, mistake.result, came, None) is None
    ]
    current_grader.get().record(like)
    found = [f"{name}. {case.mistakes[name].hint}" for name in like]
    if len(found) > 1:
        return ["This looks like one of these known mistakes:", *(f"- {sentence}" for sentence in found)]
    return [f"This looks like a known mistake: {sentence}" for sentence in found]


def _difference(case, expected, came, aspects, show_expected=True):
    if case.how == "call":
        return difference(expected, came, labels=case.labels, show_expected=show_expected)
    chosen = {name: expected[name] for name in aspects or expected}
    return difference(chosen, came, show_expected=show_expected, tolerance=LAYER_TOLERANCE)


def _alike(other, case, came, aspects):
    if _difference(case, case.expected, came, (SHAPE,)) is not None:
        return False
    try:
        like, _ = _result(other, case, _call_in_words(case))
    except AssertionError:
        return False
    return _difference(case, like, came, aspects) is None


def _result(function, case, called):
    """Return what a call gives, and its layers in words; within `partial`, each case is called once."""
    known = shared_results.get()
    if known is None:
        return _computed(function, case, called)
    key = id(function), id(case), forbidden.get()
    if key not in known:  # function and case are kept, so that nothing else gets their ids
        known[key] = function, case, _computed(function, case, called)
    return known[key][-1]


def _computed(function, case, called):
    """Return what a call gives, for layers and models as what the graph does, and its layers in words."""
    args, kwargs = copy.deepcopy((list(case.args.values()), dict(case.kwargs)))
    with _quietly():
        if case.how == "call":
            return _answer(called, function, *args, **kwargs), ""
        import keras  # noqa: PLC0415

        inputs = [keras.Input(x.shape[1:]) for x in _data(case)] if case.how == "layer" else []
        return _behaviour(_answer(called, function, *inputs, *args, **kwargs), inputs, case, called)


def _behaviour(came, inputs, case, called):
    """Return what the layer or model that came does, and its layers in words."""
    import keras  # noqa: PLC0415

    if case.how == "layer":
        if not isinstance(came, keras.KerasTensor):
            raise failure(called, _not_a_tensor(came))
        came = keras.Model(inputs if isinstance(case.x, tuple) else inputs[0], came)
    else:
        if not isinstance(came, keras.Model):
            raise failure(called, _not_a_model(came))
        if other := _other_inputs(came, _data(case)):
            raise failure(called, other)
    return _answer(called, keras_behaviour.of, came, case.x, case.seed), keras_behaviour.in_words(came)


def _data(case):
    return case.x if isinstance(case.x, tuple) else (case.x,)


def _answer(called, function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except ShortcutRefused:
        raise
    except NotImplementedError:
        raise failure(f"{called.partition('(')[0]} {NO_ANSWER_YET}.") from None
    except Exception as error:
        raise failure(called, f"Raised {type(error).__name__}: {error}") from error


def _not_a_tensor(outputs):
    if outputs is None:
        return "Expected the tensor that leaves your last layer, came None. Is a `return` missing?"
    if type(outputs).__module__.startswith("keras") and callable(outputs):
        return (
            f"Expected the tensor that leaves your last layer, came a {type(outputs).__name__} itself. "
            "A layer gives its tensor when it is called on another: Layer(…)(x)."
        )
    return f"Expected the tensor that leaves your last layer, came {brief(outputs)}."


def _not_a_model(model):
    if model is None:
        return "Expected a Keras model, came None. Is a `return` missing?"
    if type(model).__name__ == "KerasTensor":
        return (
            "Expected a Keras model, came the tensor of its last layer. "
            "A model is made from both its ends, inputs and outputs."
        )
    return f"Expected a Keras model, came {brief(model)}."


def _other_inputs(model, data):
    """Say which input of a model is made for another shape; Keras itself computes with any that fits."""
    for tensor, some in zip(getattr(model, "inputs", None) or (), data, strict=False):
        made, given = tuple(tensor.shape[1:]), some.shape[1:]
        if len(made) == len(given) and any(m not in (None, g) for m, g in zip(made, given, strict=True)):
            return f"Expected a model for inputs of shape {given}, came one for {made}."
    return None


def _call_in_words(case):
    given = [f"{name}={brief(value)}" for name, value in case.args.items()]
    given += [f"{name}={brief(value)}" for name, value in case.kwargs.items()]
    if case.how == "layer":
        given = [f"an input of shape {x.shape[1:]}" for x in _data(case)] + given
    then = f", with data of shape {case.x.shape}" if case.how == "model" else ""
    return f"{case.function}({', '.join(given)}){then}:"


@contextmanager
def _quietly():
    """Keep warnings off stderr: a test cell that wrote there would score nothing."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(sys.stdout):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def with_mistakes(case, mistakes):
    """
    Give a case the results of known mistakes, to be computed when an answer is wrong.

    Mistakes that are right in this case, or raise in it, are left out.

    Parameters
    ----------
    case : Case
        A case without mistakes.
    mistakes : dict of str to pair of callable and str
        By name: the mistaken function, and one sentence on what to look at.

    Returns
    -------
    Case
        The same case, recognising these mistakes.
    """
    called = _call_in_words(case)

    def compute():
        found = {}
        for name, (mistaken, _) in mistakes.items():
            try:
                result, _ = _result(mistaken, case, called)
            except AssertionError:  # such as shapes that only fit where two sizes happen to be equal
                continue
            if _difference(case, case.expected, result, None) is not None:
                found[name] = Mistake(result, mistakes[name][1])
        return found

    return replace(case, mistakes=Computed(compute))
