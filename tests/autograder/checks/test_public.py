"""The names that notebooks import."""

import subprocess
import sys

import pytest

import autograder.trained
from autograder import checks
from autograder.checks import trained

HEAVY = {
    "keras",
    "tensorflow",
    "h5py",
    "IPython",
    "nbformat",
    "nbgrader",
    "sqlalchemy",
    "matplotlib",
    "scipy",
}


def test_every_public_name_of_the_checks_is_there():
    assert sorted(checks.__all__) == sorted({*checks.__all__})
    assert all(hasattr(checks, name) for name in checks.__all__)


def test_trained_networks_have_a_public_name():
    assert {name: getattr(autograder.trained, name) for name in autograder.trained.__all__} == {
        "ModelRefused": trained.ModelRefused,
        "trained_model": trained.trained_model,
        "file_size": trained.file_size,
    }


@pytest.mark.parametrize(
    ("module", "light"),
    [("autograder", {"numpy", *HEAVY}), ("autograder.checks", HEAVY), ("autograder.trained", HEAVY)],
)
def test_what_students_import_imports_nothing_heavy(module, light):
    code = f"import sys, {module}; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not light & {name.partition(".")[0] for name in imported.stdout.split()}


@pytest.mark.parametrize(
    "call",
    [
        "from autograder.trained import trained_model as f; f('model.keras')",
        "from autograder.trained import file_size as f; f('model.keras')",
        "from autograder.checks import Case, agrees\n"
        "from autograder.checks.case import How\n"
        "agrees(lambda: 1, Case('f', {}, expected={}, how=How.MODEL, x=np.ones((1, 2))))",
    ],
)
def test_without_keras_a_check_of_networks_says_what_to_install(call):
    code = f"import sys; sys.modules['keras'] = None\nimport numpy as np\n{call}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: this check needs Keras, which is not installed: pip install")
    assert '"convolutions-taken-apart[course]"' in last
