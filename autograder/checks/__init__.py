"""Checks for test cells: comparisons whose messages teach, partial credit, forbidden shortcuts.

Students import this, too, so it holds no answers. A visible test takes its cases from a file that
is released with the lab (`examples`), a hidden one from the judge's folder (`judge_only`).
"""

from autograder.checks.case import Case, Mistake
from autograder.checks.case import load as examples
from autograder.checks.changes import in_place, leaves_alone
from autograder.checks.compare import agrees, nearly_right, slips, with_mistakes
from autograder.checks.credit import partial
from autograder.checks.equality import equals
from autograder.checks.grader import worth_a_look
from autograder.checks.judge_folder import import_from, judge_only
from autograder.checks.keras_behaviour import INFERENCE, MOVED, PARAMETERS, SHAPE, TRAINING, UNTOLD
from autograder.checks.replaced import replaced
from autograder.checks.shortcuts import ShortcutRefused, forbidden, on_your_own, refusing

__all__ = [
    "INFERENCE",
    "MOVED",
    "PARAMETERS",
    "SHAPE",
    "TRAINING",
    "UNTOLD",
    "Case",
    "Mistake",
    "ShortcutRefused",
    "agrees",
    "equals",
    "examples",
    "forbidden",
    "import_from",
    "in_place",
    "judge_only",
    "leaves_alone",
    "nearly_right",
    "on_your_own",
    "partial",
    "refusing",
    "replaced",
    "slips",
    "with_mistakes",
    "worth_a_look",
]
