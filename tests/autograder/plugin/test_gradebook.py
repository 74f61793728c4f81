"""What our commands leave out of what nbgrader's gradebook says."""

import warnings

import pytest
from sqlalchemy.exc import SAWarning

from autograder.plugin.gradebook import quiet


def warn(text: str, module: str) -> None:
    warnings.warn_explicit(text, SAWarning, "api.py", 1, module=module)


def test_only_nbgraders_own_slip_is_left_out():
    slip = "Object of type <SubmittedAssignment> not in session, add operation will not proceed"
    with quiet():
        warn(slip, "nbgrader.api")
        with pytest.raises(SAWarning, match="Coercing"):
            warn("Coercing Subquery object into a select()", "nbgrader.api")
        with pytest.raises(SAWarning, match="not in session"):
            warn(slip, "somebody.else")
    with pytest.raises(SAWarning, match="not in session"):
        warn(slip, "nbgrader.api")
