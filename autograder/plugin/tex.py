"""Formulas of a student, which MathJax sets in the page of the person who grades them."""

import re
from collections.abc import Container

# What reaches beyond the formula: links, names and styles of elements, other parts of MathJax.
_REACHING = (
    "bbox",
    "class",
    "cssId",
    "data",
    "href",
    "includegraphics",
    "mmlToken",
    "require",
    "style",
    "url",
)
# What changes formulas that come after it, those of the instructor as well.
_DEFINING = (
    "DeclareMathOperator", "DeclarePairedDelimiter", "Newextarrow", "def", "edef", "gdef", "global", "let",
    "newcommand", "newenvironment", "newextarrow", "providecommand", "renewcommand",
    "renewenvironment", "xdef",
)  # fmt: skip
_TAG = r"<(?:[^>\"]|\"[^\"]*\")*>"
_COMMAND = r"\\(?P<command>[A-Za-z]+)"
_DEFINED = r"(?:\*?\s{0,9}\{?\s{0,9}\\(?P<name>[A-Za-z]+))?"
_PART = re.compile(f"{_TAG}|{_COMMAND}")
_DEFINITION = re.compile(rf"\\(?:newcommand|providecommand|DeclareMathOperator|def){_DEFINED}")
_USED = re.compile(r"\\([A-Za-z]+)")
_BACKSLASH = "<span>\\</span>"  # MathJax reads no formula across elements


def commands(text: str) -> set[str]:
    """Return the names of the TeX commands in a text."""
    return set(_USED.findall(text))


def is_plain(text: str) -> bool:
    """Tell whether no command in a text reaches beyond its formula or changes others."""
    return not commands(text).intersection(_REACHING + _DEFINING)


def without_reach(html: str, taken: Container[str] | None = None) -> str:
    r"""Let formulas stand as they were written where MathJax would act on their behalf.

    Parameters
    ----------
    html : str
        Cleaned and balanced HTML, in which quotes and angle brackets are escaped.
    taken : container of str, optional
        The commands that a definition may not change: those that the instructor uses. None: there
        may be no definitions.

    Returns
    -------
    str
        The same to a reader; a ``\href`` or the like stands in two elements, so that MathJax does
        not see it.
    """

    def shown(match: re.Match[str]) -> str:
        command = match["command"]
        if command in _REACHING or (command in _DEFINING and not may_define(match)):
            return f"{_BACKSLASH}{command}"
        return match[0]

    def may_define(match: re.Match[str]) -> bool:
        definition = _DEFINITION.match(html, match.start())
        return (
            taken is not None
            and definition is not None
            and definition["name"] is not None
            and definition["name"] not in taken
            and definition["name"] not in _REACHING + _DEFINING
        )

    return _PART.sub(shown, html)
