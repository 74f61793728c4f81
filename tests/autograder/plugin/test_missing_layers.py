"""A layer that the machine cannot give is refused, or allowed by the configuration and named."""

import logging

import pytest
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from autograder.plugin import execute
from autograder.plugin.autograde import SandboxAutograde
from autograder.sandbox import Layer, missing_layers


@pytest.fixture
def converter(tmp_path, monkeypatch):
    """Return a function: settings, and layers that the machine lacks → an `SandboxAutograde`."""

    def make(missing=(), **settings):
        monkeypatch.setattr(execute, "missing_layers", lambda readable: tuple(missing))
        config = Config({"SandboxExecute": settings})
        made = SandboxAutograde(CourseDirectory(root=str(tmp_path)), config=config)
        made.log = logging.getLogger("summary")
        return made

    return make


@pytest.mark.parametrize("missing", [set(), {Layer.LANDLOCK, Layer.NAMESPACES}])
def test_the_summary_names_the_layers_that_are_missing(converter, caplog, missing):
    made = converter()
    made.missing_layers = missing
    with caplog.at_level(logging.WARNING, "summary"):
        made._name_missing_layers()
    assert ("allow_missing allows: landlock, namespaces" in caplog.text) is bool(missing)


def test_a_missing_layer_is_refused_before_a_submission_is_looked_for(converter, caplog):
    with pytest.raises(NbGraderException, match=r'allow_missing = \["own user", "landlock"\]'):
        converter([Layer.LANDLOCK, Layer.OWN_USER], allow_missing=["landlock"]).start()
    assert caplog.text.count("as its sandbox lacks: own user.") == 1


def test_what_is_allowed_to_be_missing_is_not_refused(converter):
    made = converter([Layer.LANDLOCK], allow_missing=["landlock"])
    made._require_isolation()
    assert made.settings.spec(nothing(), nothing(), None, None).allow_missing == (Layer.LANDLOCK,)


def test_where_nothing_is_run_nothing_is_refused(converter):
    converter(list(Layer), enabled=False)._require_isolation()


def test_a_name_that_is_no_layers_is_refused():
    with pytest.raises(TraitError, match="allow_missing"):
        execute.SandboxExecute(allow_missing=["firewall"])


def test_this_machine_is_asked(tmp_path):
    assert set(missing_layers([tmp_path])) <= set(Layer)


def nothing():
    return execute.NotebookNode(cells=[])
