"""The mark of tests that hold a time limit."""

import pytest

# The limit under test is a second or two, which a busy machine may take away from what stays below
# it: such a test is tried twice more, and shown as rerun. No other test is: what fails now and then
# has a race.
timed = pytest.mark.flaky(reruns=2)
