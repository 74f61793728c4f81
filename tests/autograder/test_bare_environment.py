"""A class is graded by what the extra `grading` installs, without a framework of networks."""

import json
import re
import shutil

import pytest

from tests.autograder import bare
from tests.autograder.classroom import ONE_LINE, PLAIN_COURSE

HEAVY = ("tensorflow", "keras", "matplotlib", "sklearn", "scipy", "h5py", "pandas", "torch", "distributed")
README = (bare.ROOT / "README.md").read_text(encoding="utf-8")
EVERY_MODULE = """
import importlib, pkgutil, sys, autograder
left_out = {"autograder.batch.cluster", "autograder.execution.forkserver_process"}
for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
    if module.name not in left_out:
        importlib.import_module(module.name)
print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name)])
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Make the environment, or skip where there is no package index."""
    try:
        return bare.make(tmp_path_factory.mktemp("bare"))
    except bare.NoIndexError as error:
        pytest.skip(f"no package index answers: {str(error).splitlines()[-1]}")


def test_every_module_can_be_imported_and_nothing_heavy_is_there(environment, tmp_path):
    done = environment.run("python", "-c", EVERY_MODULE, *HEAVY, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr


def test_it_is_as_small_as_the_readme_says(environment):
    packages, megabytes = map(int, re.search(r"`\[grading\]`\D+(\d+) packages,\s(\d+) MB", README).groups())
    assert environment.megabytes == pytest.approx(megabytes, rel=0.15)
    assert environment.packages == pytest.approx(packages, rel=0.15)
    assert environment.seconds < 300


def test_a_class_is_released_graded_and_reported(environment, tmp_path):
    shutil.copytree(PLAIN_COURSE / "source", tmp_path / "source")
    (tmp_path / "nbgrader_config.py").write_text(ONE_LINE)

    def autograder(*arguments):
        done = environment.run("autograder", *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr

    autograder("release", "series", "--no-check")
    shutil.copytree(tmp_path / "source" / "series", tmp_path / "submitted" / "ada" / "series")
    shutil.copytree(tmp_path / "release" / "series", tmp_path / "submitted" / "ben" / "series")
    autograder("grade", "series", "--json", "said.json")
    autograder("report", "series")
    said = json.loads((tmp_path / "said.json").read_text())["submissions"]
    assert {one["student"]: one["score"] for one in said} == {"ada": 12, "ben": 0}
    assert "ada" in (tmp_path / "reports" / "series" / "report.html").read_text()
