"""What the machine cannot give is named in the run's summary."""

import logging

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.plugin.autograde import SandboxAutograde


@pytest.mark.parametrize("missing", [set(), {"network", "files"}])
def test_the_summary_names_the_layers_that_are_missing(tmp_path, caplog, missing):
    converter = SandboxAutograde(CourseDirectory(root=str(tmp_path)))
    converter.log = logging.getLogger("summary")
    converter.missing_layers = missing
    with caplog.at_level(logging.WARNING, "summary"):
        converter._name_missing_layers()
    assert ("on this machine: files, network" in caplog.text) is bool(missing)
