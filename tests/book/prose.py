"""Find digits that somebody typed into a chapter's prose, and lines of prose that are too long."""

import ast
import re
import textwrap
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

# What may be typed, and why.
ALLOWED = [
    r"\d+(×\d+)+",  # the name of a size, as one says it: a 3×3 kernel, 12×12×3
    r"Python \d\.\d+( to \d\.\d+)?",  # versions
    r"\A\d\. ",  # the number of a step, which begins its heading
    r"\bstep \d\b",  # a step that is sent back to
    r"180°",  # how a kernel is rotated
    r"CC BY \d\.\d",  # a licence
    r"HDF5",  # a file format
    r"\bim2col\b",  # an operation
]
# Directives whose body is prose.
PROSE = {"admonition", "note", "tip", "warning", "important", "exercise", "exercise-start", "seealso", "quiz"}

_GENERATED = re.compile(r"^<!-- begin (\w+) -->$.*?^<!-- end \1 -->$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"\s*:[\w-]+:")
_MARKER = re.compile(r"^[\s>]*([-*+:]|\d+\.)?\s+|^[>\s]+")  # before the first word of a line
# Code and roles, formulas, links.
_UNBROKEN = re.compile(r"(\{[\w:-]+\})?(`+).+?\2|\$[^$]+\$|!?\[[^\]]*\]\([^)]*\)")


def parser() -> MarkdownIt:
    """MyST as far as telling prose from the rest needs it."""
    markdown = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_role_plugin, dollarmath_plugin, colon_fence_plugin):
        plugin(markdown)
    return markdown


def _texts(source: str, line: int = 1):
    """Yield each piece of prose with its line: not code, not maths, not roles such as glue."""
    for token in parser().parse(source):
        at = line + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence"):
            name = re.match(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
            if name and name[1] in PROSE:
                yield at, name[2]
                body = re.sub(r"\A(:[\w-]+:.*\n)+", "", token.content)
                yield from _texts(body, at + 1)
        for child in token.children or []:
            if child.type == "text":
                yield at, child.content


def typed_digits(source: str) -> list[str]:
    """Digits in the prose of a MyST page that are not on the list of what may be typed.

    Returns
    -------
    list of str
        "line N: the text", an entry for each.
    """
    found = []
    for line, text in _texts(source):
        rest = re.sub("|".join(ALLOWED), "", text)
        if re.search(r"\d", rest):
            found.append(f"line {line}: {text.strip()}")
    return found


def long_lines(source: str, width: int = 100) -> list[str]:
    """
    Lines of prose that are longer than ``width`` and could be broken.

    Tables, headings, code, formulas, options of directives and what a command generates between the
    marks ``begin`` and ``end`` may be longer; so may one word, such as a link or a role.

    Returns
    -------
    list of str
        "line N: the text", an entry for each.
    """
    kept = _GENERATED.sub(lambda block: "\n" * block[0].count("\n"), source)
    return [f"line {at}: {line}" for at, line in _prose_lines(kept) if _breakable(line, width)]


def _prose_lines(source: str, first: int = 1):
    """Yield the lines of paragraphs and list items, in directives that hold prose as well."""
    lines = source.splitlines()
    for token in parser().parse(source):
        if token.type == "paragraph_open":
            yield from ((first + at, lines[at]) for at in range(*token.map))
        elif token.type in ("fence", "colon_fence"):
            name = re.match(r"\{([\w-]+)\}", token.info.strip())
            if name and name[1] in {*PROSE, "figure", "glossary", "exhibit", "solution"}:
                start, end = token.map[0] + 1, token.map[1] - 1
                body = lines[start:end]
                options = next((at for at, line in enumerate(body) if not _OPTION.match(line)), len(body))
                inner = "\n".join(body[options:])
                yield from _prose_lines(textwrap.dedent(inner), first + start + options)


def _breakable(line: str, width: int) -> bool:
    """Tell whether a line is too long and holds a space at which it can be broken."""
    text = _MARKER.sub("", _UNBROKEN.sub(lambda match: re.sub(r"\s", "_", match[0]), line)).strip()
    return len(line) > width and " " in text


def chapters() -> list[Path]:
    """Pages of the book that are prose for readers."""
    return sorted(p for p in (Path(__file__).parents[2] / "book").glob("*.md"))


_CELL = re.compile(r"^(```+)\{code-cell\}.*\n((?:.*\n)*?)\1$", re.MULTILINE)
_FENCE = re.compile(r"^(```+)python\n((?:.*\n)*?)\1$", re.MULTILINE)
_TAGS = re.compile(r"\A(?:---\n(?:.*\n)*?---\n|(?::.*\n)+)")
_HIDDEN = re.compile(r"\b(remove-cell|remove-input|hide-input|hide-cell)\b")


def _cells(source: str):
    """Yield each code cell of a MyST page: where it begins, its options and its code."""
    for cell in _CELL.finditer(source):
        options = _TAGS.match(cell[2])
        head = options[0] if options else ""
        yield cell.start(), source.count("\n", 0, cell.start(2)) + 1, head, cell[2][len(head) :]


def wide_code(source: str, width: int = 76) -> list[str]:
    """
    Lines of code that a MyST page shows and that are longer than ``width``.

    Cells whose code is removed or folded are not looked at.

    Returns
    -------
    list of str
        "line N: the text", an entry for each.
    """
    shown = [
        (line + head.count("\n"), code) for _, line, head, code in _cells(source) if not _HIDDEN.search(head)
    ]
    shown += [(source.count("\n", 0, fence.start(2)) + 1, fence[2]) for fence in _FENCE.finditer(source)]
    return [
        f"line {first + at}: {text}"
        for first, code in sorted(shown)
        for at, text in enumerate(code.splitlines())
        if len(text) > width
    ]


def begins_with_folded_code(source: str) -> bool:
    """Tell whether a bar that unfolds code is the first that a page shows below its title."""
    for start, _, head, _ in _cells(source):
        if "hide-" not in head:
            continue
        before = re.sub(r"\A---\n.*?\n---\n", "", source[:start], flags=re.DOTALL)
        before = _CELL.sub(lambda cell: "" if "remove-cell" in cell[2] else "shown", before)
        return not re.sub(r"^(#.*|\([\w-]+\)=)$", "", before, flags=re.MULTILINE).strip()
    return False


def listed_pages(source: str) -> list[str]:
    """Names of the pages that a page of the folder `book` links to, as `_toc.yml` writes them."""
    named = re.findall(r"\{doc\}`(?:[^`<]*<)?([^`>]+)>?`", source)
    return [name.removeprefix("../") if name.startswith("../") else f"book/{name}" for name in named]


def imported(source: str) -> list[str]:
    """Dotted names that the code cells of a MyST page import: ``autograder.sandbox.Layer``."""
    names = []
    for _, _, _, code in _cells(source):
        python = "\n".join(line for line in code.splitlines() if not line.startswith(("%", "!")))
        for node in ast.walk(ast.parse(python)):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
