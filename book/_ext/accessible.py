"""Mend what screen readers trip over in markup that is not ours.

docutils calls a bibliography a list whose children are no list items, and gives these a role that
ARIA has given up.
"""

MENDED = {' role="list" class="citation-list"': ' class="citation-list"', ' role="doc-biblioentry"': ""}


def _mend(app, pagename, templatename, context, doctree):
    for wrong, right in MENDED.items():
        context["body"] = context.get("body", "").replace(wrong, right)


def setup(app):
    """Sphinx calls this."""
    app.connect("html-page-context", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
