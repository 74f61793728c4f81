"""Leave out what would fetch something from elsewhere.

Jupyter Book always loads sphinx-thebe, whose script names a host of its own, and on some pages
twice, which is an error in the browser. No page here is run live, so it goes.
"""


def _without_thebe(app, pagename, templatename, context, doctree):
    def is_thebes(script) -> bool:
        body = script.attributes.get("body") or "" if hasattr(script, "attributes") else ""
        return "thebe" in f"{getattr(script, 'filename', script)}{body}".lower()

    for kind in ("script_files", "css_files"):
        context[kind] = [entry for entry in context[kind] if not is_thebes(entry)]


def setup(app):
    """Sphinx calls this."""
    app.connect("html-page-context", _without_thebe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
