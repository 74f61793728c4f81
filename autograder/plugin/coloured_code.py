"""Python code in colours, where it is short enough for that."""

from io import StringIO

from IPython.lib.lexers import IPython3Lexer
from pygments.formatters import HtmlFormatter

MAX_CODE = 20_000
MAX_CODE_LINE = 300


def coloured(code: str, css_class: str) -> str:
    """Return code as HTML with Pygments' classes, always read as Python."""
    html = StringIO()
    HtmlFormatter(cssclass=css_class).format(IPython3Lexer().get_tokens(code), html)
    return html.getvalue()


def too_long_for_colours(code: str) -> str:
    """Say why code is not coloured, as some of it would take Pygments minutes; "" where it is."""
    if len(code) > MAX_CODE:
        return f"it has more than {MAX_CODE:,} characters"
    if any(len(line) > MAX_CODE_LINE for line in code.split("\n")):
        return f"it has a line of more than {MAX_CODE_LINE} characters"
    return ""
