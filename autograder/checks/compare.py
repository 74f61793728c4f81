"""
What the test cells of a lab call: comparisons whose messages teach.

Students import this, too, so it holds no answers. A visible test takes its cases from a file that is
released with the lab (`examples`), a hidden one from the judge's folder (`judge_only`).
"""

import copy
import importlib.util
import logging
import os
import sys
import textwrap
import warnings
from contextlib import contextmanager, redirect_stderr
from contextvars import ContextVar, copy_context
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from autograder.checks import keras_behaviour
from autograder.checks.case import Case, Computed, Mistake, load
from autograder.checks.difference import brief, difference
from autograder.checks.keras_behaviour import INFERENCE, PARAMETERS, SHAPE, TRAINING

__all__ = [
    "INFERENCE",
    "PARAMETERS",
    "SHAPE",
    "TRAINING",
    "Case",
    "Mistake",
    "ShortcutRefused",
    "agrees",
    "examples",
    "forbidden",
    "import_from",
    "judge_only",
    "on_your_own",
    "partial",
    "refusing",
    "with_mistakes",
]

LAYER_TOLERANCE = 20  # layers compute in float32, on every machine a little differently
NO_ANSWER_YET = "is not answered yet: it still raises NotImplementedError"

forbidden: ContextVar[tuple[str, ...]] = ContextVar("forbidden", default=())
_once: ContextVar[dict | None] = ContextVar("once", default=None)  # within `partial`: what calls gave
examples = load
# Names of the mistakes that wrong answers looked like, in the order found. The judge empties and reads it.
recognised: list[str] = []


class ShortcutRefused(AssertionError):  # noqa: N818 - a refusal, not an error of the program
    """A task was answered by calling code that already does what the task asks for."""

    def _render_traceback_(self):
        return _as_shown(self)


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
    raise _failure(*lines, *_looks_like(case, came))


def _failure(first, *lines):
    """Make the error, in lines that fit: nbgrader's validation cuts off what is longer than 90 characters."""
    options = {"break_long_words": False, "break_on_hyphens": False, "subsequent_indent": "    "}
    first = textwrap.wrap(first, 80 - len("AssertionError: "), **options)
    error = AssertionError("\n".join([*first, *(textwrap.fill(line, 78, **options) for line in lines)]))
    error._render_traceback_ = lambda: _as_shown(error)
    return error


def _as_shown(error):
    """Give what IPython shows of an error: where the student's code raised, if it did, and the message."""
    said = [f"{type(error).__name__}: {error}"]
    raised = error.__cause__
    if raised is None or raised.__traceback__.tb_next is None:
        return said
    from IPython import get_ipython  # noqa: PLC0415

    within = raised.__traceback__.tb_next  # without the call in this module
    return [*get_ipython().InteractiveTB.structured_traceback(type(raised), raised, within), "", *said]


def _looks_like(case, came):
    like = [
        name
        for name, mistake in case.mistakes.items()
        if _difference(case, mistake.result, came, None) is None
    ]
    recognised.extend(name for name in like if name not in recognised)
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
    known = _once.get()
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
            raise _failure(called, _not_a_tensor(came))
        came = keras.Model(inputs if isinstance(case.x, tuple) else inputs[0], came)
    else:
        if not isinstance(came, keras.Model):
            raise _failure(called, _not_a_model(came))
        if other := _other_inputs(came, _data(case)):
            raise _failure(called, other)
    return _answer(called, keras_behaviour.of, came, case.x, case.seed), keras_behaviour.in_words(came)


def _data(case):
    return case.x if isinstance(case.x, tuple) else (case.x,)


def _answer(called, function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except ShortcutRefused:
        raise
    except NotImplementedError:
        raise _failure(f"{called.partition('(')[0]} {NO_ANSWER_YET}.") from None
    except Exception as error:
        raise _failure(called, f"Raised {type(error).__name__}: {error}") from error


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


@contextmanager
def on_your_own(*modules):
    """
    Refuse the student's calls into modules that already do what the task asks for.

    Compute what you expect before the block: a call of the test's own would be refused as well.

    Parameters
    ----------
    *modules : str
        Module names such as ``"sepconv"``; their submodules are meant as well.

    Raises
    ------
    ShortcutRefused
        If a function of these modules is called within the block.
    """
    token = forbidden.set(modules)
    try:
        with refusing(modules):
            yield
    finally:
        forbidden.reset(token)


@contextmanager
def refusing(modules):
    """
    Refuse calls into modules in this thread, as `on_your_own` does, without touching `forbidden`.

    Parameters
    ----------
    modules : sequence of str
        Module names; their submodules are meant as well. Importing them is allowed.

    Raises
    ------
    ShortcutRefused
        At the call, and once more at the end of the block if the student's code swallowed it.
    """

    def inside(frame):
        name = frame.f_globals.get("__name__", "") if frame else ""
        return any(name == module or name.startswith(module + ".") for module in modules)

    refused = []

    def watch(frame, event, _argument):
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        if inside(frame) and not inside(frame.f_back):
            name = f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
            refused.append(
                ShortcutRefused(
                    f"Your answer calls {name}, which already does this task's work. "
                    "Write it yourself; you may use what the task's text allows."
                )
            )
            raise refused[0]

    before = sys.getprofile()
    if modules:
        sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)
        if refused:
            raise refused[0] from None


def partial(points, parts):
    """
    Run the parts of a test and give each its share of the points.

    Make this the last expression of the test cell: nbgrader reads the score from the cell's result. Where
    several parts call `agrees` with the same function and case, the function is called once.

    Parameters
    ----------
    points : int or float
        What the whole test is worth.
    parts : dict of str to callable, or to a pair of a weight and a callable
        Parts by name; a part passes if its callable returns without raising. Weights are 1 by default.

    Returns
    -------
    int or float
        The points earned, between 0 and `points`; whole numbers are ints.
    """
    weighted = {name: part if isinstance(part, tuple) else (1, part) for name, part in parts.items()}
    total = sum(weight for weight, _ in weighted.values())
    earned = 0.0
    context = copy_context()
    context.run(_once.set, {})
    for name, (weight, part) in weighted.items():
        worth = points * weight / total
        try:
            context.run(part)
        except Exception as error:
            reason = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            report = f"failed  {name} (0 of {worth:g}):\n        " + reason.replace("\n", "\n        ")
            print(report, file=_reports())
        else:
            print(f"passed  {name} ({worth:g} of {worth:g})")
            earned += worth
    earned = min(round(earned, 6), points)
    return int(earned) if earned == int(earned) else earned


def _reports():
    """Give the stream that is read: nbgrader's validation shows only stderr, which costs points elsewhere."""
    return sys.stderr if os.environ.get("NBGRADER_EXECUTION") == "validate" else sys.stdout


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


def judge_only(name):
    """
    Import a module that only the judge may read.

    It lies in the folder that ``$AUTOGRADER_JUDGE`` names; without that, in ``solutions/<lab>/judge/`` of the
    first folder above the working directory that has one, where the lab is the working directory's name.

    Parameters
    ----------
    name : str
        The name of the module or package, without ``.py``.

    Returns
    -------
    module

    Raises
    ------
    FileNotFoundError
        If there is no such module.
    """
    return import_from(_judge_folder(), name)


def import_from(folder, name):
    """
    Import a module or package from a folder that is not on Python's path.

    Parameters
    ----------
    folder : str or Path
        Where it lies.
    name : str
        Its name, without ``.py``.

    Returns
    -------
    module

    Raises
    ------
    FileNotFoundError
        If there is no such module.
    """
    folder = Path(folder).resolve()
    package = folder / name / "__init__.py"
    path = package if package.is_file() else folder / f"{name}.py"
    if not path.is_file():
        raise FileNotFoundError(f"no module {name} in the judge's folder {folder}")
    known_as = f"judge_only_{crc32(bytes(path)):08x}_{name}"
    if known_as not in sys.modules:
        within = [str(path.parent)] if path == package else None
        spec = importlib.util.spec_from_file_location(known_as, path, submodule_search_locations=within)
        sys.modules[known_as] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(sys.modules[known_as])
        except BaseException:
            del sys.modules[known_as]
            raise
    return sys.modules[known_as]


def _judge_folder():
    if named := os.environ.get("AUTOGRADER_JUDGE"):
        return Path(named)
    here = Path.cwd()
    for folder in here.parents:
        judge = folder / "solutions" / here.name / "judge"
        if judge.is_dir():
            return judge
    raise FileNotFoundError(
        f"no solutions/{here.name}/judge above {here}: hidden tests run in the instructor's course folder"
    )
