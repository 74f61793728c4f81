"""The environment is made once, and what keeps it from being made is said in one line."""

import importlib.util
import shutil
import subprocess
import sys

import pytest

from course.stamps import ROOT

SCRIPT = ROOT / "course" / "environment.py"
VERSIONS = "ERROR: Could not find a version that satisfies the requirement keras==9 (from versions:"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Load the module with the project's root in a folder of the test's own."""
    spec = importlib.util.spec_from_file_location("environment", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    return module


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 0), (3, 10, 13), (3, 14, 0)])
def test_an_unfit_python_is_named_with_the_fit_ones(environment, version):
    line = environment.unfit(version)
    assert line.startswith(
        f"Python {version[0]}.{version[1]} cannot run the course, which needs 3.11 to 3.13"
    )
    assert "make PYTHON=python3.13" in line
    assert "\n" not in line


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 4), (3, 13, 0, "final", 0)])
def test_a_fit_python_passes(environment, version):
    assert environment.unfit(version) is None


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "python3.8", "python3.10"])
def test_an_old_python_reads_the_script_and_gets_one_line(name):
    python = shutil.which(name)
    if not python or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"no {name} on this machine")
    done = subprocess.run([python, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("course: Python ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("ERROR: Could not find a version\nNewConnectionError: refused", "no package index answered"),
        (
            f"{VERSIONS} none)\nERROR: No matching distribution found for keras==9",
            "no package index answered",
        ),
        (f"{VERSIONS} 3.1)\nERROR: No matching distribution found for keras==9", "pip failed: No matching"),
        ("ERROR: [Errno 28] No space left on device", "the disk is full: free about 4 GB"),
        ("fine\nERROR: something of its own", "pip failed: something of its own"),
        ("", "pip failed: no reason given"),
    ],
)
def test_pips_failure_becomes_one_line(environment, tmp_path, printed, words):
    log = tmp_path / "pip.log"
    log.write_text(printed)
    line = environment.why_not(str(log))
    assert words in line
    assert "\n" not in line


def test_without_an_index_make_says_so(environment, tmp_path, monkeypatch):
    (tmp_path / "requirements.txt").write_text("a-package-that-is-not-installed==1\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    assert "no package index answered" in environment.make()
    assert not (tmp_path / ".venv" / "made-for").exists()


def test_what_is_made_is_not_made_again(environment, tmp_path, monkeypatch):
    (tmp_path / ".venv" / "made-for").write_text(environment.wanted())
    monkeypatch.setattr(environment.subprocess, "call", lambda *_, **__: pytest.fail("work was repeated"))
    assert environment.make() is None
    with (tmp_path / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    monkeypatch.setattr(environment.subprocess, "call", lambda *_, **__: 1)
    assert "failed" in environment.make()


def test_this_python_runs_the_script_in_no_time():
    if not (ROOT / ".venv" / "made-for").exists():
        pytest.skip("the environment in use was not made by make")
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_readme_asks_for_the_same_space_on_disk(environment):
    assert environment.DISK in (ROOT / "README.md").read_text(encoding="utf-8")
