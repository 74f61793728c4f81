"""On macOS and Windows all but grading works, and grading says what to do instead."""

import importlib.util
import os
import subprocess
import sys

import pytest

# Libraries are imported on the system as it is, since their own support of others is not at stake.
# Then the system loses what the other one lacks, and the project is imported.
SYSTEM = """
import ctypes, importlib, os, runpy, signal, socket, sys
system, libraries = sys.argv[1], sys.argv[2].split()
for name in libraries:
    importlib.import_module(name)
LACKING = {
    "darwin": {
        sys: "",
        os: "pidfd_open O_PATH memfd_create sched_getaffinity setresuid setresgid",
        signal: "pidfd_send_signal",
    },
    "win32": {
        os: "pidfd_open O_PATH O_NOFOLLOW O_NONBLOCK O_CLOEXEC memfd_create sched_getaffinity fork "
            "uname geteuid getuid getgid getegid setsid setresuid setresgid setgroups "
            "WNOHANG chown fchmod getpgid killpg",
        signal: "pidfd_send_signal SIGKILL SIGCHLD SIGALRM setitimer ITIMER_REAL",
        socket: "send_fds recv_fds",
    },
}
for module, names in LACKING[system].items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
absent = ["landlockpy", "pyseccomp"]
if system == "win32":
    absent += ["resource", "fcntl", "pwd", "grp", "termios"]
for name in absent:
    sys.modules[name] = None
class Library:
    def __init__(self, name, *_, **__):
        if system == "win32":
            raise TypeError("LoadLibrary() argument 1 must be str, not None")
ctypes.CDLL = Library
sys.platform = system
assert not [name for name in sys.modules if name.partition(".")[0] == "autograder"]
"""
COMMAND_LINE = "click rich.console rich.table nbformat.v4 tempfile subprocess"
SYSTEMS = ("darwin", "win32")
WITH_SHORT_NAMES = pytest.mark.skipif(
    not importlib.util.find_spec("autograder.trained"), reason="only autograder.checks.trained is there"
)


def run(system, code, folder, libraries=COMMAND_LINE):
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", SYSTEM + code, system, libraries],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def command(system, *arguments, folder):
    code = f"""
sys.argv[:] = ["autograder", *{arguments!r}]
runpy.run_module("autograder.cli", run_name="__main__", alter_sys=True)
"""
    return run(system, code, folder)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_doctor_says_what_to_do_instead(system, tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    done = command(system, "doctor", folder=tmp_path)
    assert done.returncode == 1, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    found = next(line for line in lines if line.startswith("!! system "))
    assert found.endswith("grade with stock nbgrader; the engine needs Linux")
    assert any(line.startswith("ok numpy ") for line in lines)
    assert any(line.startswith("ok course secret in this folder there is no course secret") for line in lines)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_doctor_leaves_the_engine_alone(system, tmp_path):
    code = """
from autograder.commands import doctor
assert doctor.main() == 1
print([name for name in sys.modules if name.startswith("autograder.execution")])
"""
    done = run(system, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_command_line_explains_itself(system, tmp_path):
    done = command(system, "--help", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "doctor" in done.stdout


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_course_secret_can_be_made(system, tmp_path):
    done = command(system, "secret", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "course_secret").read_text().strip()) == 64


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_sandbox_can_be_imported(system, tmp_path):
    done = run(system, "import autograder.sandbox, autograder.sandbox.guard, autograder.limits", tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "code",
    [
        "from autograder import checks; checks.agrees",
        "from autograder.checks import trained; trained.trained_model",
        "from autograder.checks import seeds; assert seeds.variant('a task') >= 0",
        pytest.param("import autograder.trained", marks=WITH_SHORT_NAMES),
    ],
)
def test_what_students_import_can_be_imported(system, code, tmp_path):
    done = run(system, code, tmp_path, "numpy keras tensorflow h5py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("system", SYSTEMS)
def test_grading_a_class_is_refused_with_what_to_do_instead(system, tmp_path):
    done = command(system, "grade", "lab", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "Error: grade with stock nbgrader; the engine needs Linux\n"


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_steps_before_and_after_grading_can_be_imported(system, tmp_path):
    names = ("release", "feedback", "report", "export")
    code = "\n".join(f"import autograder.commands.{name}" for name in names)
    done = run(system, code, tmp_path, f"nbgrader.apps {COMMAND_LINE}")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_nbgrader_with_the_plugin_says_that_it_cannot_grade_here(system, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        "import autograder.plugin\nautograder.plugin.configure(get_config())\n"
    )
    code = """
from nbgrader.apps import AutogradeApp
AutogradeApp.launch_instance(["lab"])
"""
    done = run(system, code, tmp_path, "nbgrader.apps subprocess")
    assert done.returncode == 1
    assert "grade with stock nbgrader; the engine needs Linux" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
