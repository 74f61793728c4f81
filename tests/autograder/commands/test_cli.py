"""The command line: what is set for always, and what is asked for now."""

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.commands import grade


@pytest.fixture
def ordered(monkeypatch):
    """Give the order that a `grade` command line comes to."""
    orders = []
    monkeypatch.setattr(grade, "grade", lambda order: orders.append(order) or 0)

    def order(*words, **environment):
        done = CliRunner().invoke(main, ["grade", "lab", *words], env=environment)
        assert done.exit_code == 0, done.output
        return orders[-1]

    return order


def test_a_machine_can_have_a_scheduler_of_its_own(ordered):
    address = "tls://127.0.0.1:8786"
    assert ordered().scheduler is None
    assert ordered(AUTOGRADER_SCHEDULER=address).scheduler == address
    assert ordered("--scheduler", "tcp://other:1", AUTOGRADER_SCHEDULER=address).scheduler == "tcp://other:1"


def test_workers_of_this_machine_stand_above_its_scheduler(ordered):
    order = ordered("--workers", "3", AUTOGRADER_SCHEDULER="tls://127.0.0.1:8786")
    assert (order.workers, order.scheduler) == (3, None)


def test_workers_and_a_scheduler_at_once_are_refused():
    done = CliRunner().invoke(main, ["grade", "lab", "--workers", "3", "--scheduler", "tcp://a:1"])
    assert done.exit_code == 2
    assert "a cluster's workers say themselves how many" in done.output
