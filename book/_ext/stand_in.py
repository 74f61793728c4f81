"""Say at the top of a page whose numbers are not MNIST's that they are not.

A build that has no MNIST computes its pages with scikit-learn's digits. It is for those who work on
the book; the published one is built with MNIST (`make book ARGS=--mnist`).
"""

import re

from sepconv.data import digits

USES_DIGITS = re.compile(r"\bdigits\(\)|\b(digit_scenes|drawing_data)\(")
TITLE = re.compile(r"^# .+\n", re.MULTILINE)
NOTE = """
```{{admonition}} Built without MNIST
:class: warning
The numbers and pictures of this copy were computed with {source}. The published book has MNIST's:
where the two differ, believe those.
```
"""


def with_note(text: str, source: str) -> str:
    """Return a page's text with the note below its title, if its code uses the digits."""
    if not USES_DIGITS.search(text):
        return text
    return TITLE.sub(lambda title: title[0] + NOTE.format(source=source), text, count=1)


def _add_note(app, docname, source):
    if app.srcdir.joinpath(f"{docname}.md").exists() and not (data := digits()).is_mnist:
        source[0] = with_note(source[0], data.source)


def setup(app):
    """Sphinx calls this."""
    app.connect("source-read", _add_note)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
