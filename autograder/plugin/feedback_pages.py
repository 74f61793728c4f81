"""The students' feedback pages: nbgrader's, complete in themselves and readable on a phone."""

from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.plugin.staged import Staged
from autograder.plugin.timestamps import guarded_timestamps
from autograder.printable import keep_printable

TEMPLATES = str(Path(__file__).with_name("templates"))


class FeedbackPages(Staged, GenerateFeedback):
    """Make nbgrader's feedback pages by a template that stands on top of nbgrader's own."""

    def __init__(self, coursedir=None, **kwargs):
        super().__init__(coursedir=coursedir, **kwargs)
        keep_printable(self.log)
        exporter = self.config.HTMLExporter
        # the template names nbgrader's templates from this folder
        extensions = str(Path(handlers.template_path).parents[1])
        c = Config()
        c.HTMLExporter.extra_template_basedirs = list(
            dict.fromkeys([TEMPLATES, *exporter.extra_template_basedirs])
        )
        c.HTMLExporter.extra_template_paths = [*exporter.extra_template_paths, TEMPLATES, extensions]
        self.update_config(c)

    def start(self) -> None:
        """Make the pages; a submission's own ``timestamp.txt`` stops none of them."""
        with guarded_timestamps(self.coursedir, self.log):
            super().start()
