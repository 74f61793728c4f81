"""The accounts that a walk makes are gone after it, and nobody else's is touched."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from tests.walks import machine

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="accounts are root's to make")
NAME = "walk-guest"


def test_an_account_ends_with_its_block_and_so_does_what_runs_in_its_name():
    left = None

    def fail() -> None:
        nonlocal left
        with machine.accounts({NAME: "a-password"}, ()):
            left = subprocess.Popen(["sleep", "600"], user=NAME, cwd="/")
            assert machine.home(NAME).is_dir()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert left.wait(20) == -9
    assert not Path("/home", NAME).exists()
    with pytest.raises(KeyError):
        pwd.getpwnam(NAME)


def test_what_a_killed_walk_left_is_removed_and_other_peoples_accounts_are_kept():
    subprocess.run(["useradd", "--comment", machine.MARK, NAME], check=True)
    with machine.accounts({NAME: "a-password"}, ()):
        pass
    subprocess.run(["useradd", "--comment", "somebody", NAME], check=True)
    try:
        with pytest.raises(pytest.skip.Exception, match=NAME), machine.accounts({NAME: "x"}, ()):
            pytest.fail("it was taken over")
        assert pwd.getpwnam(NAME).pw_gecos == "somebody"
    finally:
        subprocess.run(["userdel", NAME], check=True)
