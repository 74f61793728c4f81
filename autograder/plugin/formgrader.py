"""The formgrader's server, kept from acting on what students hand in.

nbgrader serves the files of a submission under the same address as the pages that write scores, and
loads the settings of whatever folder a request names. Both are mended in nbgrader's own handlers,
since no configuration reaches them.
"""

from urllib.parse import urlsplit

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from nbgrader.server_extensions.formgrader.base import BaseHandler
from tornado import web

from autograder.plugin.file_types import is_inert
from autograder.plugin.time_zones import UnclearTimeError

FILE_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
_GET, _PUT = "_autograder_get", "_autograder_put"  # nbgrader's own methods, kept on their classes


def guard_handlers() -> None:
    """Let the formgrader's handlers serve submissions without the rights of the person who grades.

    May be called again, by each configuration that is read, and before or after a server starts.
    """
    handlers.SubmissionFilesHandler.set_extra_headers = _set_file_headers
    BaseHandler.exporter = property(_exporter)
    form = handlers.FormgraderHandler
    if not hasattr(form, _GET):
        setattr(form, _GET, form.get)
        form.get = _get_formgrader
    assignment = apihandlers.AssignmentHandler
    if not hasattr(assignment, _PUT):
        setattr(assignment, _PUT, assignment.put)
        assignment.put = _put_assignment


def _set_file_headers(handler: web.StaticFileHandler, path: str) -> None:
    """Serve a file as one that runs nothing; what might is offered to be saved."""
    handler.set_header("Content-Security-Policy", FILE_POLICY)
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Cross-Origin-Resource-Policy", "same-origin")
    if not is_inert(path):
        handler.set_header("Content-Disposition", "attachment")


def _get_formgrader(handler: BaseHandler):
    """Open the formgrader; settings of another folder are loaded only from JupyterLab's own page.

    Those settings are a program. A link in a student's answer may name a folder of the student's.
    """
    if handler.get_argument("path", "") and not _is_asked_by_jupyter(handler):
        raise web.HTTPError(403, "Open this course's formgrader from JupyterLab's menu")
    return getattr(handler, _GET)()


def _put_assignment(handler: BaseHandler, assignment_id: str) -> None:
    """Save an assignment; a due date that may be another is refused in words."""
    try:
        getattr(handler, _PUT)(assignment_id)
    except UnclearTimeError as error:
        raise web.HTTPError(400, f"Due date {error}") from None


def _is_asked_by_jupyter(handler: BaseHandler) -> bool:
    """Tell whether a request comes from the frame in which JupyterLab shows the formgrader.

    Links in answers send no referrer, pages of other hosts another one, and links in a notebook
    that JupyterLab shows open no frame.
    """
    if handler.request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
        return False
    referrer = urlsplit(handler.request.headers.get("Referer", ""))
    pages = tuple(f"{handler.base_url}/{page}" for page in ("lab", "tree", "notebooks", "doc"))
    return referrer.netloc == handler.request.host and referrer.path.startswith(pages)


def _exporter(handler: BaseHandler) -> HTMLExporter:
    """Return nbconvert's exporter with the settings of the course that is open now."""
    return HTMLExporter(config=handler.settings["nbgrader_formgrader"].config)
