"""The commands read the settings where nbgrader does, from any folder."""

import os
import subprocess
import sys

import pytest

from autograder.commands.course import open_course

COMMANDS = {
    "grade": ("grade", "lab"),
    "check": ("check", "lab"),
    "release": ("release", "lab"),
    "feedback": ("feedback", "lab"),
    "report": ("report", "lab"),
    "export": ("export", "lab", "--for", "canvas"),
}
USES = "import autograder.plugin\nc = get_config()\nautograder.plugin.configure(c)\n"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Give the folder in which a command is run, where Jupyter finds settings, and the course."""
    folders = [tmp_path / name for name in ("elsewhere", "jupyter", "course")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.chdir(folders[0])
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folders[1]))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folders


def run(command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *COMMANDS[command]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "COLUMNS": "2000"},
        check=False,
    )
    assert done.returncode == 2, done.stdout
    assert len(done.stdout.strip().splitlines()) == 1
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_settings_where_jupyter_has_them_name_the_course(places, command):
    _, jupyter, course = places
    (jupyter / "nbgrader_config.py").write_text(f"{USES}c.CourseDirectory.root = {str(course)!r}\n")
    said = run(command)
    assert str(course) in said  # that there is no gradebook, or no source, in that folder
    assert "nbgrader_config" not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_without_settings_the_places_are_named(places, command):
    elsewhere, jupyter, _ = places
    said = run(command)
    assert f"no nbgrader_config.py in {elsewhere}" in said
    assert str(jupyter) in said


@pytest.mark.parametrize("command", COMMANDS)
def test_settings_that_are_no_program_are_said(places, command):
    (places[0] / "nbgrader_config.py").write_text("c = get_config()\nc.x = = 1\n")
    said = run(command)
    assert "the settings cannot be read: SyntaxError: invalid syntax" in said
    assert "nbgrader_config.py, line 2" in said


def test_settings_of_the_folder_stand_above_those_of_the_machine(places):
    elsewhere, jupyter, course = places
    (jupyter / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(course)!r}\nc.CourseDirectory.course_id = 'one'\n"
    )
    (elsewhere / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'two'\n")
    with open_course("lab", known=False) as api:
        assert (api.coursedir.root, api.coursedir.course_id) == (str(course), "two")
