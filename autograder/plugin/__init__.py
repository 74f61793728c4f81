"""nbgrader with the engine in the place of its own execution.

In ``nbgrader_config.py``::

    import autograder.plugin

    autograder.plugin.configure(get_config())
"""

from pathlib import Path

from traitlets.config import Config

from autograder.plugin.page_filters import FILTERS

_REPLACED = {
    "Execute": "autograder.plugin.execute.SandboxExecute",
    "SaveAutoGrades": "autograder.plugin.save_grades.SaveGrades",
}
_STEPS = (
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
_HIDE_TESTS = "autograder.plugin.hide_tests.HideTests"
_FEEDBACK = (
    "nbgrader.preprocessors.GetGrades",
    _HIDE_TESTS,
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
)
TEMPLATES = Path(__file__).with_name("templates")


def configure(c: Config) -> None:
    """Let ``nbgrader autograde``, the formgrader's button and the feedback use the engine.

    Parameters
    ----------
    c : traitlets.config.Config
        The configuration that ``get_config()`` returns. Preprocessors that it already lists are
        kept; of those, nbgrader's `Execute` and `SaveAutoGrades` are replaced.
    """
    steps = _listed(c, "Autograde", "autograde_preprocessors") or list(_STEPS)
    c.Autograde.autograde_preprocessors = [_REPLACED.get(_name(step), step) for step in steps]
    feedback = _listed(c, "GenerateFeedback", "preprocessors") or list(_FEEDBACK)
    if _HIDE_TESTS not in feedback:
        feedback.insert(0, _HIDE_TESTS)
    c.GenerateFeedback.preprocessors = feedback
    if "judge" not in (_listed(c, "CourseDirectory", "ignore") or ()):
        c.CourseDirectory.ignore.append("judge")
    c.HTMLExporter.filters = {**FILTERS, **_filters(c)}
    _add_templates(c)
    _replace_converters()
    _read_times(c)
    _mend_names_and_lists()


def _listed(c: Config, section: str, trait: str) -> list | None:
    value = c[section].get(trait) if section in c else None
    return list(value) if isinstance(value, list | tuple) else None


def _filters(c: Config) -> dict:
    filters = c.HTMLExporter.get("filters") if "HTMLExporter" in c else None
    return dict(filters) if isinstance(filters, dict) else {}


def _name(step: str | type) -> str:
    return step.rpartition(".")[2] if isinstance(step, str) else step.__name__


def _add_templates(c: Config) -> None:
    """Put our page around nbgrader's, for the formgrader; `FeedbackPages` does it for feedback."""
    from nbgrader.server_extensions.formgrader import handlers  # noqa: PLC0415

    folders = _listed(c, "HTMLExporter", "extra_template_basedirs") or [handlers.template_path]
    paths = _listed(c, "HTMLExporter", "extra_template_paths") or []
    ours, extensions = str(TEMPLATES), str(Path(handlers.template_path).parents[1])
    c.HTMLExporter.extra_template_basedirs = list(dict.fromkeys([ours, *folders]))
    c.HTMLExporter.extra_template_paths = list(dict.fromkeys([*paths, ours, extensions]))


def _replace_converters() -> None:
    # nbgrader names its converters in code, in these places, so no configuration reaches them.
    from nbgrader.apps import (  # noqa: PLC0415
        api,
        autogradeapp,
        generateassignmentapp,
        generatefeedbackapp,
    )

    from autograder.plugin.autograde import SandboxAutograde  # noqa: PLC0415
    from autograder.plugin.feedback_pages import FeedbackPages  # noqa: PLC0415
    from autograder.plugin.formgrader import guard_handlers  # noqa: PLC0415
    from autograder.plugin.release import Release  # noqa: PLC0415

    api.Autograde = autogradeapp.Autograde = SandboxAutograde
    api.GenerateFeedback = generatefeedbackapp.GenerateFeedback = FeedbackPages
    api.GenerateAssignment = generateassignmentapp.GenerateAssignment = Release
    guard_handlers()


def _read_times(c: Config) -> None:
    from autograder.plugin.timestamps import read_times_with_care  # noqa: PLC0415

    read_times_with_care(c)


def _mend_names_and_lists() -> None:
    from autograder.plugin.class_lists import read_lists_of_spreadsheets  # noqa: PLC0415
    from autograder.plugin.names import take_names_literally  # noqa: PLC0415

    take_names_literally()
    read_lists_of_spreadsheets()
